/** What the linker has to know of a database driver. Each driver is one plain value in one file. */
import type { Dialect } from '../model.js'

/** Where a method takes its SQL text. */
export interface SqlArgument {
  /** Index of the argument; `receiver` where the method is one of a prepared statement. */
  argument: number | 'receiver'
  /** Keys under which the text lies, where the argument is an object: `{ text, values }`. */
  keys?: string[]
  /**
   * The text may be no statement of its own but a part of one; what the method writes before it. Empty where a whole
   * statement may stand as well.
   */
  before?: Before
  /** It is no text but the key of a `.sql` file: its path below a folder, with dots and without the ending. */
  isKey?: true
  /** The receiver is a builder's statement as well as one of SQL text: what is not seen to be text is none. */
  orBuilder?: true
}

export type Before = '' | 'FROM' | 'WHERE' | 'CALL' | 'PRAGMA'

export interface Driver {
  name: string
  dialect: Dialect
  /** npm packages, also type packages and forks with the same interface. */
  modules: string[]
  /** Exported classes and types whose values execute SQL. */
  handles: string[]
  /** Those of them that are there without an import. */
  globalHandles?: string[]
  /** Exported functions that give such a value; `default` where the module itself is called. */
  factories: string[]
  /** Methods of a handle that execute text. Every other method is taken to give a handle again. */
  executes: Record<string, SqlArgument>
  /**
   * Methods of a handle that give a statement to be run later, the methods of that which run it, and those of a handle
   * that run several.
   */
  prepares?: { by: string[]; runBy: string[]; handedTo?: string[] }
  /** Methods of a handle that are template tags and execute; `` (empty) where the handle itself is the tag. */
  tags: string[]
  /** Exported functions, by path, that give SQL text and execute nothing: `as.format`, `sql`, `raw`. */
  texts: string[]
  /** Exported functions that give a tag like the one of this name among `texts`. */
  tagFactories?: Record<string, string>
  /** Methods that run a callback inside a transaction. */
  transactionCallbacks: string[]
  /** Those of them that may get a list of statements instead, each made by a call. */
  transactionLists?: string[]
  /** Methods that begin and end a transaction on a handle. */
  begins: string[]
  ends: string[]
  /** What the package offers beside SQL text that reaches tables too, and is not read. */
  notRead?: string
}

const first: SqlArgument = { argument: 0 }

/** Shorthand for methods whose first argument is the text. */
export function firstArgument(...methods: string[]): Record<string, SqlArgument> {
  return Object.fromEntries(methods.map(method => [method, first]))
}

/** Shorthand for methods whose first argument is a part of a statement: of a builder's, or the name of a procedure. */
export function partOfStatement(before: Before, ...methods: string[]): Record<string, SqlArgument> {
  return Object.fromEntries(methods.map(method => [method, { argument: 0, before }]))
}

/** Shorthand for methods whose first argument is the key of a `.sql` file. */
export function fileByKey(...methods: string[]): Record<string, SqlArgument> {
  return Object.fromEntries(methods.map(method => [method, { argument: 0, isKey: true }]))
}

/** Shorthand for methods whose first argument is the text or an object that holds it. */
export function textOrObject(keys: string[], ...methods: string[]): Record<string, SqlArgument> {
  return Object.fromEntries(methods.map(method => [method, { argument: 0, keys }]))
}
