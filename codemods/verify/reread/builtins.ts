/** The functions of JavaScript that code which makes a text uses. What is not here is not run. */
import { GAP, type Inputs, NotRead, Unknown } from './inputs.js'

/** Nothing that is read may grow beyond this. */
export const MOST = 50_000

export type Call = (fn: unknown, args: unknown[]) => unknown

/** Objects of the code: no prototype, so that no name means anything else than what was put there. */
export type Plain = Record<string, unknown>

export function plainObject(entries: Iterable<readonly [string, unknown]> = []): Plain {
  const object = Object.create(null) as Plain
  for (const [name, value] of entries) object[name] = value
  return object
}

export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null
}

const CHANGING = new Set([
  'push',
  'unshift',
  'pop',
  'shift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'set',
  'add',
])
const OF_LISTS = new Set([
  'map',
  'filter',
  'forEach',
  'join',
  'some',
  'every',
  'reduce',
  'flatMap',
  'find',
  'entries',
  'keys',
  'flat',
])
const OF_TEXTS = new Set([
  'trim',
  'toLowerCase',
  'toUpperCase',
  'split',
  'replace',
  'replaceAll',
  'startsWith',
  'endsWith',
  'padStart',
  'padEnd',
  'substring',
  'charAt',
  'includes',
  'slice',
  'indexOf',
  'repeat',
  'trimEnd',
  'trimStart',
  'concat',
])

export function isChanging(method: string): boolean {
  return CHANGING.has(method)
}

/** What an unknown is, by a method that only some values have. */
export function kindBy(method: string): 'list' | 'text' | null {
  if (OF_LISTS.has(method)) return 'list'
  return OF_TEXTS.has(method) ? 'text' : null
}

/** `toString` and the like, of whatever there is. */
export function textOf(value: unknown, inputs: Inputs): string {
  if (value instanceof Unknown) return textOf(inputs.pieceOf(value), inputs)
  if (Array.isArray(value))
    return value.map(each => (each === null || each === undefined ? '' : textOf(each, inputs))).join(',')
  if (typeof value === 'object' && value !== null && !(value instanceof Date))
    throw new NotRead('an object is written into a text')
  if (typeof value === 'function') throw new NotRead('a function is written into a text')
  return String(value)
}

/** A value without anything unknown in it. */
export function known(value: unknown, inputs: Inputs, depth = 0): unknown {
  if (depth > 6) throw new NotRead('a value is nested too deeply')
  if (value instanceof Unknown) return known(inputs.valueOf(value), inputs, depth + 1)
  if (Array.isArray(value)) return value.map(each => known(each, inputs, depth + 1))
  if (typeof value === 'string') return value.replaceAll(new RegExp(GAP, 'g'), '1')
  if (isPlain(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, known(each, inputs, depth + 1)]),
    )
  return value
}

/** A method of a text, a list, a date or a number. */
export function callMethod(
  object: unknown,
  method: string,
  args: unknown[],
  call: Call,
  inputs: Inputs,
): unknown {
  if (Array.isArray(object)) return ofList(object, method, args, call, inputs)
  if (typeof object === 'string') return ofText(object, method, args, call, inputs)
  if (object instanceof Map || object instanceof Set) return ofCollection(object, method, args, call, inputs)
  if (object instanceof Date) {
    const dates = object as unknown as Record<string, unknown>
    if (/^(?:get\w+|toISOString|toJSON|valueOf)$/.test(method) && typeof dates[method] === 'function')
      return (object as unknown as Record<string, () => unknown>)[method]!()
  }
  if (method === 'toString' && args.length === 0) return textOf(object, inputs)
  if (typeof object === 'number' && method === 'toFixed')
    return object.toFixed(Number(known(args[0] ?? 0, inputs)))
  if (object === null || object === undefined || typeof object === 'number' || typeof object === 'boolean')
    throw new TypeError(`${method} is not a function`)
  throw new NotRead(`it calls \`${method}\``)
}

