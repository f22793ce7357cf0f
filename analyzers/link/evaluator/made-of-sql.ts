/**
 * Modules that a tool makes of `.sql` files with named blocks, and that are not in the repository, for they are made when it
 * is built (pgtyped, sqlc): each exports something by the name of each block.
 */
import type { FileFacts } from '../../extract/facts.js'
import { mayBeMadeOfSql } from '../sql-files.js'
import type { Evaluator } from './state.js'
import type { Value } from './values.js'

/** What a name that a file imports from such a module stands for: a block's text, or for the whole module its file. */
export function madeStatement(e: Evaluator, { file, imports }: FileFacts, local: string): Value | null {
  if (!Object.hasOwn(imports, local)) return null
  const { module, name } = imports[local]
  const made = madeModule(e, file, module)
  return made === null || name === '*' ? made : blockOf(e, made, name)
}

/** The `.sql` file that a module is made of; null for one that is there, and for others. */
export function madeModule(
  e: Evaluator,
  fromFile: string,
  module: string,
): (Value & { kind: 'sql-file' }) | null {
  // Which `.sql` files there are is asked last: what asks for it is done again when there are others.
  return mayBeMadeOfSql(module) && isNotThere(e.program.resolve(fromFile, module))
    ? e.sqlFiles.madeInto(module, fromFile)
    : null
}

/** Whether what an import means is no module: nothing, or the `.sql` file of the same name. */
export function isNotThere(file: string | null): boolean {
  return file === null || file.toLowerCase().endsWith('.sql')
}

/**
 * The block of an export: `findUser` of `findUser` or `FindUser`, and what sqlc calls the text of it, `findUserQuery`. Tools
 * leave out what ends the statement, so that it may become a part of another.
 */
export function blockOf(e: Evaluator, made: Value & { kind: 'sql-file' }, name: string): Value | null {
  const block = e.sqlFiles.member(made, name) ?? e.sqlFiles.member(made, name.replace(/Query$/, ''))
  const [piece] = block?.kind === 'text' ? block.pieces : []
  return block?.kind === 'text' && piece?.kind === 'text'
    ? { ...block, pieces: [{ ...piece, text: piece.text.replace(/[\s;]+$/, '') }] }
    : null
}
