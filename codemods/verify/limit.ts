/** Time limit of a statement: some wait for what never comes, and some drivers lose the answer. */
import { inspect } from 'node:util'
import { NotVerified } from './not-verified.js'

/** Twelve rows a table take no time; tests have less patience. */
export const limit = { milliseconds: 30_000 }

/**
 * @param by whose answer it is
 * @param values of the statement, to be told
 * @param abandon makes an end of it
 * @throws NotVerified where no answer comes in time
 */
export async function withinLimit<T>(
  by: string,
  values: unknown[],
  call: Promise<T>,
  abandon: () => unknown,
): Promise<T> {
  let timer: NodeJS.Timeout
  const tooLate = new Promise<'late'>(resolve => {
    timer = setTimeout(() => resolve('late'), limit.milliseconds)
  })
  const first = await Promise.race([call.then(answer => ({ answer })), tooLate]).finally(() =>
    clearTimeout(timer),
  )
  if (first !== 'late') return first.answer
  await abandon()
  const shown = inspect(values, { breakLength: Number.POSITIVE_INFINITY })
  throw new NotVerified(
    `${by} gave no answer within ${limit.milliseconds / 1000} s to the statement with ${shown}`,
  )
}
