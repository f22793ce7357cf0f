/** Git as the gate needs it: started without a shell, with nothing of a hostile repository's own that could run. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { shellWord } from '../../shell-word.js'
import { GateError } from '../gate-error.js'

const MAX_OUTPUT = 1 << 30

/** Of a file that is read as a text. */
const LARGEST_TEXT = 1 << 26

/** Paths are taken as they are, hooks and file system monitors are not started, paths come out unquoted. */
const SAFE = [
  '--literal-pathspecs',
  '--no-optional-locks',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.quotePath=false',
  '-c',
  'log.showSignature=false',
]

/** Of `git diff`: no program of the repository's configuration shows or converts a file. */
const PLAIN_DIFF = ['--no-ext-diff', '--no-textconv', '--no-color', '--relative', '-M', '-l5000']

/** Lines of a file, from the first to the last. */
export interface LineRange {
  from: number
  to: number
}

/** A file of a commit, and the repository that holds it: that of a submodule, for what lies in one. */
export interface CommittedFile {
  git: Git
  mode: string
  object: string
  size: number
  path: string
}

/** A merge of two commits. */
export interface Merge {
  /** Null while it is under way. */
  commit: string | null
  /** What it merged into, and what. */
  sides: [string, string]
}

/** The repository that holds a path. */
export interface Holder {
  git: Git
  /** Of the submodule that it is; null for the repository at hand. */
  folder: string | null
  /** The path in it. */
  inside: string
}

/** The mode of a submodule's commit among the files of a repository. */
const SUBMODULE = '160000'

/**
 * Git in one folder, which may be a part of the repository; paths are relative to that folder. What lies in a submodule is
 * asked of the submodule's own repository, if it is checked out.
 */
export class Git {
  private readonly worktreeRenames = new Map<string, Map<string, string>>()
  /** Renames of commits that were looked at, by old path. */
  private readonly renamesOfCommit = new Map<string, Map<string, string>>()
  private indexFolder: string | null = null
  private submodules: Map<string, Git> | null = null

  private constructor(private readonly root: string) {}

  /** Gives git of the repository that holds the folder, or null if none does, and tidies up after its use. */
  static async use<T>(root: string, use: (git: Git | null) => Promise<T>): Promise<T> {
    const git = new Git(root)
    try {
      // A folder that is none, and a system without git, are errors of starting it.
      const { status, error } = git.spawn(['rev-parse', '--is-inside-work-tree'])
      return await use(error === undefined && status === 0 ? git : null)
    } finally {
      git.tidy()
    }
  }

  private tidy(): void {
    if (this.indexFolder !== null) rmSync(this.indexFolder, { recursive: true, force: true })
    for (const submodule of this.submodules?.values() ?? []) submodule.tidy()
  }

  /** By folder, those that are checked out: there, `git` is in a repository of its own. */
  private checkedOut(): Map<string, Git> {
    if (this.submodules !== null) return this.submodules
    const staged = (this.read(['ls-files', '--stage', '-z']) ?? '').split('\0')
    const folders = staged.flatMap(entry => (entry.startsWith(SUBMODULE) ? [entry.split('\t')[1]!] : []))
    const found = folders
      .filter(folder => existsSync(join(this.root, folder, '.git')))
      .map(folder => [folder, new Git(join(this.root, folder))] as const)
    this.submodules = new Map(found.filter(([, git]) => git.read(['rev-parse', '--show-prefix']) === '\n'))
    return this.submodules
  }

  /** The submodule that holds a path, its folder, and the path in it; null where it is this repository's own. */
  private submoduleOf(path: string): { git: Git; folder: string; inside: string } | null {
    for (const [folder, git] of this.checkedOut()) {
      if (path.startsWith(`${folder}/`)) return { git, folder, inside: path.slice(folder.length + 1) }
    }
    return null
  }

