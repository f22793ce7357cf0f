/** Whatever call of the file system fails, and whenever: the tree is as it was. */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Change, Removal } from '../../codemods/changes/changes.js'
import { writeChanges } from '../../codemods/changes/index.js'
import { writeFolder } from './platform.js'

/** The call that fails: the how manieth of which function. */
let failing: { name: string; at: number } | null = null
let counts: Record<string, number> = {}

const { CALLS } = vi.hoisted(() => ({
  CALLS: [
    'openSync',
    'writeFileSync',
    'closeSync',
    'mkdirSync',
    'linkSync',
    'copyFileSync',
    'renameSync',
  ] as const,
}))

vi.mock('node:fs', async original => {
  const real = (await original()) as Record<string, (...all: unknown[]) => unknown>
  const counted = (name: string) => {
    return (...all: unknown[]): unknown => {
      counts[name] = (counts[name] ?? 0) + 1
      if (failing?.name !== name || failing.at !== counts[name]) return real[name]!(...all)
      // What a full disk does: a part is written.
      if (name === 'writeFileSync') real[name]!(all[0], String(all[1]).slice(0, 10))
      if (name === 'closeSync') real[name]!(...all)
      throw Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), { code: 'ENOSPC' })
    }
  }
  return { ...real, ...Object.fromEntries([...CALLS, 'rmSync'].map(name => [name, counted(name)])) }
})

const FILES = { 'a.ts': 'a\n', 'deep/b.ts': 'b\n', 'old/c.ts': 'c\n', 'old/d.ts': 'd\n', 'other.ts': 'x\n' }
const CHANGES: Change[] = [
  { path: 'a.ts', before: 'a\n', after: 'A\n', isGenerated: false },
  { path: 'new/folder/e.ts', before: null, after: 'E\n', isGenerated: true },
  { path: 'deep/b.ts', before: 'b\n', after: 'B\n', isGenerated: false },
  { path: 'new/f.ts', before: null, after: 'F\n', isGenerated: true },
]
const REMOVALS: Removal[] = [
  { path: 'old/c.ts', before: 'c\n' },
  { path: 'old/d.ts', before: 'd\n' },
]

let root: string
beforeAll(() => {
  root = writeFolder(FILES)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Every file and folder, with texts and modes. */
function treeOf(): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  return Object.fromEntries(
    entries.map(entry => {
      const path = join(entry.parentPath, entry.name)
      const text = entry.isFile() ? readFileSync(path, 'utf8') : '/'
      return [path.slice(root.length + 1), `${statSync(path).mode.toString(8)} ${text}`]
    }),
  )
}

function run(fail: typeof failing): string | null {
  counts = {}
  failing = fail
  try {
    writeChanges(root, CHANGES, REMOVALS)
    return null
  } catch (error) {
    return (error as Error).message
  } finally {
    failing = null
  }
}

describe('all or nothing', () => {
  it.each(CALLS.map(name => [name]))('%s', name => {
    const before = treeOf()
    let at = 0
    // Without second names files are copied.
    for (; ; at++) {
      const message = run({ name, at: at + 1 })
      if (message === null) break
      expect(message, `${name} ${at + 1}`).toMatch(/^Nothing was changed: ENOSPC/)
      expect(treeOf(), `${name} ${at + 1}`).toEqual(before)
    }
    expect(at).toBe({ mkdirSync: 2, linkSync: 0, copyFileSync: 0, renameSync: 6 }[name as 'mkdirSync'] ?? 4)
    undo()
    expect(treeOf()).toEqual(before)
  })

  it('copies where a file can have no second name', () => {
    const before = treeOf()
    expect(run({ name: 'linkSync', at: 1 })).toBeNull()
    expect(counts.copyFileSync).toBe(1)
    expect(Object.keys(treeOf()).sort()).toEqual(WRITTEN)
    undo()
    expect(treeOf()).toEqual(before)
  })

  it('says so where all was written, and a file of no more use is left', () => {
    expect(run({ name: 'rmSync', at: 2 })).toMatch(
      /^Everything was written\. Remove what is of no more use:\n.*deep.\.b\.ts\.seamripper-\d+-old$/,
    )
    expect(
      Object.keys(treeOf())
        .filter(path => !path.includes('.seamripper-'))
        .sort(),
    ).toEqual(WRITTEN)
  })
})

const WRITTEN = ['a.ts', 'deep', 'deep/b.ts', 'new', 'new/f.ts', 'new/folder', 'new/folder/e.ts', 'other.ts']

/** Back to the files of the beginning. */
function undo(): void {
  rmSync(root, { recursive: true, force: true })
  root = writeFolder(FILES)
}
