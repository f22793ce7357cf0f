/** What the workspace stage hands on: services, libraries and the files worth reading. */

import type { Diagnostic, Dialect, Evidence, Service } from '../model.js'
import type { GateOp, RuleName } from './gate-names.js'
import type { RecordedUse } from './recorded.js'

/** `seamripper.yml` after validation. Everything is optional: what is absent is inferred. */
export interface Config {
  /** Where the file lies, relative to the root; null when there is none. */
  file: string | null
  /** Services by name. */
  services: Record<string, { path: string }>
  /** By service, of which some are found without being told: id of the datastore that its connections mean. */
  connections: Record<string, string>
  /** Libraries by name. */
  libraries: Record<string, { path: string }>
  /** Datastores by id. */
  datastores: Record<string, { dialect?: Dialect }>
  /** Owner by table id or by pattern (`nilecare/lab_*`), first match wins. Value null: open on purpose. */
  owners: Record<string, string | null>
  /** gitignore-style patterns of files to leave out, beside the built-in ones. */
  exclude: string[]
  /** gitignore-style patterns to take in although a built-in rule (tests, dist, …) leaves them out. */
  include: string[]
  /** What is told to the gate. */
  gate: GateConfig
  /** What is told to `rewrite`. */
  rewrite: RewriteConfig
  /** 1-based line of each key path (`owners.nilecare/patients`), for evidence and messages. */
  lines: Record<string, number>
}

/** Tables are given by id or pattern. */
export interface RewriteConfig {
  /** Tables that change seldom: what only reads them is kept by clients for a while. */
  reference: string[]
  /** Tables to which the owner may apply other services' writes later: these become events. */
  later: string[]
  /** Tables of which the writes stay where they are, and are published as events beside. */
  beside: string[]
  /** Folder of the package that all generated clients go to; null: each service has its own. */
  clients: string | null
  /** Endpoints that exist, by the operation that they answer: `clinical.getPatientById`. */
  endpoints: Record<string, EndpointConfig>
}

/** An endpoint that the owner's people wrote. */
export interface EndpointConfig {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `/api/v1/patients/{id}`: parameters of the operation in braces. */
  path: string
  /** Whether it answers with one object or a list; null: as the operation does. */
  answer: 'object' | 'list' | null
  /** Property of the answer that holds the rows, `data` or `data.patients`; null where it is all of it. */
  field: string | null
}

/** What the config tells the gate, which knows the names of rules and operations. */
export interface GateConfig {
  /** Level by name of the rule. */
  rules: Partial<Record<RuleName, RuleLevel>>
  services: Record<string, ServiceGate>
  allow: AllowEntry[]
}

/** What a broken rule does: fail the check, be told without failing it, or nothing. */
export type RuleLevel = 'error' | 'warn' | 'off'

export interface ServiceGate {
  rules: Partial<Record<RuleName, RuleLevel>>
  /** `none`: the service must have no database. */
  database: 'none' | null
  /** Nothing may cross into the service or out of it. */
  separated: boolean
}

/** An accepted use of tables by services. */
export interface AllowEntry {
  /** 1-based line in the config. */
  line: number
  /** Services; `*` stands for all. */
  from: string[]
  /** Ids or patterns, as in `owners`. */
  table: string[]
  /** Operations; empty for all. */
  op: GateOp[]
  reason: string
  /** Last day, `YYYY-MM-DD`. */
  until: string | null
}

export type FileKind =
  /** TypeScript or JavaScript source. */
  | 'source'
  /** `.sql` of any use: the catalogue tells migrations from queries. */
  | 'sql'
  /** `.env*`, compose files, Helm values, JSON and YAML configuration: evidence of datastores. */
  | 'settings'
  /** Other JSON that a source file names: a module that holds one value. */
  | 'data'

export interface WorkspaceFile {
  /** Relative to the root, with `/`. */
  path: string
  kind: FileKind
  /** Name of the service or library that holds it; null for files outside of all of them. */
  owner: string | null
  /** Git ignores it, and `include` names it: no commit has it. */
  isIgnored?: true
}

/** An npm package of the monorepo, for resolving imports by package name. */
export interface WorkspacePackage {
  name: string
  /** Folder relative to the root. */
  path: string
  /**
   * Entry points by subpath (`.`, `./sub`, `./features/*`), from exports, main, module, source, types and bin:
   * files relative to the root, best first, built ones mapped to their sources. A `*` stands for itself.
   */
  entries: Record<string, string[]>
  /** `imports` of package.json (`#db` -> files), in the same form. */
  imports: Record<string, string[]>
  /** Dependencies taken from a folder of this repository (`file:`, `link:`, `portal:`): name -> folder. */
  localDependencies: Record<string, string>
  dependencies: string[]
  /** What package.json asks for of each of them: `^1.2.0`, `*`, `workspace:^`. */
  versions: Record<string, string>
}

/** `paths` of one tsconfig/jsconfig, already joined with its baseUrl, relative to the root. */
export interface TsPaths {
  /** Folder to which it applies, relative to the root. */
  folder: string
  /** `@org/lib/*` -> ['packages/lib/src/*']. `baseUrl` alone is given as '*' -> ['base/*']. */
  paths: Record<string, string[]>
}

/** What an import map calls packages, for the files below a folder: `dep:pg` -> `pg`. */
export interface ImportAliases {
  /** Folder to which it applies, relative to the root. */
  folder: string
  names: Record<string, string>
}

/** A program in a language that is not read: what it does to tables is not known. */
export interface OtherProgram {
  /** Of the service, where the config names it; else that of its folder, or the whole path where others are called so. */
  name: string
  /** Folder relative to the root. */
  path: string
  /** `Python` */
  language: string
}

/** A file that a build puts elsewhere, by the paths that it has there and in the repository. */
export interface CopiedFile {
  as: string
  path: string
}

export interface Workspace {
  /** Absolute path of the analysed root, symlinks resolved. */
  root: string
  config: Config
  services: Service[]
  packages: WorkspacePackage[]
  tsPaths: TsPaths[]
  importAliases: ImportAliases[]
  /** Sorted by path. */
  files: WorkspaceFile[]
  /** Symbolic links to places inside the root: link -> target, relative to the root. They are not entered. */
  links: Record<string, string>
  /** Files left out, by reason. A folder pruned by a .gitignore counts as one. */
  leftOut: Record<string, number>
  /** Words of manifests and shell scripts that may be the path of a program, as written there, sorted. */
  programWords: string[]
  /** `.sql` files that builds copy to where the programs read them. */
  copiedSql: CopiedFile[]
  /** Programs in languages that are not read. */
  otherPrograms: OtherProgram[]
  /** Folders that have sources in such a language and none that is read, with the language of most of them: `Go`. */
  otherFolders: Record<string, string>
  /** Uses of tables that `rewrite` has moved out of the code. */
  recorded: RecordedUse[]
  diagnostics: Diagnostic[]
}

/** Text of a file, or why there is none. `warning` tells of text that may not be what its author saw. */
export type ReadResult = { text: string; warning?: Diagnostic } | { diagnostic: Diagnostic }

/** Reads one file of the workspace (any other path is refused); never follows a link out of the root. */
export type ReadFile = (path: string) => ReadResult

export type { Evidence, Service }
