import { groupBy } from '../../graph/index.js'
import { shellWord } from '../../shell-word.js'
import { ConfigError } from '../../workspace/config-error.js'
import { isStrict } from '../allow/index.js'
import { parseTodo, todoKey } from '../baseline/todo-file.js'
import type { Git, Holder, Merge } from '../git/git.js'
import type { GateResult, Hint, Violation } from '../types.js'

/** Merges that are looked at, the newest first: what an older one lost was told long ago. */
const MOST_MERGES = 10

/** What a merge lost of a baseline: the side that it took is in it, the other one is not. */
interface Lost {
  merge: Merge
  /** The commits of both sides. */
  taken: string
  other: string
  /** What the baseline is at these, and where both began. */
  texts: { other: string; taken: string; base: string }
}

/**
 * Where a merge took one side of a baseline as a whole, though both had changed it: what the other side accepts is new
 * now, and nobody knows why.
 *
 * @param todoOf where the baseline of a service is
 * @param textOf text of a baseline in the working tree
 */
export async function lostSides(
  { violations }: GateResult,
  todoOf: (service: string) => string,
  git: Git,
  textOf: (file: string) => string,
): Promise<Hint[]> {
  const fresh = violations.filter(violation => violation.state === 'new' && !isStrict(violation))
  const byTodo = groupBy(fresh, ({ service }) => todoOf(service))
  if (byTodo.size === 0) return []
  const hints = await Promise.all(
    [...byTodo].map(async ([file, of]): Promise<Hint[]> => {
      const holder = git.holderOf(file)
      for (const lost of lostIn(holder, textOf(file))) {
        const known = await acceptedBy(lost, of, holder)
        if (known.length > 0) return [hintOf(file, lost, known, holder)]
      }
      return []
    }),
  )
  return hints.flat()
}

function* lostIn({ git, inside }: Holder, present: string): Generator<Lost> {
  for (const merge of git.merges(MOST_MERGES)) {
    const at = (commit: string) => git.textAt(commit, inside) ?? ''
    const [ours, theirs] = merge.sides
    const texts = { ours: at(ours), theirs: at(theirs) }
    if (texts.ours === texts.theirs) continue
    const result = merge.commit === null ? present : at(merge.commit)
    if (result !== texts.ours && result !== texts.theirs) continue
    const base = git.commonAncestor(ours, theirs)
    const before = base === null ? '' : at(base)
    // What one side alone has changed git takes as a whole, and rightly.
    if (texts.ours === before || texts.theirs === before) continue
    yield result === texts.ours
      ? {
          merge,
          taken: ours,
          other: theirs,
          texts: { other: texts.theirs, taken: texts.ours, base: before },
        }
      : {
          merge,
          taken: theirs,
          other: ours,
          texts: { other: texts.ours, taken: texts.theirs, base: before },
        }
  }
}

/** The new ones that the other side accepts, of what neither the side that was taken does nor both began from. */
async function acceptedBy({ texts }: Lost, fresh: Violation[], { inside }: Holder): Promise<Violation[]> {
  const [other, taken, base] = await Promise.all(
    [texts.other, texts.taken, texts.base].map(text => countsOf(text, inside)),
  )
  const uses = groupBy(fresh, ({ table, op, file: source }) => todoKey({ table, op, source }))
  return [...uses].flatMap(([key, of]) => {
    const more = (other!.get(key) ?? 0) - Math.max(taken!.get(key) ?? 0, base!.get(key) ?? 0)
    return of.slice(0, Math.max(more, 0))
  })
}

/** What a baseline accepts; nothing where it can't be read. */
async function countsOf(text: string, file: string): Promise<Map<string, number>> {
  try {
    const { entries } = await parseTodo(text, file)
    return new Map(entries.map(entry => [todoKey(entry), entry.count]))
  } catch (error) {
    if (error instanceof ConfigError) return new Map()
    throw error
  }
}

function hintOf(
  file: string,
  { merge, taken, other }: Lost,
  known: Violation[],
  { folder, inside }: Holder,
): Hint {
  const what = known.length === 1 ? '1 of the new ones is' : `${known.length} of the new ones are`
  const git = folder === null ? 'git' : `git -C ${shellWord(folder)}`
  const merging = merge.commit === null ? 'the merge that is under way' : `the merge ${short(merge.commit)}`
  return {
    file,
    message: `${what} accepted in ${short(other)}, of which ${merging} took nothing of this file, as it seems: it has the side of ${short(taken)} alone. Bring the other one back, then join them:`,
    violations: known.map(({ fingerprint }) => fingerprint),
    git:
      merge.commit === null
        ? `${git} checkout --merge -- ${shellWord(inside)}`
        : `${git} diff ${short(taken)}...${short(other)} -- ${shellWord(inside)} | ${git} apply --3way`,
    command: ['baseline', '--prune'],
  }
}

function short(commit: string): string {
  return commit.slice(0, 10)
}