  /** The repository that holds a path: what is asked about commits and merges of it is asked there. */
  holderOf(path: string): Holder {
    return this.submoduleOf(path) ?? { git: this, folder: null, inside: path }
  }

  /** The commit of a submodule that belongs to one of this repository; null if it was not there. */
  private commitIn(folder: string, commit: string): string | null {
    const [entry] = this.listed(['ls-tree', '-l', '-z', commit, '--', folder])
    return entry?.mode === SUBMODULE ? entry.object : null
  }

  /**
   * The commit that the work since a revision began from: its merge base with HEAD.
   *
   * @throws GateError if there is none
   */
  mergeBase(ref: string): string {
    const commit = this.commitOf(ref)
    const base = this.read(['merge-base', commit, 'HEAD'])?.trim()
    if (base) return base
    throw new GateError(
      this.isShallow()
        ? `This clone is shallow: it does not reach back to where the work since ${ref} began. ${UNSHALLOW}`
        : `${ref} and HEAD have no commit in common, so there is no change between them to judge.`,
    )
  }

  /** @throws GateError if there is no such commit */
  commitOf(ref: string): string {
    // A revision is never an option, whatever it says.
    if (ref === '' || ref.startsWith('-') || ref.includes('\0')) {
      throw new GateError(`"${ref}" is no revision. Give a branch, a tag or a commit, such as origin/main.`)
    }
    // No branch ends so: a variable of a CI system was put behind it, and is empty outside of pull requests.
    if (ref.endsWith('/')) {
      throw new GateError(
        `"${ref}" is no revision: nothing stands behind its /. A variable of the CI system that is put there, such as github.base_ref, may be set for pull requests only.`,
      )
    }
    const commit = this.read(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`])?.trim()
    if (commit && /^[0-9a-f]{40,64}$/.test(commit)) return commit
    if (this.read(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']) === null) {
      throw new GateError('This repository has no commit yet, so there is nothing to compare with.')
    }
    const remote =
      this.read(['rev-parse', '--verify', '--quiet', `origin/${ref}^{commit}`]) === null
        ? null
        : `origin/${ref}`
    throw new GateError(
      `There is no revision ${ref} here.${
        remote !== null
          ? ` Did you mean ${remote}?`
          : ` ${this.unshallow ?? `Fetch it first: git fetch origin ${shellWord(ref.replace(/^origin\//, ''))}`}`
      }`,
    )
  }

  private isShallow(): boolean {
    return this.read(['rev-parse', '--is-shallow-repository'])?.trim() === 'true'
  }

  /** What to do where something old is missing: in a shallow clone it may only be out of sight. Else null. */
  get unshallow(): string | null {
    return this.isShallow() ? `This clone is shallow. ${UNSHALLOW}` : null
  }

  /** Day of a commit, `YYYY-MM-DD`, in UTC. */
  dateOf(commit: string): string {
    const seconds = this.read(['show', '--no-patch', '--format=%ct', commit])?.trim()
    return new Date(Number(seconds) * 1000).toISOString().slice(0, 10)
  }

  /** How many commits lie behind one, along the first parents. */
  commitsBefore(ref: string): number {
    const commits = Number(this.read(['rev-list', '--count', '--first-parent', ref]) ?? '1')
    return Math.max(commits - 1, 0)
  }

  /** Tags of commits that HEAD comes after, oldest first. */
  tags(): string[] {
    const format = '--format=%(refname:strip=2)'
    const text = this.read(['for-each-ref', format, '--merged=HEAD', '--sort=creatordate', 'refs/tags'])
    return (text ?? '').split('\n').filter(tag => tag !== '')
  }

  /** How many tags there are, whatever HEAD comes after. */
  allTags(): number {
    const text = this.read(['for-each-ref', '--format=%(objecttype)', 'refs/tags'])
    return (text ?? '').split('\n').filter(line => line !== '').length
  }

  /**
   * Files of a commit, with those of submodules that are checked out now, as they were then.
   *
   * @throws GateError if a submodule does not have the commit that it was at
   */
  filesAt(commit: string): CommittedFile[] {
    return this.listed(['ls-tree', '-r', '-l', '-z', commit]).flatMap(file => {
      const submodule = file.mode === SUBMODULE ? this.checkedOut().get(file.path) : undefined
      if (submodule === undefined) return file.mode === SUBMODULE ? [] : [file]
      if (submodule.read(['cat-file', '-e', `${file.object}^{commit}`]) === null) {
        throw new GateError(
          `The submodule ${file.path} does not have ${file.object.slice(0, 12)}, its commit in ${commit.slice(0, 12)}. ${
            submodule.unshallow ?? `Fetch it first: git -C ${shellWord(file.path)} fetch`
          }`,
        )
      }
      return submodule.filesAt(file.object).map(each => ({ ...each, path: `${file.path}/${each.path}` }))
    })
  }

  /** What `git ls-tree -l -z` tells. */
  private listed(words: string[]): CommittedFile[] {
    return (this.read(words) ?? '').split('\0').flatMap(entry => {
      const [, mode, object, size, path] = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(entry) ?? []
      return path === undefined ? [] : [{ git: this, mode: mode!, object: object!, size: Number(size), path }]
    })
  }

  /** Text of a file as a commit has it; null where it has none, or one that is too large to be read. */
  textAt(commit: string, path: string): string | null {
    const [file] = this.listed(['ls-tree', '-l', '-z', commit, '--', path])
    const isText = file?.path === path && file.mode.startsWith('100') && file.size <= LARGEST_TEXT
    return isText ? this.contents([file.object])[0]!.toString('utf8') : null
  }

  /** The commit that is checked out; null where there is none yet. */
  head(): string | null {
    return this.read(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])?.trim() || null
  }

  /** Whether the folder is as HEAD has it, with no new files; those that git ignores don't count. */
  isClean(): boolean {
    return this.read(['status', '--porcelain', '--untracked-files=all', '--', '.']) === ''
  }

  /** Commits that changed a file, along the first parents, the newest first. */
  commitsOf(path: string, most: number): string[] {
    const words = ['rev-list', '--first-parent', `--max-count=${most}`, 'HEAD', '--', path]
    return (this.read(words) ?? '').split('\n').filter(commit => commit !== '')
  }

  /** The first parent of a commit; null where it has none, or the clone does not reach back to it. */
  parentOf(commit: string): string | null {
    return this.read(['rev-parse', '--verify', '--quiet', `${commit}^1^{commit}`])?.trim() || null
  }

  /** Contents of objects, in the order given. */
  contents(objects: readonly string[]): Buffer[] {
    const { stdout } = this.spawn(['cat-file', '--batch'], { input: `${objects.join('\n')}\n` })
    const found: Buffer[] = []
    for (let at = 0; found.length < objects.length; ) {
      const end = stdout.indexOf(0x0a, at)
      const size = Number(/^[0-9a-f]+ blob (\d+)$/.exec(stdout.toString('latin1', at, end))?.[1])
      if (end === -1 || Number.isNaN(size))
        throw new Error('git cat-file did not give what git ls-tree listed')
      found.push(stdout.subarray(end + 1, end + 1 + size))
      at = end + 1 + size + 1
    }
    return found
  }

  /**
   * The text of a file that both sides of a merge began from: of the merge, rebase or the like that is under way, also where
   * the file was added to the index meanwhile, or of the one that HEAD is. Null where there is none.
   */
  ancestorInMerge(path: string): string | null {
    const submodule = this.submoduleOf(path)
    if (submodule !== null) return submodule.git.ancestorInMerge(submodule.inside)
    const staged = this.read(['cat-file', 'blob', `:1:./${path}`])
    if (staged !== null) return staged
    const base = this.baseOfMerge()
    return base === null ? null : this.textAt(base, path)
  }

  /** The commit that both sides of the merge that is under way, or that HEAD is, began from; null without one. */
  private baseOfMerge(): string | null {
    const verified = (name: string) => this.read(['rev-parse', '--verify', '--quiet', name])?.trim() || null
    const between = (ours: string, theirs: string) =>
      verified(theirs) === null ? null : this.read(['merge-base', ours, theirs])?.trim() || null
    return (
      between('HEAD', 'MERGE_HEAD') ??
      verified('REBASE_HEAD^') ??
      verified('CHERRY_PICK_HEAD^') ??
      verified('REVERT_HEAD') ??
      between('HEAD^1', 'HEAD^2')
    )
  }

  /** Merges of two commits: the one that is under way, then those behind HEAD, the newest first. */
  merges(most: number): Merge[] {
    const head = this.head()
    const merged = this.read(['rev-parse', '--verify', '--quiet', 'MERGE_HEAD'])?.trim() || null
    const words = ['rev-list', '--merges', '--parents', `--max-count=${most}`, 'HEAD']
    const listed = (this.read(words) ?? '').split('\n').flatMap((line): Merge[] => {
      const [commit, ours, theirs, ...more] = line.split(' ')
      return commit && ours && theirs && more.length === 0 ? [{ commit, sides: [ours, theirs] }] : []
    })
    return head !== null && merged !== null ? [{ commit: null, sides: [head, merged] }, ...listed] : listed
  }

  /** The commit that two began from; null where there is none, or the clone does not reach back to it. */
  commonAncestor(ours: string, theirs: string): string | null {
    return this.read(['merge-base', ours, theirs])?.trim() || null
  }

  /** Files that were renamed between a commit and the working tree, new files included: old path to new path. */
  renamesSince(commit: string): Map<string, string> {
    let renames = this.worktreeRenames.get(commit)
    if (renames === undefined) {
      const words = ['diff', ...PLAIN_DIFF, '--name-status', '--diff-filter=R', '-z', commit, '--']
      renames = renamesIn(this.read(words, this.withAllFiles()))
      for (const [folder, git] of this.checkedOut()) {
        const then = this.commitIn(folder, commit)
        for (const [from, to] of then === null ? [] : git.renamesSince(then))
          renames.set(`${folder}/${from}`, `${folder}/${to}`)
      }
      this.worktreeRenames.set(commit, renames)
    }
    return renames
  }

  /** What a file was renamed to in the commit that took it away, looking back from a commit; null if none did. */
  renamedTo(path: string, from: string): string | null {
    const submodule = this.submoduleOf(path)
    if (submodule !== null) {
      const { git, folder, inside } = submodule
      const then = from === 'HEAD' ? from : this.commitIn(folder, from)
      const renamed = then === null ? null : git.renamedTo(inside, then)
      return renamed === null ? null : `${folder}/${renamed}`
    }
    // One commit may rename a thousand files: history is walked for the first of them.
    for (const renames of this.renamesOfCommit.values()) if (renames.has(path)) return renames.get(path)!
    const search = ['log', '-1', '--format=%H', '--no-renames', '--diff-filter=D', from, '--', path]
    const commit = this.read(search)?.trim()
    if (!commit || this.renamesOfCommit.has(commit)) return null
    const words = [
      'diff-tree',
      '-r',
      '-m',
      '--no-commit-id',
      ...PLAIN_DIFF,
      '--name-status',
      '--diff-filter=R',
    ]
    const renames = renamesIn(this.read([...words, '-z', commit]))
    this.renamesOfCommit.set(commit, renames)
    return renames.get(path) ?? null
  }

  /** Lines of a file that changed since another one was last committed: since HEAD, where that has changes or is elsewhere. */
  changedSinceCommitOf(reference: string, path: string): LineRange[] {
    const submodule = this.submoduleOf(path)
    if (submodule !== null) {
      const { git, folder, inside } = submodule
      const isBeside = reference.startsWith(`${folder}/`)
      return isBeside
        ? git.changedSinceCommitOf(reference.slice(folder.length + 1), inside)
        : git.changedLines('HEAD', inside, inside)
    }
    return this.changedLines(this.lastCommitOf(reference) ?? 'HEAD', path, path)
  }

  /** The last commit that changed a file; null if it has changes that are not committed, or was never committed. */
  private lastCommitOf(path: string): string | null {
    if (this.read(['status', '--porcelain', '--', path])?.trim() !== '') return null
    return this.read(['log', '-1', '--format=%H', '--', path])?.trim() || null
  }

  /** Lines of a file in the working tree that a commit does not have, at the path or where it was renamed from. */
  changedLines(commit: string, path: string, formerPath: string): LineRange[] {
    const submodule = this.submoduleOf(path)
    if (submodule !== null) {
      const { git, folder, inside } = submodule
      const then = commit === 'HEAD' ? commit : this.commitIn(folder, commit)
      const isInside = formerPath.startsWith(`${folder}/`)
      // A submodule that was not there then: all of it is new.
      if (then === null || !isInside) return [{ from: 1, to: Number.MAX_SAFE_INTEGER }]
      return git.changedLines(then, inside, formerPath.slice(folder.length + 1))
    }
    const paths = path === formerPath ? [path] : [formerPath, path]
    const words = ['diff', ...PLAIN_DIFF, '-U0', commit, '--', ...paths]
    const patch = this.read(words, this.withAllFiles()) ?? ''
    return [...patch.matchAll(/^@@ -\S+ \+(\d+)(?:,(\d+))? @@/gm)].map(([, start, count]) => {
      const from = Number(start)
      return { from, to: from + Number(count ?? 1) - 1 }
    })
  }

  /** The environment with an index in which new files are known, so that `git diff` sees them. The real one stays. */
  private withAllFiles(): NodeJS.ProcessEnv {
    if (this.indexFolder !== null) return { GIT_INDEX_FILE: join(this.indexFolder, 'index') }
    this.indexFolder = mkdtempSync(join(tmpdir(), 'seamripper-index-'))
    const env = { GIT_INDEX_FILE: join(this.indexFolder, 'index') }
    const real = this.read(['rev-parse', '--git-path', 'index'])?.replace(/\n$/, '')
    try {
      copyFileSync(resolve(this.root, real ?? ''), env.GIT_INDEX_FILE)
    } catch {
      // A repository without an index: all files are new.
    }
    this.spawn(['add', '--intent-to-add', '--ignore-errors', '--', '.'], { env })
    return env
  }

  /** The output of a command; null if it fails. */
  private read(words: string[], env: NodeJS.ProcessEnv = {}): string | null {
    const { status, stdout } = this.spawn(words, { env })
    return status === 0 ? stdout.toString('utf8') : null
  }

  private spawn(words: string[], options: { input?: string; env?: NodeJS.ProcessEnv } = {}) {
    // What a hook sets is about the repository at hand, which is found from the folder.
    const { GIT_DIR: _, GIT_WORK_TREE: __, GIT_INDEX_FILE: ___, GIT_PREFIX: ____, ...env } = process.env
    return spawnSync('git', [...SAFE, ...words], {
      cwd: this.root,
      env: { ...env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', ...options.env },
      maxBuffer: MAX_OUTPUT,
      ...(options.input === undefined ? {} : { input: options.input }),
    })
  }
}

const UNSHALLOW = 'Fetch the history first: "git fetch --unshallow", or fetch-depth: 0 for actions/checkout.'

/** Of `--name-status -z`: R, a score, the old and the new path. */
function renamesIn(text: string | null): Map<string, string> {
  const words = (text ?? '').split('\0')
  const renames = new Map<string, string>()
  for (let at = 0; at + 2 < words.length; at += 3) renames.set(words[at + 1]!, words[at + 2]!)
  return renames
}
