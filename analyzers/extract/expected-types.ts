/** Types of parameters that stand where a function is expected: `const f: (db: Pool) => … = db => …`, and of what a function returns. */
import type {
  Expression,
  FormalParameterRest,
  ParamPattern,
  TSType,
  TSTypeAnnotation,
} from '@oxc-project/types'

/** What is expected of a function, by its syntax. */
export type ExpectedTypes = WeakMap<object, (TSTypeAnnotation | null)[]>

/** Notes what a declared type says of the parameters of a function that is written there. */
export function expectFunction(
  expected: ExpectedTypes,
  value: Expression | null | undefined,
  declared: TSTypeAnnotation | null | undefined,
): void {
  if (!value || !declared) return
  if (value.type !== 'ArrowFunctionExpression' && value.type !== 'FunctionExpression') return
  const type = withoutParens(declared.typeAnnotation)
  if (type.type === 'TSFunctionType') expected.set(value, type.params.map(typeOf))
}

function withoutParens(type: TSType): TSType {
  let inner = type
  while (inner.type === 'TSParenthesizedType') inner = inner.typeAnnotation
  return inner
}

function typeOf(param: ParamPattern | FormalParameterRest): TSTypeAnnotation | null {
  return ('typeAnnotation' in param ? param.typeAnnotation : null) ?? null
}
