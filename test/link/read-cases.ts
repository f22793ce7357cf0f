import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Files } from './helper.js'

/** A `##` section of a Markdown file: its heading and the code blocks below it. */
export interface Case {
  name: string
  files: Files
}

export interface Theme {
  title: string
  cases: Case[]
}

/*
 * A block ```` ```ts src/a.ts ```` is that file; a block ```` ```ts ```` is the body of a function of `src/handler.ts`:
 */
const before = `import pg from 'pg'
const pool = new pg.Pool()
export async function handler(req: any, id: number, ids: number[], data: any) {
`

/** The themes of the Markdown files in a folder whose names end in `suffix`. */
export function readThemes(folder: string, suffix: RegExp): Theme[] {
  return readdirSync(folder)
    .filter(name => suffix.test(name))
    .sort()
    .map(name => readTheme(readFileSync(join(folder, name), 'utf8')))
}

export function readTheme(text: string): Theme {
  const theme: Theme = { title: '', cases: [] }
  let block: { path: string; lines: string[] } | null = null
  for (const line of text.split('\n')) {
    const current = theme.cases.at(-1)
    const fence = /^```(\w*)\s*(\S*)$/.exec(line)
    if (block && line === '```') {
      const code = `${block.lines.join('\n')}\n`
      if (!current) throw new Error(`code before the first case of ${theme.title}`)
      if (block.path === '') current.files['src/handler.ts'] = `${before}${code}}\n`
      else current.files[block.path] = code
      block = null
    } else if (block) block.lines.push(line)
    else if (fence) block = { path: fence[2]!, lines: [] }
    else if (line.startsWith('## ')) theme.cases.push({ name: line.slice(3), files: {} })
    else if (line.startsWith('# ')) theme.title = line.slice(2)
  }
  return theme
}
