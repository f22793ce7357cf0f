/** What built-in functions give. A function that is not listed gives something that is not known. */
import type { RewriteDialect, ScalarKind, WireType } from '../wire.js'
import type { Expr } from './tree.js'
import { type Typed, unify } from './typing.js'

type Rule = (args: Typed[], dialect: RewriteDialect) => Typed

const anyNull = (args: Typed[]): boolean => args.some(arg => arg.nullable)
/** NULL if some argument is. */
const gives =
  (kind: ScalarKind): Rule =>
  args => ({ type: { kind }, nullable: anyNull(args) })
const always =
  (kind: ScalarKind): Rule =>
  () => ({ type: { kind }, nullable: false })
const maybe =
  (kind: ScalarKind): Rule =>
  () => ({ type: { kind }, nullable: true })
const first: Rule = args => ({
  type: args[0]?.literal ? null : (args[0]?.type ?? null),
  nullable: anyNull(args),
})
const firstOrNull: Rule = args => ({ ...first(args, 'mysql'), nullable: true })
const coalesce: Rule = (args, dialect) => ({
  type: unify(args, dialect).type,
  nullable: args.every(arg => arg.nullable),
})
const together: Rule = (args, dialect) => unify(args, dialect)
const text = gives('text')
const json: Rule = maybe('json')

const BOTH: Record<string, Rule> = {
  count: always('bigint'),
  coalesce,
  nullif: firstOrNull,
  min: firstOrNull,
  max: firstOrNull,
  greatest: together,
  least: together,
  lower: text,
  upper: text,
  trim: text,
  ltrim: text,
  rtrim: text,
  substring: text,
  substr: text,
  left: text,
  right: text,
  replace: text,
  lpad: text,
  rpad: text,
  reverse: text,
  repeat: text,
  md5: text,
  concat_ws: text,
  length: gives('integer'),
  char_length: gives('integer'),
  character_length: gives('integer'),
  octet_length: gives('integer'),
  position: gives('integer'),
  ascii: gives('integer'),
  row_number: always('bigint'),
  rank: always('bigint'),
  dense_rank: always('bigint'),
  current_date: always('date'),
}

const MYSQL: Record<string, Rule> = {
  ifnull: coalesce,
  if: args => unify(args.slice(1), 'mysql'),
  sum: mysqlSum(0),
  avg: mysqlSum(4),
  concat: text,
  lcase: text,
  ucase: text,
  mid: text,
  hex: text,
  sha1: text,
  sha2: maybe('text'),
  uuid: always('text'),
  date_format: maybe('text'),
  dayname: maybe('text'),
  monthname: maybe('text'),
  group_concat: maybe('text'),
  now: always('timestamp'),
  current_timestamp: always('timestamp'),
  localtime: always('timestamp'),
  localtimestamp: always('timestamp'),
  sysdate: always('timestamp'),
  utc_timestamp: always('timestamp'),
  curdate: always('date'),
  utc_date: always('date'),
  date: maybe('date'),
  last_day: maybe('date'),
  curtime: always('time'),
  timediff: maybe('time'),
  datediff: maybe('integer'),
  timestampdiff: maybe('bigint'),
  unix_timestamp: args => ({ type: args.length === 0 ? { kind: 'bigint' } : null, nullable: true }),
  year: maybe('integer'),
  quarter: maybe('integer'),
  month: maybe('integer'),
  week: maybe('integer'),
  day: maybe('integer'),
  dayofmonth: maybe('integer'),
  dayofweek: maybe('integer'),
  dayofyear: maybe('integer'),
  weekday: maybe('integer'),
  hour: maybe('integer'),
  minute: maybe('integer'),
  second: maybe('integer'),
  locate: gives('integer'),
  instr: gives('integer'),
  field: always('integer'),
  date_add: shifted,
  date_sub: shifted,
  isnull: always('integer'),
  json_object: json,
  json_array: json,
  json_arrayagg: json,
  json_objectagg: json,
  json_extract: json,
  json_unquote: maybe('text'),
  '->': json,
  '->>': maybe('text'),
}

