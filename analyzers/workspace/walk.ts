/** The tree below the root, walked once: what to read, what is left out and why. */
import { type Dirent, readdirSync, realpathSync } from 'node:fs'
import { posix, relative, sep } from 'node:path'
import ignore from 'ignore'
import type { Diagnostic } from '../model.js'
import {
  isManifest,
  isNeverEntered,
  kindOf,
  type LeftOutReason,
  reasonOfFile,
  reasonOfFolder,
} from './classify.js'
import { readTrackedPaths } from './git-index.js'
import { type IgnoreRules, isCostly, noIgnoreRules } from './gitignore.js'
import { isOtherSource } from './other-languages.js'
import { readBytes, reasonOf, sizeLimits } from './read.js'
import type { FileKind } from './types.js'

export interface WalkedFile {
  path: string
  kind: FileKind
  /** Git ignores it, and `include` names it: no commit has it. */
  isIgnored?: true
}

export interface Walk {
  /** Sorted by path; of data, all that there is. */
  files: WalkedFile[]
  /** package.json, tsconfig.json, Dockerfile and the like, sorted by path. */
  manifests: string[]
  /** Sources in languages that are not read, sorted by path: only that they are there is of interest. */
  otherSources: string[]
  /** Every folder that was entered; `.` is the root. */
  folders: Set<string>
  /** Symbolic links to places inside the root: link -> target. They are not entered, the target is. */
  links: Record<string, string>
  leftOut: Partial<Record<LeftOutReason, number>>
  diagnostics: Diagnostic[]
}

export interface WalkOptions {
  /** gitignore-style patterns of the config, see `Config`. */
  exclude: string[]
  include: string[]
}

/** The calls to the file system, so that a test can make one of them fail. */
export interface FileSystem {
  readdir(path: string): Dirent[]
}

const realFileSystem: FileSystem = { readdir: path => readdirSync(path, { withFileTypes: true }) }

interface Folder {
  /** `` for the root. */
  path: string
  name: string
  rules: IgnoreRules
  /** Why everything below is left out. It is still walked: to count, and for `include`. */
  reason: LeftOutReason | null
}

/** Walks `root`, an absolute path without links. Never throws for what lies below it. */
export function walk(root: string, options: WalkOptions, fileSystem = realFileSystem): Walk {
  const walked: Walk = {
    files: [],
    manifests: [],
    otherSources: [],
    folders: new Set(),
    links: {},
    leftOut: {},
    diagnostics: [],
  }
  const isExcluded = matcherOf(options.exclude)
  const isIncluded = matcherOf(options.include)
  const isNamed = namedBy(options.include)
  const links: [link: string, target: string][] = []
  const tracked = readTrackedPaths(root)
  const leaveOut = (reason: LeftOutReason): void => {
    walked.leftOut[reason] = (walked.leftOut[reason] ?? 0) + 1
  }

  const pending: Folder[] = [{ path: '', name: '', rules: noIgnoreRules, reason: null }]
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    enter(folder)
  }
  dropCompiledTwins(walked, leaveOut)
  walked.links = Object.fromEntries(links)
  walked.files.sort(byPath)
  walked.manifests.sort()
  walked.otherSources.sort()
  return walked

  function enter(folder: Folder): void {
    let entries: Dirent[]
    try {
      entries = fileSystem.readdir(folder.path === '' ? root : `${root}/${folder.path}`)
    } catch (error) {
      walked.diagnostics.push(unreadable('unreadable-folder', folder.path || '.', error))
      return
    }
    const prefix = folder.path === '' ? '' : `${folder.path}/`
    const names = entries.map(entry => entry.name)
    const reason =
      folder.reason ?? (folder.path === '' ? null : reasonOfFolder(folder.name, folder.path, names))
    const rules = names.includes('.gitignore') ? extendRules(folder) : folder.rules
    walked.folders.add(folder.path || '.')

    for (const entry of entries) {
      const path = prefix + entry.name
      if (entry.isFile()) addFile(path, entry.name, folder.path, rules, reason, names)
      else if (entry.isDirectory()) addFolder(path, entry.name, rules, reason)
      else if (entry.isSymbolicLink()) addLink(path, entry.name, rules, reason)
    }
  }

  function extendRules(folder: Folder): IgnoreRules {
    const path = posix.join(folder.path, '.gitignore')
    return folder.rules.extend(folder.path, () => {
      try {
        const { bytes } = readBytes(`${root}/${path}`, sizeLimits.settings)
        if (bytes === null) throw new Error('it is too large')
        return withoutCostly(path, bytes.toString('utf8'))
      } catch (error) {
        walked.diagnostics.push(unreadable('unreadable-file', path, error))
        return ''
      }
    })
  }

  function withoutCostly(path: string, text: string): string {
    const lines = text.split('\n')
    const kept = lines.filter(line => !isCostly(line))
    if (kept.length < lines.length) {
      const message = 'Holds a pattern with too many wildcards, which is not applied.'
      const line = lines.findIndex(isCostly) + 1
      walked.diagnostics.push({ severity: 'warning', code: 'costly-pattern', message, file: path, line })
    }
    return kept.join('\n')
  }

  function addFolder(path: string, name: string, rules: IgnoreRules, reason: LeftOutReason | null): void {
    if (isNeverEntered(name)) return
    const leftOut = reasonOfPatterns(path, `${path}/`, rules)
    if (leftOut === null) pending.push({ path, name, rules, reason })
    else leaveOut(leftOut)
  }

  function addFile(
    path: string,
    name: string,
    folder: string,
    rules: IgnoreRules,
    folderReason: LeftOutReason | null,
    names: readonly string[],
  ): void {
    const kind = kindOf(name, folder)
    const manifest = folderReason === null && isManifest(path)
    const other = kind === null && folderReason === null && isOtherSource(name)
    if (kind === null && !manifest && !other) return
    const unwanted = reasonOfPatterns(path, path, rules)
    if (unwanted === null && other) walked.otherSources.push(path)
    if (unwanted === null && manifest) walked.manifests.push(path)
    if (kind === null) return
    const builtIn = folderReason ?? reasonOfFile(name, names)
    const reason = unwanted ?? (builtIn !== null && isIncluded(path) ? null : builtIn)
    if (reason !== null) {
      // Nobody expects data to be read.
      if (kind !== 'data') leaveOut(reason)
      return
    }
    const isIgnored = isNamed(path) && !tracked.has(path) && rules.ignores(path)
    walked.files.push({ path, kind, ...(isIgnored && { isIgnored }) })
  }

  /** `pattern` is the path as patterns see it: that of a folder ends in `/`. */
  function reasonOfPatterns(path: string, pattern: string, rules: IgnoreRules): LeftOutReason | null {
    // Tracked first: a look-up, where the rules of a large .gitignore are hundreds of patterns.
    if (!tracked.has(path) && rules.ignores(pattern) && !isNamed(pattern)) return 'ignored'
    return isExcluded(pattern) ? 'excluded' : null
  }

  function addLink(path: string, name: string, rules: IgnoreRules, reason: LeftOutReason | null): void {
    if (isNeverEntered(name) || reason !== null) return
    if (rules.ignores(path) || rules.ignores(`${path}/`) || isExcluded(path)) return
    let target: string
    try {
      target = relative(root, realpathSync(`${root}/${path}`))
        .split(sep)
        .join('/')
    } catch (error) {
      const isLoop = error instanceof Error && 'code' in error && error.code === 'ELOOP'
      const [code, what] = isLoop
        ? ['symlink-loop', 'points to itself']
        : ['symlink-broken', 'points to nothing']
      walked.diagnostics.push(linkDiagnostic(code, path, `The symbolic link ${what}; it is not followed.`))
      return
    }
    if (target === '..' || target.startsWith('../') || target.includes(':')) {
      const message = 'The symbolic link points out of the analysed folder; it is not followed.'
      walked.diagnostics.push(linkDiagnostic('symlink-outside', path, message))
    } else if (target === '' || path.startsWith(`${target}/`)) {
      const message = 'The symbolic link points to a folder that it lies in; it is not followed.'
      walked.diagnostics.push(linkDiagnostic('symlink-loop', path, message))
    } else {
      links.push([path, target])
    }
  }
}

