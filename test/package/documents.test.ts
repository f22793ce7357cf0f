/** The documents say what is so: their excerpts are real output, their links lead somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { seamripper } from '../cli/run.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
]

/** Blocks of output in a document that begin with this line, without the marks of what is left out. */
function excerpts(document: string, firstLine: string): string[] {
  return [...read(document).matchAll(/^```text\n(.*?)^```/gms)]
    .map(block => block[1]!)
    .filter(text => text.startsWith(`${firstLine}\n`))
}

test('excerpts of the map are what npm start prints', () => {
  const { stdout } = seamripper(['map', 'fixtures/nilecare'])
  const found = [...excerpts('README.md', 'Dependency map'), ...excerpts('docs/guide.md', 'Dependency map')]
  expect(found).toHaveLength(2)
  for (const excerpt of found) expect(stdout).toContain(excerpt)
})

test('what is said of rewriting the example is so', () => {
  const { stdout: summary } = seamripper(['map', 'fixtures/nilecare'])
  const { stdout: plan } = seamripper(['rewrite', '--plan', 'fixtures/nilecare'])
  const ofCrossings = /of \d+ crossings: .* by hand;/
  const told = documents.flatMap(document => ofCrossings.exec(read(document)) ?? [])
  const [now] = ofCrossings.exec(summary)!
  expect(told).toEqual([now, now])
  expect(read('docs/commands.md')).toContain(`\n${plan.split('\n')[0]}\n`)
})

test('the excerpt of explain is what it prints', () => {
  const command = 'npx seamripper explain nilecare/charge_master fixtures/nilecare'
  const [excerpt] = excerpts('README.md', `$ ${command}`)
  const { stdout } = seamripper(command.split(' ').slice(2))
  for (const part of excerpt!.replace(`$ ${command}\n`, '').split('…\n')) expect(stdout).toContain(part)
})

test.each(documents)('links of %s', document => {
  // `KINDS[kind](pool)` is code.
  const prose = read(document).replace(/```[\s\S]*?```|`[^`\n]*`/g, '')
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(link => link[1]!)
  for (const link of links.filter(each => !each.startsWith('https://'))) {
    const [path, heading] = link.split('#') as [string, string?]
    const target = path === '' ? document : join(dirname(document), path)
    expect(existsSync(join(root, target)), link).toBe(true)
    if (heading !== undefined) expect(anchorsOf(target), link).toContain(heading)
  }
})

/** Anchors that GitHub gives to the headings of a document. */
function anchorsOf(document: string): string[] {
  return [...read(document).matchAll(/^#+ (.*)$/gm)].map(heading =>
    heading[1]!
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .trim()
      .replaceAll(' ', '-'),
  )
}
