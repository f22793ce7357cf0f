import type { Dialect } from '../../model.js'
import { bigquery } from './bigquery.js'
import { clickhouse } from './clickhouse.js'
import type { SqlDialect } from './dialect.js'
import { mssql } from './mssql.js'
import { mysql } from './mysql.js'
import { postgresql } from './postgresql.js'
import { snowflake } from './snowflake.js'
import { sqlite } from './sqlite.js'
import { unknown } from './unknown.js'

export type { SqlDialect } from './dialect.js'

/** All dialects by name. */
export const dialects: Record<Dialect, SqlDialect> = {
  postgresql,
  mysql,
  sqlite,
  mssql,
  snowflake,
  clickhouse,
  bigquery,
  unknown,
}
