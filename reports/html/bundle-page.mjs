import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const page = name => fileURLToPath(new URL(`page/${name}`, import.meta.url))

/** The script and the style of the page, as text to be put into it, and the files that went into the script. */
export async function bundlePage() {
  const bundle = await rolldown({
    input: page('main.ts'),
    platform: 'browser',
    resolve: { mainFields: ['module', 'main'], extensionAlias: { '.js': ['.ts', '.js'] } },
    // What the page shares with the reports is free of effects when it loads, so what it doesn't use falls away.
    treeshake: { moduleSideEffects: id => id.endsWith('/page/main.ts') },
  })
  const { output } = await bundle.generate({ format: 'iife', minify: true })
  await bundle.close()
  const style = await readFile(page('style.css'), 'utf8')
  return {
    script: output[0].code.trim().replaceAll('</script', '<\\/script'),
    style: minified(style),
    modules: output[0].moduleIds,
  }
}

/** Without comments and indentation. */
function minified(css) {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};]) ?/g, '$1')
    .trim()
}
