/**
 * True if a table's id matches a pattern of the config: `*` stands for any characters but `/`, `**` for any.
 * A pattern without `/` is matched against the table's name alone.
 */
export function matchesTable(pattern: string, id: string): boolean {
  const text = pattern.includes('/') ? id : id.slice(id.lastIndexOf('/') + 1)
  return matches(pattern, text)
}

/** Wildcards by hand: a pattern of the user's must not become a regular expression that backtracks. */
function matches(pattern: string, text: string): boolean {
  const pieces = pattern.split(/(\*+)/)
  // reach[i]: the pieces so far can end at offset i of the text.
  let reach = new Set([0])
  for (const piece of pieces) {
    if (piece === '') continue
    const next = new Set<number>()
    for (const from of reach) {
      if (!piece.startsWith('*')) {
        if (text.startsWith(piece, from)) next.add(from + piece.length)
        continue
      }
      for (let to = from; to <= text.length; to++) {
        next.add(to)
        if (piece === '*' && text[to] === '/') break
      }
    }
    reach = next
  }
  return reach.has(text.length)
}