/**
 * Whether patterns name a path, something above it or, of a folder (it ends in `/`), something in it: `src/generated/`. What git
 * ignores is only brought back by name: `*.spec.ts` must not bring all that was ever built.
 */
function namedBy(patterns: string[]): (path: string) => boolean {
  const names = patterns
    .map(pattern => pattern.replace(/\/\*{1,2}$/, '/'))
    .filter(pattern => pattern.replace(/\/$/, '').includes('/') && !/[*?[\]!\\]/.test(pattern))
  if (names.length === 0) return () => false
  const isBelow = matcherOf(names)
  const isAbove = (path: string): boolean =>
    path.endsWith('/') && names.some(name => name.replace(/^\//, '').startsWith(path))
  return path => isBelow(path) || isAbove(path)
}

/** Whether a path matches gitignore-style patterns. */
function matcherOf(patterns: string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false
  const matcher = ignore({ allowRelativePaths: true }).add(patterns)
  return path => matcher.ignores(path)
}

const typeScriptTwins = new Map([
  ['js', ['ts', 'tsx']],
  ['jsx', ['tsx']],
  ['mjs', ['mts']],
  ['cjs', ['cts']],
])

/** Leaves out `x.js` where `x.ts` lies beside it: compiled from it, the same statements twice. */
function dropCompiledTwins(walked: Walk, leaveOut: (reason: LeftOutReason) => void): void {
  const paths = new Set(walked.files.map(file => file.path))
  walked.files = walked.files.filter(file => {
    const dot = file.path.lastIndexOf('.')
    const twins = typeScriptTwins.get(file.path.slice(dot + 1))
    if (!twins?.some(extension => paths.has(file.path.slice(0, dot + 1) + extension))) return true
    leaveOut('compiledTwins')
    return false
  })
}

function byPath(a: WalkedFile, b: WalkedFile): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}

function unreadable(code: string, file: string, error: unknown): Diagnostic {
  return {
    severity: 'warning',
    code,
    message: `Could not be read and is left out: ${reasonOf(error)}`,
    file,
    line: null,
  }
}

function linkDiagnostic(code: string, file: string, message: string): Diagnostic {
  return { severity: 'info', code, message, file, line: null }
}
