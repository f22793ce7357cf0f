/** Cases for the transforms: Markdown files in which code before stands beside code after. */
import { readdirSync, readFileSync } from 'node:fs'

export interface Case {
  title: string
  /** File of the consumer in which the code before stands. */
  file: string
  before: string
  /** Other files that the case needs, by path. */
  beside: Record<string, string>
  /** Null where the code has to stay as it is. */
  after: string | null
  /** Words of the reason for which it is left alone. */
  reason: string | null
  /** The operation's statement, where the case says it. */
  sql: string | null
}

export interface CaseFile {
  name: string
  dialect: 'mysql' | 'postgresql'
  cases: Case[]
}

/** Reads `cases/*.md`: `# … (mysql)` with files that all of them need, then `## title` with a block `ts before`, and a block `ts after` or `Refused: …`; `ts shop/src/x.ts` for a file beside. */
export function readCaseFiles(): CaseFile[] {
  const folder = new URL('cases/', import.meta.url)
  return readdirSync(folder)
    .filter(name => name.endsWith('.md'))
    .sort()
    .map(name => {
      const text = readFileSync(new URL(name, folder), 'utf8')
      const dialect = /^# .*\((mysql|postgresql)\)/m.exec(text)?.[1]
      if (!dialect) throw new Error(`${name} does not say its dialect`)
      const [head, ...sections] = text.split(/^## /m)
      const shared = filesIn(head!)
      return {
        name: name.replace(/\.md$/, ''),
        dialect: dialect as CaseFile['dialect'],
        cases: sections.map((section, at) =>
          readCase(section, `${name.replace(/\.md$/, '')}-${at + 1}`, shared),
        ),
      }
    })
}

function readCase(section: string, name: string, shared: Record<string, string>): Case {
  const title = section.split('\n')[0]!.trim()
  const block = (kind: string): string | null =>
    new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(section)?.[1] ?? null
  const extension = ['ts', 'tsx', 'js', 'cjs', 'mjs'].find(each => block(`${each} before`) !== null)
  const before = block(`${extension} before`)
  const after = block(`${extension} after`)
  const reason = /^Refused: (.*)$/m.exec(section)?.[1] ?? null
  if (before === null) throw new Error(`${title}: no code before`)
  if ((after === null) === (reason === null)) throw new Error(`${title}: either code after, or a reason`)
  return {
    title,
    file: `shop/src/${name}.${extension}`,
    before,
    beside: { ...shared, ...filesIn(section) },
    after,
    reason,
    sql: block('sql')?.trim() ?? null,
  }
}

/** Blocks that say the path of a file. */
function filesIn(text: string): Record<string, string> {
  const blocks = text.matchAll(/^```(?:ts|js|json|sql|yml) (\S*[/.]\S+)\n([\s\S]*?)^```$/gm)
  return Object.fromEntries([...blocks].map(([, path, code]) => [path!, code!]))
}
