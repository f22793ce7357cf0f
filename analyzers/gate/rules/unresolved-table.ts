import type { Rule } from './rule.js'

export const rule: Rule = {
  title: 'Unresolved table name',
  help: 'Which tables this statement uses could not be told from the code, so it may cross a seam unseen.',
  level: 'warn',
  forbids: ({ kind }) => kind === 'unresolved',
  message: ({ service, reason }) => `${service} runs SQL whose tables can't be told: ${reason}.`,
  advice: () =>
    'Write the name of the table into the statement, or choose it from a constant list in the code.',
}
