/** Files of a consumer: a typed client for each owner that it calls. */
import { camel, wordsOf } from '../names/words.js'
import type { Operation, OperationUse } from '../operation.js'
import { type Home, shortName } from '../repository/home.js'
import { elementFace, inputType, kindOf, typeOfFace } from './kinds.js'
import { pascalOf } from './openapi.js'
import { runtimeFile } from './runtime.js'
import { HEADER, inComment, key, quoted } from './text.js'

/** `clinicalClient` */
export function clientName(owner: string): string {
  return `${camel(wordsOf(shortName(owner))) || 'owner'}Client`.replace(/^(?=\d)/, 'service')
}

/** Path of the client of an owner, without extension, in the folder of the consumer's generated files. */
export function clientModule(owner: string): string {
  return `clients/${shortName(owner).toLowerCase()}`
}

/** Path -> text, relative to the root; one client for each owner. */
export function clientFiles(home: Home, operations: Operation[]): Map<string, string> {
  const files = new Map<string, string>()
  const byOwner = new Map<string, Operation[]>()
  for (const operation of operations)
    byOwner.set(operation.owner, [...(byOwner.get(operation.owner) ?? []), operation])
  for (const [owner, own] of byOwner) {
    files.set(`${home.folder}/${clientModule(owner)}.ts`, clientFile(owner, own, home))
  }
  files.set(`${home.folder}/clients/runtime.ts`, runtimeFile('clients/runtime.ts', home.extension))
  return files
}

/** Names of the environment variables that a client reads. */
export function variablesOf(owner: string): { url: string; key: string } {
  const name = wordsOf(shortName(owner)).join('_').toUpperCase() || 'OWNER'
  return { url: `${name}_SERVICE_URL`, key: `${name}_SERVICE_API_KEY` }
}

function clientFile(owner: string, operations: Operation[], home: Home): string {
  const inputs = new Set(
    operations.flatMap(operation =>
      operation.parameters.flatMap(({ type }) => inputType(type).match(/\w+Input/g) ?? []),
    ),
  )
  const variables = variablesOf(owner)
  const imports = [...[...inputs].map(name => `type ${name}`), 'createClient', 'type OperationCall'].sort(
    (a, b) => a.replace('type ', '').localeCompare(b.replace('type ', '')),
  )
  return `${HEADER}
import { ${imports.join(', ')} } from './runtime${home.extension}'

const client = createClient({
  service: ${quoted(owner)},
  urlVariable: ${quoted(variables.url)},
  keyVariable: ${quoted(variables.key)},
})

${operations.map(operation => types(operation, home)).join('\n')}
/** Operations of ${inComment(owner)} that this code calls. */
export const ${clientName(owner)} = {
${operations.map(method).join('\n')}}

${operations.map(operation => callSpec(operation, home)).join('\n')}`
}

/** How the consumer uses the operation: all of its uses agree, or there is one client a use. */
function useIn(operation: Operation, home: Home): OperationUse {
  return operation.uses.find(use => use.service === home.service) ?? operation.uses[0]!
}

function types(operation: Operation, home: Home): string {
  const name = pascalOf(operation.name)
  const { faces } = useIn(operation, home)
  const parameters = operation.parameters
    .map(
      ({ name: parameter, type, optional }) =>
        `  ${key(parameter)}${optional ? '?' : ''}: ${inputType(type)}${optional && type.kind !== 'json' ? ' | undefined' : ''}\n`,
    )
    .join('')
  const columns = operation.columns
    .map(
      (column, at) =>
        `  ${key(column.name)}: ${typeOfFace(column.type, faces[at]!)}${column.nullable && faces[at] !== 'json' ? ' | null' : ''}\n`,
    )
    .join('')
  const input =
    operation.parameters.length > 0 ? `export interface ${name}Parameters {\n${parameters}}\n\n` : ''
  const result = rowType(operation)
  const fields =
    operation.kind !== 'write' ? '' : operation.dialect === 'mysql' ? MYSQL_RESULT : postgresResult(operation)
  const row = operation.columns.length > 0 ? `export interface ${name}Row {\n${columns}}\n` : ''
  const write = operation.kind === 'write' ? `export interface ${result} {\n${fields}}\n` : ''
  return [input, row, row && write ? '\n' : '', write].join('')
}

const MYSQL_RESULT = `  affectedRows: number
  insertId: number
  changedRows: number
  fieldCount: number
  info: string
  serverStatus: number
  warningStatus: number
`

function postgresResult(operation: Operation): string {
  const rows = operation.columns.length > 0 ? `${pascalOf(operation.name)}Row` : 'never'
  return `  rows: ${rows}[]\n  rowCount: number | null\n  command: string\n`
}

function rowType({ name, kind }: Operation): string {
  return `${pascalOf(name)}${kind === 'write' ? 'Result' : 'Row'}`
}

function method(operation: Operation): string {
  const result = rowType(operation)
  const parameters =
    operation.parameters.length > 0 ? `parameters: ${pascalOf(operation.name)}Parameters` : ''
  const handed = operation.parameters.length > 0 ? 'parameters' : '{}'
  const [name, gives, call] =
    operation.kind === 'write' ? ['Result', 'Result', 'write<Result>'] : ['Row', 'Row[]', 'rows<Row>']
  return `  /** ${inComment(`${operation.kind === 'write' ? 'Writes' : 'Reads'} ${operation.tables.join(', ')}.`)} */
  ${operation.name}<${name} = ${result}>(${parameters}): Promise<${gives}> {
    return client.${call}(${operation.name}, ${handed})
  },
`
}

function callSpec(operation: Operation, home: Home): string {
  const { faces, options } = useIn(operation, home)
  const parameters = operation.parameters.map(({ name, type, optional }) => {
    const kind = type.kind === 'list' ? `${kindOf(type.of)}*` : type.kind === 'flag' ? 'flag' : kindOf(type)
    return `    ${key(name)}: ${quoted(kind.replace(/\(\d+\)/, '') + (optional ? '?' : ''))},\n`
  })
  const columns = operation.columns.map(({ name, type }, at) => {
    const face = faces[at] === 'array' && type.kind === 'array' ? elementFace(type.of) : faces[at]!
    return `    ${key(name)}: [${quoted(kindOf(type))}, ${quoted(face)}],\n`
  })
  return `const ${operation.name}: OperationCall = {
  name: ${quoted(operation.name)},
  idempotent: ${operation.idempotent},
  reference: ${operation.reference},
  parameters: ${braces(parameters)},
  columns: ${braces(columns)},
  timezone: ${quoted(options.timezone ?? 'local')},
}
`
}

function braces(lines: string[]): string {
  return lines.length === 0 ? '{}' : `{\n${lines.join('')}  }`
}
