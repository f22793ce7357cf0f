/** Every place where the source says a name: files are looked for by their text, and then parsed. */
import type { Workspace } from '../../analyzers/workspace/types.js'
import type { Node } from '../site/parse.js'
import type { SourceFile } from '../site/source-file.js'

export interface Mention {
  file: SourceFile
  node: Node
  /** Nodes around it, innermost last. */
  around: Node[]
}

export interface Mentions {
  of(name: string): Mention[]
  /** Paths of files that say a name and can't be parsed. */
  unreadable(name: string): string[]
}

interface Sources {
  workspace: Workspace
  textOf(path: string): string | null
  sourceOf(path: string): SourceFile | null
}

export function createMentions(repository: Sources): Mentions {
  const paths = repository.workspace.files.filter(({ kind }) => kind === 'source').map(({ path }) => path)
  const found = new Map<string, string[]>()
  const filesWith = (name: string): string[] => {
    let files = found.get(name)
    if (files === undefined) {
      const word = new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`)
      files = paths.filter(path => {
        const text = repository.textOf(path)
        // Most texts don't have it, which `includes` tells sooner.
        return text?.includes(name) && word.test(text)
      })
      found.set(name, files)
    }
    return files
  }
  return {
    of: name =>
      filesWith(name).flatMap(path => {
        const file = repository.sourceOf(path)
        const nodes = file?.bindings.saying.get(name) ?? []
        return nodes.map(node => ({ file: file!, node, around: file!.bindings.around(node) }))
      }),
    unreadable: name => filesWith(name).filter(path => repository.sourceOf(path) === null),
  }
}
