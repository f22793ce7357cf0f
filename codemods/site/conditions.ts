/** Conditions of pieces, as code. */

/** Two tests, one inside of the other; the same one is written once. */
export function both(outer: string | null, inner: string | null): string | null {
  if (outer === null || inner === null || outer === inner) return inner ?? outer
  if (inner.startsWith(`${wrapped(outer)} && `)) return inner
  return `${wrapped(outer)} && ${wrapped(inner)}`
}

/** The opposite of a test. */
export function negated(test: string): string {
  const [, left, operator, right] = /^([\w.?[\]']+) ([!=]==?) ([\w.'-]+)$/.exec(test) ?? []
  if (left !== undefined)
    return `${left} ${operator!.replace(/^./, sign => (sign === '!' ? '=' : '!'))} ${right}`
  return /^[\w.?[\]]+$/.test(test) ? `!${test}` : `!(${test})`
}

function wrapped(test: string): string {
  return /^!?\(?[\w.?![\]]+\)?$/.test(test) ? test : `(${test})`
}