const POSTGRESQL: Record<string, Rule> = {
  // Lists of other lengths are filled up.
  unnest: ([of]) => ({ type: of?.type?.kind === 'array' ? of.type.of : null, nullable: true }),
  sum: ([of]) => {
    const kind = of?.type?.kind
    if (kind === 'integer') return { type: { kind: 'bigint' }, nullable: true }
    if (kind === 'bigint' || kind === 'decimal')
      return { type: { kind: 'decimal', scale: null }, nullable: true }
    return { type: kind === 'float' ? { kind } : null, nullable: true }
  },
  avg: ([of]) => {
    const kind = of?.type?.kind
    if (kind === 'integer' || kind === 'bigint' || kind === 'decimal')
      return { type: { kind: 'decimal', scale: null }, nullable: true }
    return { type: kind === 'float' ? { kind } : null, nullable: true }
  },
  concat: always('text'),
  '||': args => ({
    type:
      args.some(arg => arg.type?.kind === 'text') && !args.some(arg => isMany(arg.type))
        ? { kind: 'text' }
        : null,
    nullable: anyNull(args),
  }),
  btrim: text,
  initcap: text,
  split_part: text,
  to_char: maybe('text'),
  format: text,
  string_agg: maybe('text'),
  regexp_replace: text,
  encode: text,
  now: always('instant'),
  current_timestamp: always('instant'),
  transaction_timestamp: always('instant'),
  clock_timestamp: always('instant'),
  localtimestamp: always('timestamp'),
  date_trunc: ([, of]) => ({
    type: of?.type?.kind === 'instant' || of?.type?.kind === 'timestamp' ? of.type : null,
    nullable: of?.nullable ?? true,
  }),
  date_part: maybe('float'),
  abs: first,
  round: ([of]) => ({
    type:
      of?.type?.kind === 'decimal'
        ? { kind: 'decimal', scale: null }
        : of?.type?.kind === 'float'
          ? of.type
          : null,
    nullable: of?.nullable ?? true,
  }),
  bool_and: maybe('boolean'),
  bool_or: maybe('boolean'),
  every: maybe('boolean'),
  array_agg: ([of]) => ({
    type: of?.type && !of.literal && of.type.kind !== 'array' ? { kind: 'array', of: of.type } : null,
    nullable: true,
  }),
  array_length: maybe('integer'),
  cardinality: gives('integer'),
  gen_random_uuid: always('uuid'),
  uuid_generate_v4: always('uuid'),
  json_agg: json,
  jsonb_agg: json,
  json_object_agg: json,
  jsonb_object_agg: json,
  json_build_object: json,
  jsonb_build_object: json,
  json_build_array: json,
  jsonb_build_array: json,
  row_to_json: json,
  to_json: json,
  to_jsonb: json,
  '->': json,
  '#>': json,
  '->>': maybe('text'),
  '#>>': maybe('text'),
  '= any': maybe('boolean'),
}

/** Type that a call gives; window functions give what they give without a window. */
export function callType(call: Expr & { kind: 'call' }, args: Typed[], dialect: RewriteDialect): Typed {
  const own = dialect === 'mysql' ? MYSQL : POSTGRESQL
  const rule = Object.hasOwn(own, call.name) ? own[call.name] : BOTH[call.name]
  return rule ? rule(args, dialect) : { type: null, nullable: true }
}

/** SUM and AVG of MySQL: exact for exact numbers, with four digits more for AVG. */
function mysqlSum(more: number): Rule {
  return ([of]) => {
    const type = of?.type
    if (!type || of.literal) return { type: null, nullable: true }
    if (type.kind === 'integer' || type.kind === 'bigint')
      return { type: { kind: 'decimal', scale: more }, nullable: true }
    if (type.kind === 'decimal') {
      return {
        type: { kind: 'decimal', scale: type.scale === null ? null : type.scale + more },
        nullable: true,
      }
    }
    return { type: type.kind === 'float' ? type : null, nullable: true }
  }
}

/** DATE_ADD keeps a point in time one; of a date it depends on the unit. */
function shifted([of]: Typed[]): Typed {
  return { type: of?.type?.kind === 'timestamp' ? of.type : null, nullable: true }
}

function isMany(type: WireType | null | undefined): boolean {
  return type?.kind === 'array' || type?.kind === 'json' || type?.kind === 'bytes'
}
