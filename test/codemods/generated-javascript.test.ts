import { expect, it } from 'vitest'
import { inLanguage } from '../../codemods/generate/javascript.js'
import { HEADER } from '../../codemods/generate/text.js'

it('is indented as generated TypeScript is, and its SQL stays as it is', () => {
  const typescript = `${HEADER}import { type OperationSpec, sql } from '../server'

/** Called by shop. */
export const touch: OperationSpec = {
  name: 'touch',
  parameters: {
    id: { kind: 'integer' },
  },
  statement: ({ id }) => sql\`UPDATE patients
    SET note = '    '
        WHERE id = \${id}\`,
}
`
  expect(inLanguage('touch.ts', typescript, 'module')).toEqual([
    'touch.js',
    `${HEADER}import { sql } from '../server';
/** Called by shop. */
export const touch = {
  name: 'touch',
  parameters: {
    id: { kind: 'integer' },
  },
  statement: ({ id }) => sql \`UPDATE patients
    SET note = '    '
        WHERE id = \${id}\`,
};
`,
  ])
})
