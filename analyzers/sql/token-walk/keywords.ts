const words = (text: string) => new Set(text.trim().split(/\s+/))

/** Words that end a list of tables (FROM a, b …) at its own level, in every dialect. */
const ENDS_FROM = words(`
  WHERE GROUP ORDER HAVING LIMIT OFFSET FETCH WINDOW RETURNING SET VALUES UNION INTERSECT EXCEPT WHEN INTO
`)

/** Words that do so in front of another word, and may be an alias or a table elsewhere. */
const ENDS_FROM_BEFORE: Record<string, string[] | undefined> = {
  LOCK: ['IN'],
  START: ['WITH'],
  CONNECT: ['BY'],
  OPTION: ['('],
  PROCEDURE: ['ANALYSE'],
  MINUS: ['SELECT', 'ALL', '('],
  CLUSTER: ['BY'],
  DISTRIBUTE: ['BY'],
  SORT: ['BY'],
  LOOP: [
    'INSERT',
    'UPDATE',
    'DELETE',
    'IF',
    'SELECT',
    'PERFORM',
    'EXECUTE',
    'RETURN',
    'BEGIN',
    'CALL',
    'RAISE',
    'SET',
    'FOR',
    'WITH',
  ],
}

/** Words that do so in one dialect only. */
const ENDS_FROM_IN: Record<string, string[] | undefined> = {
  FORMAT: ['clickhouse'],
  SETTINGS: ['clickhouse'],
  PREWHERE: ['clickhouse'],
  QUALIFY: ['snowflake', 'bigquery', 'clickhouse'],
  OUTPUT: ['mssql'],
}

/** True if the word ends a list of tables. `next` is the token after it, in upper case. */
export function endsFrom(upper: string, next: string, dialect: string): boolean {
  return (
    ENDS_FROM.has(upper) ||
    ENDS_FROM_BEFORE[upper]?.includes(next) === true ||
    ENDS_FROM_IN[upper]?.includes(dialect) === true
  )
}

/** Words that can't be an alias without AS, because they continue or end the statement. */
export const NOT_ALIAS = words(`
  WHERE GROUP ORDER HAVING LIMIT OFFSET FETCH WINDOW RETURNING SET VALUES UNION INTERSECT EXCEPT WHEN INTO
  JOIN INNER LEFT RIGHT FULL CROSS NATURAL STRAIGHT_JOIN OUTER LATERAL APPLY
  ON USING AS FROM SELECT INSERT UPDATE DELETE MERGE WITH FOR USE FORCE IGNORE PARTITION TABLESAMPLE
  PIVOT UNPIVOT MATCH_RECOGNIZE DO DEFAULT OVERRIDING EXEC EXECUTE ELSE END IF
  INDEXED NOT AND OR IS IN BETWEEN LIKE TABLE WHILE BEGIN DECLARE CALL RETURN THEN LOOP
  CREATE ALTER DROP TRUNCATE
`)

/** Words of joins in ClickHouse, which may be aliases elsewhere. */
export const CLICKHOUSE_JOIN = words('ASOF GLOBAL ANY ALL SEMI ANTI ARRAY FINAL SAMPLE')

/** Words that stand before a parenthesis and are no function. */
export const NO_FUNCTION = words(`
  SELECT FROM WHERE AND OR NOT IN ON USING VALUES VALUE SET AS BY HAVING CASE WHEN THEN ELSE END EXISTS ANY ALL SOME
  JOIN INNER LEFT_JOIN OUTER UNION EXCEPT INTERSECT LIMIT OFFSET OVER FILTER WITHIN PARTITION ORDER GROUP DISTINCT
  BETWEEN LIKE ILIKE IS LATERAL RETURNING INTO TABLE KEY INDEX CONSTRAINT CHECK PRIMARY UNIQUE REFERENCES FOREIGN
  DEFAULT ARRAY ROW INTERVAL UPDATE DELETE INSERT CONFLICT DO ONLY WITH RECURSIVE MATERIALIZED IF WHILE RETURN TOP
  FETCH FIRST NEXT FOR TO ROLLUP CUBE SETS GROUPING ESCAPE APPLY COLUMNS NESTED PATH USE FORCE IGNORE
  CAST CONVERT EXTRACT TRIM SUBSTRING POSITION OVERLAY VARCHAR CHAR NVARCHAR NCHAR DECIMAL NUMERIC INT INTEGER BIGINT
  SMALLINT TINYINT FLOAT DOUBLE TIMESTAMP TIMESTAMPTZ TIME DATETIME VARBINARY BINARY BIT CHARACTER VARYING VARCHAR2
  NUMBER STRING ENUM TEXT JSON JSONB VECTOR GEOMETRY GEOGRAPHY PRECISION XOR DIV MOD EXPLAIN ANALYZE VACUUM LOOP
`)

/** Verbs that begin a query inside of parentheses. */
export const BEGINS_QUERY = words('SELECT WITH VALUES TABLE INSERT UPDATE DELETE MERGE REPLACE FROM')

/** Words that can't be a table where one is expected: the list ended, or a piece of it is missing. */
export const NEVER_A_TABLE = words(`
  WHERE GROUP HAVING LIMIT SET VALUES ON USING SELECT FROM JOIN INNER UNION INTO AND OR RETURNING EXCEPT INTERSECT
  WITH AS INSERT UPDATE DELETE LEFT RIGHT CROSS NATURAL
`)