function ofList(list: unknown[], method: string, args: unknown[], call: Call, inputs: Inputs): unknown {
  const [first] = args
  const truthy = (value: unknown): boolean =>
    Boolean(value instanceof Unknown ? inputs.valueOf(value) : value)
  const test = (each: unknown, at: number): boolean => truthy(call(first, [each, at, list]))
  const same = (each: unknown): boolean => known(each, inputs) === known(first, inputs)
  switch (method) {
    case 'push':
    case 'unshift':
      if (list.length + args.length > MOST) throw new NotRead('a list grows without end')
      return list[method](...args)
    case 'pop':
    case 'shift':
      return list[method]()
    case 'reverse':
      return list.reverse()
    case 'map':
      return list.map((each, at) => call(first, [each, at, list]))
    case 'flatMap':
      return list.flatMap((each, at) => call(first, [each, at, list]) as unknown[])
    case 'forEach':
      for (const [at, each] of [...list].entries()) call(first, [each, at, list])
      return undefined
    case 'filter':
      return list.filter(test)
    case 'some':
      return list.some(test)
    case 'every':
      return list.every(test)
    case 'find':
      return list.find(test)
    case 'reduce': {
      const [start, ...rest] = args.length > 1 ? [args[1], ...list] : list
      return rest.reduce((sum, each, at) => call(first, [sum, each, at, list]), start)
    }
    case 'join':
      return bounded(
        list
          .map(each => (each === null || each === undefined ? '' : textOf(each, inputs)))
          .join(first === undefined ? ',' : textOf(first, inputs)),
      )
    case 'includes':
      return list.some(same)
    case 'indexOf':
      return list.findIndex(same)
    case 'slice':
      return list.slice(...(known(args, inputs) as number[]))
    case 'concat':
      return list.concat(...args)
    case 'flat':
      return list.flat()
    case 'keys':
      return [...list.keys()]
    case 'entries':
      return [...list.entries()].map(each => [...each])
    default:
      throw new NotRead(`it calls \`${method}\` of a list`)
  }
}

/** In a longer text a pattern is not looked for: it may take the square of this. */
const LONGEST_SEARCHED = 4_000

/** Patterns that take no more than the text's length for each place: one thing repeats, in each of its alternatives. */
function plainPattern(pattern: RegExp, text: string): RegExp {
  const { source } = pattern
  if (source.length > 30 || /[()]/.test(source) || source.split('|').some(each => /[*+}].*[*+}]/.test(each)))
    throw new NotRead('it changes a text by a pattern')
  if (text.length > LONGEST_SEARCHED) throw new NotRead('it looks for a pattern in a long text')
  return pattern
}

function ofText(text: string, method: string, args: unknown[], call: Call, inputs: Inputs): unknown {
  const [first, second] = args.map(each => (each instanceof Unknown ? inputs.valueOf(each) : each))
  const pattern = first instanceof RegExp ? plainPattern(first, text) : textOf(first, inputs)
  switch (method) {
    case 'trim':
    case 'trimEnd':
    case 'trimStart':
    case 'toLowerCase':
    case 'toUpperCase':
    case 'toString':
      return text[method]()
    case 'split':
      return text.split(pattern)
    case 'replace':
    case 'replaceAll': {
      if (text.length > MOST) throw new NotRead('a text grows without end')
      const by =
        typeof second === 'string'
          ? second
          : (...found: unknown[]) => textOf(call(second, [found[0]]), inputs)
      return bounded(text[method](pattern as string, by as string))
    }
    case 'startsWith':
    case 'endsWith':
    case 'includes':
    case 'indexOf':
      return text[method](pattern as string)
    case 'padStart':
    case 'padEnd':
      return text[method](Math.min(Number(first), MOST), second === undefined ? ' ' : textOf(second, inputs))
    case 'repeat':
      if (Number(first) * text.length > MOST) throw new NotRead('a text grows without end')
      return text.repeat(Number(first))
    case 'slice':
    case 'substring':
      return text[method](Number(first ?? 0), second === undefined ? undefined : Number(second))
    case 'charAt':
      return text.charAt(Number(first))
    case 'concat':
      return bounded(text + args.map(each => textOf(each, inputs)).join(''))
    default:
      throw new NotRead(`it calls \`${method}\` of a text`)
  }
}

function ofCollection(
  of: Map<unknown, unknown> | Set<unknown>,
  method: string,
  args: unknown[],
  call: Call,
  inputs: Inputs,
): unknown {
  const [first, second] = args
  const key = known(first, inputs)
  if (method === 'has') return of.has(key)
  if (method === 'get' && of instanceof Map) return of.get(key)
  if (method === 'set' && of instanceof Map) return of.set(key, second)
  if (method === 'add' && of instanceof Set) return of.add(key)
  if (method === 'values') return [...of.values()]
  if (method === 'keys') return [...of.keys()]
  if (method === 'forEach') return ofList([...of.values()], method, args, call, inputs)
  throw new NotRead(`it calls \`${method}\` of a collection`)
}

