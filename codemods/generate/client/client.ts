/** `clients/<owner>.ts`: one typed function for each operation that a consumer uses of one owner. */
import { callDriver } from '../../drivers/index.js'
import { identifier, wordsOf } from '../../names/words.js'
import type { Operation, OperationUse, StatementPart } from '../../operation.js'
import type { ImportExtension } from '../file.js'
import { docComment, HEADER, isIdentifier, key, property, quoted } from '../text.js'
import type { ClientNames } from './names.js'
import { columnConversion, parameterConversion } from './values.js'

export interface ClientInput {
  names: ClientNames
  owner: string
  /** Operations of one owner, each with the uses that this client serves: at least one. */
  operations: Operation[]
  extension: ImportExtension
}

/** @throws Error where two uses of an operation, or names, contradict each other */
export function clientFile({ names, owner, operations, extension }: ClientInput): string {
  const driver = driverOf(operations[0]!)
  const constant = names.client.replace(/Client$/, 'Service')
  const body = [
    ...operations.flatMap(operation => [parametersInterface(operation), rowInterface(operation)]),
    `\nexport const ${names.client} = {\n`,
    operations.map(operation => method(operation, constant)).join('\n'),
    '}\n\nconst operations = {\n',
    ...operations.map(operation => definition(operation, driver)),
    '}\n',
  ].join('')
  return [
    HEADER,
    ...(['columns', 'parameters'] as const)
      .filter(module => operations.some(operation => operation[module].length > 0))
      .map(module => `import * as ${module} from '../runtime/${module}${extension}'\n`),
    `import { ${typeImports(operations)}Service } from '../runtime/service${extension}'\n\n`,
    docComment(
      `${owner}: its address is in ${names.environment}_API_URL, the key in ${names.environment}_API_KEY.`,
    ),
    `const ${constant} = new Service({\n`,
    `  name: ${quoted(owner)},\n  environment: ${quoted(names.environment)},\n  driver: ${driver},\n})\n`,
    body,
  ].join('')
}

function typeImports(operations: Operation[]): string {
  const writes = operations.filter(({ kind }) => kind === 'write').map(operation => resultType(operation))
  return [...new Set(writes.map(type => type.replace(/<.*/, '')))]
    .sort()
    .map(type => `type ${type}, `)
    .join('')
}

function parametersInterface(operation: Operation): string {
  if (operation.parameters.length === 0) return ''
  return `\n${inputInterface(`${title(operation)}Parameters`, operation)}`
}

/** The values that an operation takes, as an interface. */
export function inputInterface(name: string, { parameters }: Operation): string {
  const lines = parameters.map(({ name, type, optional, column }) => {
    // A parameter that is called as its column needs no more words.
    const isSaid = column === null || identifier(wordsOf(column), '') === name
    const said =
      type.kind === 'rows' ? `Each: ${type.columns.map(each => each.name).join(', ')}.` : isSaid ? '' : column
    const comment = said === '' ? '' : docComment(said, '  ')
    return `${comment}  ${property(name)}${optional ? '?' : ''}: ${inputType(type, optional)}\n`
  })
  return `export interface ${name} {\n${lines.join('')}}\n`
}

function inputType(type: Operation['parameters'][number]['type'], optional: boolean): string {
  const input = parameterConversion(type).type
  // For compilers that tell a missing property from an undefined one.
  return optional && type.kind === 'list' ? `${input} | undefined` : input
}

function rowInterface(operation: Operation): string {
  if (operation.columns.length === 0) return ''
  const faces = facesOf(operation)
  const lines = operation.columns.map(({ name, type, nullable }, index) => {
    const { type: shown } = columnConversion(type, faces[index]!)
    return `  ${property(name)}: ${nullable && shown !== 'unknown' ? `${shown} | null` : shown}\n`
  })
  return `\nexport interface ${title(operation)}Row {\n${lines.join('')}}\n`
}

function method(operation: Operation, service: string): string {
  const { name, kind, columns, parameters } = operation
  if (!isIdentifier(name)) throw new Error(`${JSON.stringify(name)} can't be the name of an operation`)
  const row = columns.length === 0 ? 'object' : `${title(operation)}Row`
  const input = parameters.length === 0 ? '' : `values: ${title(operation)}Parameters`
  const values = parameters.length === 0 ? '{}' : 'values'
  const call = (verb: string) => `    return ${service}.${verb}(operations.${name}, ${values})\n  },\n`
  const comment = docComment(statementText(operation.statement), '  ')
  if (kind !== 'write') {
    return `${comment}  ${name}<Row = ${row}>(${input}): Promise<Row[]> {\n${call('read')}`
  }
  if (isPostgres(operation)) {
    return `${comment}  ${name}<Row = ${row}>(${input}): Promise<PostgresResult<Row>> {\n${call('writeReturning')}`
  }
  return `${comment}  ${name}<Result = MysqlResult>(${input}): Promise<Result> {\n${call('write')}`
}

