/**
 * Builds the package's JavaScript: the command line and the programmatic interface, and in chunks that load when
 * they are needed what these share. One file a module, as the compiler writes it, costs every run the loading of
 * 350 modules: 0.56 s of processor time to map a folder with one file, against 0.22 s from these chunks.
 */
import { chmodSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'rolldown'
import { bundlePage } from './reports/html/bundle-page.mjs'

/**
 * What package.json lists under `dependencies` stays outside: native and WASM code, and what is loaded by `require`
 * in the rare run that needs it; and what users install themselves, under `peerDependencies`. What it lists under
 * `devDependencies` only is taken in.
 */
const { dependencies, peerDependencies } = JSON.parse(
  readFileSync(new URL('package.json', import.meta.url), 'utf8'),
)
const external = Object.keys({ ...dependencies, ...peerDependencies }).map(
  name => new RegExp(`^${name}(?:/|$)`),
)

export default defineConfig({
  input: {
    'bin/seamripper': 'bin/seamripper.ts',
    'analyzers/index': 'analyzers/index.ts',
    'transforms/lift': 'codemods/transforms/jscodeshift.ts',
    // Beside all other chunks, where `analyzers/threads/entry.ts` looks for it.
    'chunks/worker': 'analyzers/threads/worker.ts',
  },
  platform: 'node',
  external,
  // Loading these modules does nothing by itself, so a run loads only those of which it uses something.
  treeshake: {
    moduleSideEffects: [
      { test: /[/\\](?:analyzers|reports|codemods|graphology[\w-]*)[/\\]/, sideEffects: false },
    ],
  },
  resolve: {
    mainFields: ['module', 'main'],
    extensionAlias: { '.js': ['.ts', '.js'] },
    // Its modules; for Node it offers the same as CommonJS, which takes twice as long to load.
    alias: { yaml: fileURLToPath(new URL('../browser/index.js', import.meta.resolve('yaml'))) },
  },
  plugins: [page(), licences(), finish()],
  output: { dir: 'dist', format: 'esm', chunkFileNames: 'chunks/[name].js' },
})

/** Files whose code is in the page's script. */
const pageModules = []

/** Puts the finished script and style of the HTML report in place of the module that would bundle them. */
function page() {
  return {
    name: 'page',
    async load(id) {
      if (!/[/\\]reports[/\\]html[/\\]assets\.ts$/.test(id)) return null
      const { script, style, modules } = await bundlePage()
      pageModules.push(...modules)
      return `export const script = ${JSON.stringify(script)}, style = ${JSON.stringify(style)}`
    },
  }
}

/** Adds the licences of the packages whose code was taken in, as those licences ask for. */
function licences() {
  return {
    name: 'licences',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).flatMap(output =>
        output.type === 'chunk' ? output.moduleIds : [],
      )
      const modules = [...chunks, ...pageModules]
      const folders = new Set(
        modules.flatMap(id => /^.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+/.exec(id)?.[0] ?? []),
      )
      const source = [...folders]
        .sort()
        .map(licenceOf)
        .join(`\n${'-'.repeat(80)}\n\n`)
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-LICENSES.txt', source })
    },
  }
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry))
  const text = file === undefined ? `License: ${license}` : readFileSync(join(folder, file), 'utf8').trim()
  return `${name} ${version}\n\n${text}\n`
}

/**
 * Removes the chunks of earlier builds only now, so that a run that goes on beside the build keeps finding its own; and
 * makes the command executable, which npm does at the first linking only.
 */
function finish() {
  return {
    name: 'finish',
    writeBundle({ dir }, bundle) {
      for (const file of readdirSync(join(dir, 'chunks'))) {
        if (!(`chunks/${file}` in bundle)) rmSync(join(dir, 'chunks', file))
      }
      chmodSync(join(dir, 'bin/seamripper.js'), 0o755)
    },
  }
}