export function bounded(text: string): string {
  if (text.length > MOST) throw new NotRead('a text grows without end')
  return text
}

type Global = (args: unknown[], inputs: Inputs) => unknown

const scalar = (value: unknown, inputs: Inputs): unknown => {
  const found = value instanceof Unknown ? inputs.valueOf(value) : value
  if (typeof found === 'object' && found !== null && !(found instanceof Date)) return textOf(found, inputs)
  return found
}
const numbers = (args: unknown[], inputs: Inputs): number[] => args.map(each => Number(scalar(each, inputs)))

/** Functions that have a name everywhere, by that name. */
export const GLOBALS: Record<string, Global> = {
  Number: ([value], inputs) => Number(scalar(value, inputs)),
  String: ([value], inputs) => textOf(value, inputs),
  Boolean: ([value], inputs) => Boolean(value instanceof Unknown ? inputs.valueOf(value) : value),
  BigInt: ([value], inputs) => BigInt(scalar(value, inputs) as string),
  parseInt: ([value, base], inputs) =>
    Number.parseInt(textOf(value, inputs), base === undefined ? undefined : Number(scalar(base, inputs))),
  parseFloat: ([value], inputs) => Number.parseFloat(textOf(value, inputs)),
  isNaN: ([value], inputs) => Number.isNaN(Number(scalar(value, inputs))),
  isFinite: ([value], inputs) => Number.isFinite(Number(scalar(value, inputs))),
  'Number.isInteger': ([value], inputs) => Number.isInteger(scalar(value, inputs)),
  'Number.isSafeInteger': ([value], inputs) => Number.isSafeInteger(scalar(value, inputs)),
  'Number.isFinite': ([value], inputs) => Number.isFinite(scalar(value, inputs)),
  'Number.isNaN': ([value], inputs) => Number.isNaN(scalar(value, inputs)),
  'Math.min': (args, inputs) => Math.min(...numbers(args, inputs)),
  'Math.max': (args, inputs) => Math.max(...numbers(args, inputs)),
  'Math.floor': (args, inputs) => Math.floor(numbers(args, inputs)[0]!),
  'Math.ceil': (args, inputs) => Math.ceil(numbers(args, inputs)[0]!),
  'Math.round': (args, inputs) => Math.round(numbers(args, inputs)[0]!),
  'Math.trunc': (args, inputs) => Math.trunc(numbers(args, inputs)[0]!),
  'Math.abs': (args, inputs) => Math.abs(numbers(args, inputs)[0]!),
  'Array.isArray': ([value], inputs) =>
    Array.isArray(value instanceof Unknown ? inputs.valueOf(value) : value),
  'Array.from': ([value], inputs) => [...listOf(value, inputs)],
  'Object.keys': ([value]) => Object.keys(objectOf(value)),
  'Object.values': ([value]) => Object.values(objectOf(value)),
  'Object.entries': ([value]) => Object.entries(objectOf(value)).map(each => [...each]),
  'Object.freeze': ([value]) => value,
  'Object.assign': ([target, ...others]) =>
    Object.assign(objectOf(target), ...others.map(each => objectOf(each))) as unknown,
  'Object.fromEntries': ([value], inputs) =>
    plainObject(
      listOf(value, inputs).map(each => [textOf((each as unknown[])[0], inputs), (each as unknown[])[1]]),
    ),
  'JSON.stringify': ([value, ...more], inputs) => {
    if (more.length > 0) throw new NotRead('it calls JSON.stringify with more than a value')
    return JSON.stringify(known(value, inputs))
  },
  'Date.now': () => NOW,
}

/** What the code takes for now. */
export const NOW = 1_709_208_000_000

function objectOf(value: unknown): Plain {
  if (isPlain(value)) return value
  if (Array.isArray(value)) return value as unknown as Plain
  throw new NotRead('it looks into an object whose fields are not known')
}

/** What is iterated: a list, a collection, a text, or an unknown, which has two of it. */
export function listOf(value: unknown, inputs: Inputs): unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return [...value]
  if (value instanceof Map) return [...value].map(each => [...each])
  if (value instanceof Set) return [...value]
  if (value instanceof Unknown) {
    inputs.learn(value, 'list')
    const found = inputs.valueOf(value)
    if (Array.isArray(found)) return found
    if (typeof found === 'string') return [...found]
  }
  throw new TypeError('it is not iterable')
}
