/**
 * Methods that execute SQL, one function a pattern of real code. Each takes what a method needs to know and returns
 * its lines, indented for a class body:
 *
 *   name    of the method, unique in its class
 *   table   that it is about
 *   other   table that it joins, often another service's
 *   random  choices
 *   sql     what differs between the dialects: `at(n)` the n-th placeholder, `rows(call)` the rows of a call
 */
import { COLUMNS } from './domain.mjs'

export const DIALECTS = {
  mysql: { at: () => '?', rows: call => `const [rows] = await ${call}`, returning: '' },
  postgresql: {
    at: n => `$${n}`,
    rows: call => `const { rows } = await ${call}`,
    returning: ' RETURNING id',
  },
}

export const queryMethods = [
  function textInCall({ name, table, random, sql }) {
    return [
      `  async ${name}(id: string): Promise<Row | null> {`,
      `    ${sql.rows('this.pool.query(')}`,
      `      'SELECT ${columns(random)} FROM ${table} WHERE id = ${sql.at(1)}',`,
      '      [id],',
      '    )',
      '    return (rows as Row[])[0] ?? null',
      '  }',
    ]
  },
  function textAbove({ name, table, other, random, sql }) {
    return [
      `  async ${name}(tenantId: string, limit = 50): Promise<Row[]> {`,
      '    const query = `',
      `      SELECT t.${COLUMNS.slice(0, 4).join(', t.')}, o.${random.pick(COLUMNS)} AS related`,
      `      FROM ${table} t`,
      `      ${random.pick(['JOIN', 'LEFT JOIN'])} ${other} o ON o.id = t.reference`,
      `      WHERE t.tenant_id = ${sql.at(1)}`,
      '      ORDER BY t.created_at DESC',
      `      LIMIT ${sql.at(2)}`,
      '    `',
      `    ${sql.rows('this.pool.query(query, [tenantId, limit])')}`,
      '    return rows as Row[]',
      '  }',
    ]
  },
  function appended({ name, table, sql }) {
    return [
      `  async ${name}(filter: Filter): Promise<Row[]> {`,
      `    let query = 'SELECT * FROM ${table} WHERE tenant_id = ${sql.at(1)}'`,
      '    const params: unknown[] = [filter.tenantId]',
      '    if (filter.status) {',
      `      query += ' AND status = ${sql.at(2)}'`,
      '      params.push(filter.status)',
      '    }',
      '    if (filter.since) {',
      `      query += ' AND created_at >= ${sql.at(3)}'`,
      '      params.push(filter.since)',
      '    }',
      "    query += ' ORDER BY created_at DESC'",
      `    ${sql.rows('this.pool.query(query, params)')}`,
      '    return rows as Row[]',
      '  }',
    ]
  },
  function joinedConditions({ name, table, other, sql }) {
    return [
      `  async ${name}(filter: Filter, ids: string[]): Promise<number> {`,
      "    const conditions: string[] = ['t.deleted_at IS NULL']",
      '    const params: unknown[] = []',
      '    if (filter.status) {',
      `      conditions.push('t.status = ${sql.at(1)}')`,
      '      params.push(filter.status)',
      '    }',
      '    if (ids.length > 0) {',
      `      conditions.push(\`t.id IN (\${ids.map(() => '${sql.at(1)}').join(', ')})\`)`,
      '      params.push(...ids)',
      '    }',
      `    const base = \`SELECT * FROM ${table} t JOIN ${other} o ON o.id = t.reference WHERE \${conditions.join(' AND ')}\``,
      "    const count = base.replace('SELECT *', 'SELECT COUNT(*) AS n')",
      `    ${sql.rows('this.pool.query(count, params)')}`,
      '    return Number((rows as { n: number }[])[0]?.n ?? 0)',
      '  }',
    ]
  },
  function switched({ name, table, other }) {
    return [
      `  async ${name}(kind: 'own' | 'related' | 'all', tenantId: string): Promise<Row[]> {`,
      '    let query: string',
      '    switch (kind) {',
      "      case 'own':",
      `        query = 'SELECT id, status FROM ${table}'`,
      '        break',
      "      case 'related':",
      `        query = 'SELECT id, status FROM ${other}'`,
      '        break',
      '      default:',
      `        query = 'SELECT id, status FROM ${table} UNION ALL SELECT id, status FROM ${other}'`,
      '    }',
      '    const result = await this.pool.query(query, [tenantId])',
      '    return result as unknown as Row[]',
      '  }',
    ]
  },
  function inserted({ name, table, sql }) {
    return [
      `  async ${name}(input: Row): Promise<void> {`,
      '    const columns = Object.keys(input)',
      '    await this.pool.query(',
      `      \`INSERT INTO ${table} (\${columns.join(', ')}) VALUES (\${columns.map(() => '${sql.at(1)}').join(', ')})${sql.returning}\`,`,
      '      Object.values(input),',
      '    )',
      '  }',
    ]
  },
  function updated({ name, table, other, sql }) {
    return [
      `  async ${name}(id: string, changes: Partial<Row>): Promise<void> {`,
      '    const fields: string[] = []',
      '    const values: unknown[] = []',
      '    for (const [key, value] of Object.entries(changes)) {',
      `      fields.push(\`\${key} = ${sql.at(1)}\`)`,
      '      values.push(value)',
      '    }',
      '    if (fields.length === 0) return',
      `    await this.pool.query(\`UPDATE ${table} SET \${fields.join(', ')}, updated_at = NOW() WHERE id = ${sql.at(2)}\`, [`,
      '      ...values,',
      '      id,',
      '    ])',
      `    await this.pool.query('DELETE FROM ${other} WHERE reference = ${sql.at(1)}', [id])`,
      '  }',
    ]
  },
  function inTransaction({ name, table, other, sql }) {
    return [
      `  async ${name}(id: string, amount: number): Promise<void> {`,
      '    await withTransaction(this.pool, async connection => {',
      `      await connection.query('UPDATE ${table} SET amount = amount - ${sql.at(1)} WHERE id = ${sql.at(2)}', [amount, id])`,
      `      await connection.query('INSERT INTO ${other} (reference, amount) VALUES (${sql.at(1)}, ${sql.at(2)})', [id, amount])`,
      '    })',
      '  }',
    ]
  },
  function throughWrapper({ name, table, other, sql }) {
    return [
      `  async ${name}(tenantId: string): Promise<Row[]> {`,
      '    return queryRows<Row>(',
      '      this.pool,',
      `      \`WITH recent AS (SELECT id, reference FROM ${table} WHERE tenant_id = ${sql.at(1)})`,
      `       SELECT r.id, COUNT(o.id) AS n FROM recent r LEFT JOIN ${other} o ON o.reference = r.id GROUP BY r.id\`,`,
      '      [tenantId],',
      '    )',
      '  }',
    ]
  },
  function fromFragments({ name, table, sql }) {
    return [
      `  async ${name}(tenantId: string): Promise<Row[]> {`,
      `    return queryRows<Row>(this.pool, \`SELECT \${listColumns('t')} FROM ${table} t WHERE \${ofTenant('t')} LIMIT ${sql.at(2)}\`, [`,
      '      tenantId,',
      '      100,',
      '    ])',
      '  }',
    ]
  },
  function fromTableMap({ name }) {
    return [
      `  async ${name}(kind: string): Promise<number> {`,
      '    const table = TABLES[kind as keyof typeof TABLES] || kind',
      '    const rows = await queryRows<{ n: number }>(this.pool, `SELECT COUNT(*) AS n FROM ${table}`, [])',
      '    return rows[0]?.n ?? 0',
      '  }',
    ]
  },
  function together({ name, table, other }) {
    return [
      `  async ${name}(): Promise<Record<string, unknown>> {`,
      '    const [own, related] = await Promise.all([',
      `      this.pool.query('SELECT status, COUNT(*) AS n FROM ${table} GROUP BY status'),`,
      `      this.pool.query('SELECT MAX(created_at) AS last FROM ${other}'),`,
      '    ])',
      "    logger.info('Update of the dashboard from the read model')",
      '    return { own, related }',
      '  }',
    ]
  },
]

function columns(random) {
  const first = random.between(0, 3)
  return COLUMNS.slice(first, first + random.between(2, 4)).join(', ')
}
