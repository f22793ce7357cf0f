/** The code of a further thread: bundled in `dist/chunks`, beside all others; or the sources, by way of tsx. */
export function workerEntry(): URL {
  const here = import.meta.url
  if (!here.endsWith('.ts')) return new URL('./worker.js', here)
  const tsx = import.meta.resolve('tsx/esm/api')
  const worker = new URL('./worker.ts', here)
  const code = `import { register } from '${tsx}'; register(); await import('${worker}')`
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`)
}
