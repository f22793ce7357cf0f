import type { ExprNode, FileFacts, NodeId } from '../../analyzers/extract/facts.js'
import { extractFacts } from '../../analyzers/extract/index.js'

/** What each call of `show(x)` in a snippet gets, in order, written like a regular expression: `a( b)?(c|d)`. */
export function shown(code: string): string[] {
  const facts = extractFacts('src/a.ts', code)
  return facts.calls.flatMap(({ node }) => {
    const call = facts.nodes[node]!
    if (call.kind !== 'call') return []
    const callee = facts.nodes[call.callee]!
    return callee.kind === 'global' && callee.name === 'show' ? [render(facts, call.args[0]!)] : []
  })
}

function render(facts: FileFacts, id: NodeId, depth = 0): string {
  const node = facts.nodes[id]!
  const of = (each: NodeId): string => render(facts, each, depth + 1)
  if (depth > 30) return '…'
  switch (node.kind) {
    case 'text':
      return node.text
    case 'concat':
      return node.parts.map(of).join('')
    case 'choice':
      return renderChoice(optionsOf(facts, node).map(of))
    case 'param':
      return `<${facts.functions[node.fn]!.params[node.index]!.name}>`
    case 'variable':
    case 'import':
    case 'global':
      return `<${node.name}>`
    case 'module':
      return `<${node.module}>`
    case 'array':
      return `[${node.items.map(of).join(', ')}]`
    case 'append': {
      const items = node.items.map(item => (node.maybe ? `${of(item)}?` : of(item)))
      const before = of(node.of)
      return before.endsWith(']')
        ? `${before.slice(0, -1)}${before.endsWith('[]') ? '' : ', '}${items.join(', ')}]`
        : `${before}[…, ${items.join(', ')}]`
    }
    case 'spread':
      return `...${of(node.of)}`
    case 'element':
      return `<each of ${of(node.of)}>`
    case 'member':
      return `${of(node.of)}.${node.name}`
    case 'index':
      return `${of(node.of)}[${of(node.by)}]`
    case 'call':
      return `${of(node.callee)}(${node.args.map(of).join(', ')})`
    case 'new':
      return `new ${of(node.callee)}(${node.args.map(of).join(', ')})`
    case 'tagged':
      return `${of(node.tag)}\`${of(node.text)}\``
    case 'object':
      return `{ ${node.entries.map(([key, value]) => `${key}: ${of(value)}`).join(', ')} }`
    case 'assign':
      return `${of(node.of)} & { ${node.key}: ${of(node.value)} }`
    case 'typed':
      return node.of === null ? `<${node.types.join(' ')}>` : of(node.of)
    case 'function':
      return `<function ${facts.functions[node.fn]!.name}>`
    case 'class':
      return `<class ${facts.classes[node.cls]!.name}>`
    case 'this':
      return '<this>'
    default:
      return '<?>'
  }
}

function optionsOf(facts: FileFacts, choice: ExprNode & { kind: 'choice' }): NodeId[] {
  return choice.of.flatMap(id => {
    const option = facts.nodes[id]!
    return option.kind === 'choice' ? optionsOf(facts, option) : [id]
  })
}

/** `(a|b)`, or `(a)?` where one of them is empty; the order says nothing. */
function renderChoice(options: string[]): string {
  const flat = options.flatMap(option => (isOptional(option) ? ['', option.slice(1, -2)] : [option]))
  const full = [...new Set(flat)].filter(option => option !== '').sort()
  if (full.length === 0) return ''
  if (flat.includes('')) return `(${full.join('|')})?`
  return full.length === 1 ? full[0]! : `(${full.join('|')})`
}

/** Whether a text is one group that may be absent, as `(a|b)?` is and `(a)?b(c)?` is not. */
function isOptional(text: string): boolean {
  return /^\([^()]*\)\?$/.test(text)
}
