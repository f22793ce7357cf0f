/** Changes to TypeScript that do not change what it does, and one that does. */
import ts from 'typescript'

const parse = (file, text) => ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)

/** The functions of the file and the methods of its classes in the opposite order. */
export function otherOrder(file, text) {
  const source = parse(file, text)
  const lists = [source.statements.filter(ts.isFunctionDeclaration)]
  const visit = node => {
    if (ts.isClassLike(node)) lists.push(node.members.filter(ts.isMethodDeclaration))
    else ts.forEachChild(node, visit)
  }
  visit(source)
  // Overloads have to stay beside their function.
  const movable = lists.filter(list => list.length > 1 && list.every(({ body }) => body))
  const pieces = movable.flatMap(list =>
    list.map((node, index) => ({ node, by: list.at(-1 - index).getFullText() })),
  )
  let result = text
  for (const { node, by } of pieces.sort((a, b) => b.node.pos - a.node.pos))
    result = result.slice(0, node.getFullStart()) + by + result.slice(node.end)
  return result
}

/**
 * The text with a statement more, which runs this SQL by the same call as an access, in front of that one's statement.
 * Null where that would not be the same call: its text comes from elsewhere, or it is in a function of its own.
 */
export function placeBeside(text, { file, line, column }, sql) {
  const source = parse(file, text)
  const call = callAt(source, source.getPositionOfLineAndCharacter(line - 1, column - 1))
  if (!call || !isSqlText(call.arguments[0])) return null
  let statement = call
  while (!isInList(statement)) {
    if (!statement.parent || ts.isFunctionLike(statement)) return null
    statement = statement.parent
  }
  if (
    !ts.isVariableStatement(statement) &&
    !ts.isExpressionStatement(statement) &&
    !ts.isReturnStatement(statement)
  )
    return null
  const isAwaited = ts.isAwaitExpression(call.parent)
  const added = `${isAwaited ? 'await ' : ''}${call.expression.getText()}('${sql}');`
  if (added.includes('\n')) return null
  const start = statement.getStart()
  const prefix = added.startsWith('(') ? ';' : ''
  const indent = text.slice(text.lastIndexOf('\n', start) + 1, start)
  if (indent.trim() !== '') return null
  return {
    text: `${text.slice(0, start)}${prefix}${added}\n${indent}${text.slice(start)}`,
    line: source.getLineAndCharacterOfPosition(start).line + 1,
    statement: added,
  }
}

function callAt(node, position) {
  if (ts.isCallExpression(node) && node.getStart() === position && isSqlText(node.arguments[0])) return node
  return ts.forEachChild(node, child => callAt(child, position))
}

const isInList = ({ parent }) => parent !== undefined && (ts.isBlock(parent) || ts.isSourceFile(parent))

function isSqlText(node) {
  return (
    node !== undefined &&
    (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node)) &&
    /^.\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b/i.test(node.getText())
  )
}
