/** Code without SQL, which is most of a real repository: each function returns the lines of one declaration. */
import { NOUNS, pascal } from './domain.mjs'

export const declarations = [
  function record(name, random) {
    const fields = Array.from({ length: random.between(3, 9) }, (_, index) => `${random.pick(NOUNS)}${index}`)
    return [
      `export interface ${pascal(name)} {`,
      ...fields.map(
        field =>
          `  ${field}${random.chance(0.3) ? '?' : ''}: ${random.pick(['string', 'number', 'boolean', 'Date'])}`,
      ),
      '}',
    ]
  },
  function validation(name, random) {
    return [
      `export function validate${pascal(name)}(input: Record<string, unknown>): string[] {`,
      '  const problems: string[] = []',
      ...Array.from({ length: random.between(2, 6) }, () => {
        const noun = random.pick(NOUNS)
        return `  if (typeof input.${noun} !== 'string' || input.${noun}.trim() === '') problems.push('${noun} is missing, select one')`
      }),
      '  return problems',
      '}',
    ]
  },
  function mapping(name, random) {
    return [
      `export const to${pascal(name)} = (rows: { id: string; value: number }[]) =>`,
      '  rows',
      `    .filter(row => row.value > ${random.between(1, 900)})`,
      '    .map(row => ({ ...row, label: `${row.id}: ${row.value.toFixed(2)}` }))',
      '    .sort((a, b) => a.value - b.value)',
    ]
  },
  function endpoint(name, random) {
    return [
      `export async function ${name}(request: Request, response: Response, next: NextFunction): Promise<void> {`,
      '  try {',
      `    const { id, ${random.pick(NOUNS)} } = request.params`,
      `    if (!id) throw new HttpError(400, 'Give an id, or create one from the list')`,
      `    const found = await cache.get(\`${name}:\${id}\`)`,
      `    response.status(200).json({ success: true, data: found, ${random.pick(NOUNS)}: request.query })`,
      '  } catch (error) {',
      "    logger.error('Failed to update the record', { error })",
      '    next(error)',
      '  }',
      '}',
    ]
  },
  function client(name, random) {
    return [
      `export class ${pascal(name)}Client {`,
      '  constructor(private readonly http: HttpClient) {}',
      '',
      `  async fetch${pascal(random.pick(NOUNS))}(id: string): Promise<unknown> {`,
      `    const { data } = await this.http.get(\`/api/v1/${name}/\${encodeURIComponent(id)}\`, { timeout: ${random.between(1, 9)}000 })`,
      '    return data',
      '  }',
      '}',
    ]
  },
  function reducer(name, random) {
    return [
      `export function sum${pascal(name)}(entries: Map<string, number[]>): number {`,
      '  let total = 0',
      '  for (const [key, values] of entries) {',
      `    if (key.startsWith('${random.pick(NOUNS)}')) continue`,
      '    total += values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)',
      '  }',
      '  entries.delete(String(total))',
      '  return total',
      '}',
    ]
  },
]
