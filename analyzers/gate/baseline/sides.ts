/** The marks that git leaves in a file where two sides of a merge conflict. */

/** The line of the first mark of a conflict; null if there is none. */
export function conflictLine(text: string): number | null {
  const index = text.split('\n').findIndex(line => /^(?:<{7}|>{7}|={7}|\|{7})(?:\s|$)/.test(line))
  return index === -1 ? null : index + 1
}

/** Each side of a text with conflict markers, without the common ancestor that diff3 shows. */
export function sidesOf(text: string): [ours: string, theirs: string] {
  const sides = { ours: [] as string[], theirs: [] as string[] }
  let part: 'both' | 'ours' | 'ancestor' | 'theirs' = 'both'
  for (const line of text.split('\n')) {
    if (/^<{7}(?:\s|$)/.test(line)) part = 'ours'
    else if (part !== 'both' && /^\|{7}(?:\s|$)/.test(line)) part = 'ancestor'
    else if (part !== 'both' && /^={7}\s*$/.test(line)) part = 'theirs'
    else if (part !== 'both' && /^>{7}(?:\s|$)/.test(line)) part = 'both'
    else {
      if (part === 'both' || part === 'ours') sides.ours.push(line)
      if (part === 'both' || part === 'theirs') sides.theirs.push(line)
    }
  }
  return [sides.ours.join('\n'), sides.theirs.join('\n')]
}
