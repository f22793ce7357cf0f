/** Files of the service that owns the tables: its operations, and what answers calls of them. */
import type { Operation, Parameter, RowColumn, StatementPart } from '../operation.js'
import type { Home } from '../repository/home.js'
import { chosenText } from '../site/template.js'
import { tokensOf } from '../sql/read.js'
import type { RewriteDialect } from '../wire.js'
import { copied } from './copied.js'
import { kindOf } from './kinds.js'
import { openapi } from './openapi.js'
import { docComment, HEADER, indent, key, quoted, templateText } from './text.js'

/** Path -> text, relative to the root. Nothing for what only an endpoint answers that exists. */
export function ownerFiles(home: Home, all: Operation[]): Map<string, string> {
  const files = new Map<string, string>()
  const operations = all.filter(({ endpoint, event }) => endpoint === null || event !== null)
  if (operations.length === 0) return files
  const put = (name: string, text: string): void => void files.set(`${home.folder}/${name}`, text)
  for (const operation of operations) put(`operations/${operation.name}.ts`, operationFile(operation, home))
  put('operations/index.ts', indexFile(operations, home))
  put('server.ts', copied('server/server.ts', home.extension))
  const database = operations[0]!.dialect === 'mysql' ? 'mysql2' : 'pg'
  put(`database-${database}.ts`, copied(`server/database-${database}.ts`, home.extension))
  if (home.framework) put(`router.ts`, copied(`server/router-${home.framework}.ts`, home.extension))
  put('openapi.json', openapi(home.service, operations))
  return files
}

function operationFile(operation: Operation, home: Home): string {
  const users = [...new Set(operation.uses.map(use => `${use.service} (${use.file})`))]
  const helpers = ['eachRow', 'joined', 'list', 'when'].filter(name => usesHelper(operation.statement, name))
  const given = [...new Set(parametersIn(operation.statement))]
  return `${HEADER}import { ${[...helpers.filter(name => name !== 'when'), 'type OperationSpec', 'sql', ...helpers.filter(name => name === 'when')].join(', ')} } from '../server${home.extension}'

${docComment(`Called by ${users.join(', ')}.`)}export const ${operation.name}: OperationSpec = {
  name: ${quoted(operation.name)},
  kind: ${quoted(operation.kind)},
  method: ${quoted(operation.method)},
  parameters: ${object(operation.parameters.map(each => [each.name, parameterSpec(each)]))},
  columns: ${object(operation.columns.map(({ name, type }) => [name, quoted(kindOf(type))]))},
  statement: ${given.length === 0 ? '()' : `({ ${given.join(', ')} })`} => ${statement(operation.statement, operation)},
}
`
}

function object(entries: [string, string][]): string {
  if (entries.length === 0) return '{}'
  return `{\n${entries.map(([name, value]) => `    ${key(name)}: ${value},\n`).join('')}  }`
}

function parameterSpec({ type, optional }: Parameter): string {
  if (type.kind === 'choice') {
    const texts = type.values.map(value => `${key(value)}: ${quoted(chosenText(type, value))}`)
    return `{ kind: 'choice', texts: { ${texts.join(', ')} }${optional ? ', optional: true' : ''} }`
  }
  if (type.kind === 'rows') {
    const columns = type.columns.map(
      each => `${key(each.name)}: ${quoted(kindOf(each.type).replace(/\(.*$/, ''))}`,
    )
    return `{ kind: 'rows', columns: { ${columns.join(', ')} } }`
  }
  const kind = type.kind === 'list' ? kindOf(type.of) : type.kind === 'flag' ? 'flag' : kindOf(type)
  const bare = kind.replace(/\(.*$/, '')
  return `{ kind: ${quoted(bare)}${type.kind === 'list' ? ', list: true' : ''}${optional ? ', optional: true' : ''} }`
}

function usesHelper(parts: StatementPart[], name: string): boolean {
  return parts.some(
    part =>
      (name === 'list' && part.kind === 'parameter' && part.list) ||
      (name === 'eachRow' && part.kind === 'rows') ||
      (part.kind === 'optional' && (name === 'when' || usesHelper(part.parts, name))) ||
      (part.kind === 'joined' && (name === 'joined' || usesHelper(part.parts, name))),
  )
}

function parametersIn(parts: StatementPart[]): string[] {
  return parts.flatMap(part => {
    if (part.kind === 'parameter' || part.kind === 'choice' || part.kind === 'rows') return [part.parameter]
    if (part.kind === 'joined') return parametersIn(part.parts)
    return part.kind === 'optional' ? [part.when, ...parametersIn(part.parts)] : []
  })
}

/** The statement as a template whose parameters are bound. */
function statement(parts: StatementPart[], operation: Operation): string {
  const { dialect, parameters } = operation
  // A value may be false itself, so it is there unless it is undefined.
  const isFlag = (name: string): boolean =>
    parameters.some(parameter => parameter.name === name && parameter.type.kind === 'flag')
  const columnsOf = (name: string): RowColumn[] => {
    const type = parameters.find(parameter => parameter.name === name)?.type
    return type?.kind === 'rows' ? type.columns : []
  }
  const optional = ({ when, parts: inner }: StatementPart & { kind: 'optional' }): string =>
    `when(${when}${isFlag(when) ? ' === true' : ' !== undefined'}, ${statement(inner, operation)})`
  const inside = parts
    .map(part => {
      if (part.kind === 'text') return templateText(indented(part.text, dialect))
      if (part.kind === 'parameter')
        return part.list ? `\${list(${part.parameter})}` : `\${${part.parameter}}`
      if (part.kind === 'choice') return `\${${part.parameter}}`
      if (part.kind === 'optional') return `\${${optional(part)}}`
      if (part.kind === 'rows') {
        const names = columnsOf(part.parameter).map(({ name }) => name)
        return `\${eachRow(${part.parameter}, ([${names.join(', ')}]) => ${statement(part.parts, operation)})}`
      }
      const lines = part.parts.map(
        each => `\n      ${each.kind === 'optional' ? optional(each) : statement([each], operation)},`,
      )
      return `\${joined(sql\`${templateText(indented(part.separator, dialect))}\`,${lines.join('')}\n    )}`
    })
    .join('')
  return `sql\`${inside}\``
}

/** Lines between the words of a statement get the indentation of the code; those inside of a string don't. */
function indented(text: string, dialect: RewriteDialect): string {
  let result = ''
  let at = 0
  for (const { start, end } of tokensOf(text, dialect)) {
    result += text.slice(at, start).replaceAll('\n', '\n    ') + text.slice(start, end)
    at = end
  }
  return result + text.slice(at).replaceAll('\n', '\n    ')
}

function indexFile(operations: Operation[], home: Home): string {
  const names = operations.map(operation => operation.name)
  return `${HEADER}${names.map(name => `import { ${name} } from './${name}${home.extension}'\n`).join('')}
/** Everything that other services may ask of this one. */
export const operations = [
${indent(names.map(name => `${name},\n`).join(''), '  ')}]
`
}