function resultType(operation: Operation): string {
  return isPostgres(operation) ? 'PostgresResult' : 'MysqlResult'
}

function isPostgres({ dialect }: Operation): boolean {
  return dialect === 'postgresql'
}

function definition(operation: Operation, common: string): string {
  const faces = facesOf(operation)
  const { name, kind, columns, endpoint } = operation
  const driver = driverOf(operation)
  return [
    `  ${name}: {\n`,
    `    name: ${quoted(name)},\n`,
    encoders(operation),
    object(
      'columns',
      columns.map(({ name: column, type }, index) => [column, columnConversion(type, faces[index]!).code]),
    ),
    kind === 'write' && operation.idempotent ? '    repeatable: true,\n' : '',
    kind !== 'write' && operation.reference ? '    reference: true,\n' : '',
    endpoint === null ? '' : `    endpoint: ${endpointCode(endpoint)},\n`,
    driver === common ? '' : `    driver: ${driver} as const,\n`,
    '  },\n',
  ].join('')
}

/** How each parameter is sent. */
export function encoders({ parameters }: Operation): string {
  return object(
    'parameters',
    parameters.map(({ name, type, optional }) => {
      const { code } = parameterConversion(type)
      return [name, optional || type.kind === 'flag' ? `{ encode: ${code}, optional: true }` : code]
    }),
  )
}

function endpointCode({ method, path, answer, field }: NonNullable<Operation['endpoint']>): string {
  const shown = field === null ? '' : `, field: ${quoted(field)}`
  return `{ method: ${quoted(method)}, path: ${quoted(path)}, answer: ${quoted(answer)}${shown} } as const`
}

function object(name: string, entries: [string, string][]): string {
  if (entries.length === 0) return `    ${name}: {},\n`
  const lines = entries.map(([property, code]) => `      ${key(property)}: ${code},\n`)
  return `    ${name}: {\n${lines.join('')}    },\n`
}

/** What decides the values of the consumer's driver. */
export function driverOf(operation: Operation): string {
  const timezones = new Set(operation.uses.map(({ options }) => options.timezone ?? 'local'))
  if (timezones.size > 1) throw contradiction(operation, 'time zones')
  const prepared = !isPostgres(operation) && operation.method === 'execute' ? ', prepared: true' : ''
  return `{ dialect: ${quoted(operation.dialect)}, timezone: ${quoted([...timezones][0]!)}${prepared}${ofDrivers(operation)} }`
}

/** What the drivers of its uses make of values in ways of their own. */
function ofDrivers({ uses, parameters }: Operation): string {
  const drivers = uses.map(({ driver }) => callDriver(driver))
  const zones = new Set(drivers.map(driver => driver?.sessionZone))
  const [zone] = zones
  const hasInstant = parameters.some(({ type }) => (type.kind === 'list' ? type.of : type).kind === 'instant')
  return [
    // Where one of several takes NULL for it, all do.
    parameters.length > 0 && drivers.every(driver => driver?.refuses?.includes('undefined'))
      ? ', noUndefined: true'
      : '',
    parameters.length > 0 && drivers.some(driver => driver?.refuses?.includes('date as text'))
      ? ', noDateAsText: true'
      : '',
    parameters.length > 0 && drivers.every(driver => driver?.writesByColumn) ? ', byColumn: true' : '',
    hasInstant && zones.size === 1 && zone !== undefined ? `, sessionZone: ${quoted(zone)}` : '',
  ].join('')
}

/** The faces of the rows: the same in all uses, since they share a function. */
function facesOf(operation: Operation): OperationUse['faces'] {
  const [first, ...others] = operation.uses
  if (first === undefined) throw new Error(`The operation ${operation.name} has no use`)
  if (others.some(({ faces }) => faces.join() !== first.faces.join())) throw contradiction(operation, 'types')
  return first.faces
}

function contradiction(operation: Operation, what: string): Error {
  const places = operation.uses.map(({ service, file }) => `${service}: ${file}`).join(', ')
  return new Error(`Drivers give ${operation.name} in different ${what} (${places})`)
}

/** The statement for people: `:name` for values, braces for what is chosen, brackets around what may be left out, with what separates it. */
export function statementText(parts: StatementPart[]): string {
  return parts
    .map(part => {
      if (part.kind === 'text') return part.text
      if (part.kind === 'parameter') return `:${part.parameter}${part.list ? '…' : ''}`
      if (part.kind === 'choice') return `{${part.parameter}}`
      if (part.kind === 'rows') return `${statementText(part.parts)}…`
      if (part.kind === 'joined') return part.parts.map(each => statementText([each])).join(part.separator)
      return `[${statementText(part.parts)}]`
    })
    .join('')
}

function title({ name }: Operation): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
