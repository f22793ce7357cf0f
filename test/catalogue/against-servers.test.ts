/**
 * What scripts leave behind, beside what a server has after the same scripts: PGlite for PostgreSQL, MariaDB for MySQL.
 * Tables, views, columns in order with their NOT NULL, primary and foreign keys.
 */
import { PGlite } from '@electric-sql/pglite'
import mysql from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CatalogueTable } from '../../analyzers/catalogue/types.js'
import type { Dialect } from '../../analyzers/model.js'
import { splitScript } from '../../analyzers/sql/index.js'
import { INSTALL_TIMEOUT, mariadbDatabase } from '../support/databases.js'
import { setsOf } from './helpers.js'

const postgres: [name: string, script: string][] = [
  [
    'columns and keys of every kind',
    `create table "Order Items" ("Id" uuid primary key, "from" timestamptz not null default now(),
       arr text[] not null default '{}', num numeric(10, 2), c character varying(255), i interval day to second,
       n text generated always as (c || 'x') stored, k bigserial, j jsonb not null default '{"a": [1, 2]}'::jsonb);
     create table a (id int generated always as identity, b int not null references "Order Items" (k) deferrable,
       key text, index int, type text, partition int, unique (key), check (id > 0), exclude using btree (id with =),
       constraint pk primary key (id, b) include (index));`.replace('k bigserial', 'k bigserial unique'),
  ],
  [
    'changes in one statement',
    `create table a (id int, x int, y int);
     alter table a drop column x, add column z int default 1 not null, alter column y set not null, alter y type bigint;
     alter table a rename column z to zz; alter table a rename to b; create schema s; alter table b set schema s;
     alter table s.b rename y to yy; alter table if exists only s.b add if not exists w text not null;
     alter table if exists nope add x int;`,
  ],
  [
    'keys that come and go',
    `create table a (id int constraint pk primary key, b int constraint fk_b references a, c int references a);
     alter table a drop constraint fk_b; alter table a drop constraint a_c_fkey; alter table a drop constraint pk;
     alter table a add primary key (id, b);
     create table b (id int, aid int); alter table b add foreign key (id, aid) references a on delete cascade;
     create table c (id int primary key); create table d (c_id int references c); drop table c cascade;`,
  ],
  [
    'a key in a DO block, as Drizzle wrote it',
    `create table u (id int primary key);
     create table a (id int primary key, uid int);
     DO $$ BEGIN
      ALTER TABLE "a" ADD CONSTRAINT "a_uid_u_id_fk" FOREIGN KEY ("uid") REFERENCES "public"."u"("id") ON DELETE no action;
     EXCEPTION
      WHEN duplicate_object THEN null;
     END $$;`,
  ],
  [
    'blocks with conditions, loops and handlers',
    `create table a (id int); create table old (id int);
     do $$ declare r record; begin
       if not exists (select 1 from pg_tables where tablename = 'made') then create table made (id int primary key); end if;
       if exists (select 1 from pg_tables where tablename = 'old') then alter table old rename to new; else null; end if;
       for r in select 1 loop execute 'create table ' || 'dyn (x int not null)'; end loop;
       begin drop table a; exception when undefined_table then create table never (x int); end;
     end $$;`,
  ],
  [
    'routines that define, called and not',
    `create function f() returns void language plpgsql as $f$ begin create table made (x int); end $f$;
     create function g() returns void language sql as 'create table never (x int)';
     create procedure p() language plpgsql as $$ begin alter table made add column y int not null; end $$;
     select f(); call p();`,
  ],
  [
    'tables made of others',
    `create table a (id int primary key, x text not null);
     create table b as table a; create table c (like a including all, y int); create table d (like a, z int);
     create unlogged table e as select * from a with no data; create temp table never (x int);
     create temporary table t2 as select 1; select 1 as one into temp never2;
     create table f (w int) inherits (a);`,
  ],
  [
    'views',
    `create table a (id int); create view v as select * from a; create or replace view v as select id, 2 as y from a;
     create materialized view mv as select * from v; alter view v rename to w; create view x as select 1 as one;
     drop view x; create recursive view r (n) as select 1 union all select n + 1 from r where n < 5;`,
  ],
  [
    'schemas',
    `create schema s; set search_path to s, public; create table a (id int); reset search_path; create table b (id int);
     set search_path = public; create table c (id int); create schema x; create table x.t (id int); drop schema x cascade;`,
  ],
  [
    'what is no definition',
    `create table a (id int);
     comment on table a is 'create table x (y int)'; /* create table z (x int); */ -- create table w (x int);
     create type comp as (x int); create sequence seq; create index i on a (id); create role r; grant all on a to r;
     create policy p on a using (true); alter table a enable row level security; alter default privileges grant select on tables to r;`,
  ],
]

const mariadb: [name: string, script: string][] = [
  [
    'columns and keys of every kind',
    `create table \`Order Items\` (\`Id\` int unsigned auto_increment key, \`from\` datetime(3) not null default current_timestamp(3) on update current_timestamp(3),
       e enum('a', 'b,c', 'd''e') not null, s set('x') null, t tinyint(1) not null default '0' comment 'create table x (y int)',
       d decimal(10, 2) unsigned zerofill, g varchar(20) generated always as (concat('a', 'b')) stored, j json,
       c varchar(10) character set latin1 collate latin1_bin not null, ts timestamp null) engine=InnoDB default charset=utf8mb4;
     create table a (id int, b int unsigned not null, \`key\` int, x text, primary key using btree (id, b), key k (b), unique key u (\`key\`),
       fulltext key f (x), constraint fk foreign key (b) references \`Order Items\` (Id) on delete cascade on update no action, check (id > 0));`,
  ],
  [
    'changes in one statement',
    `create table a (id int, x int, y int, z int);
     alter table a drop column x, drop z, add column (p int, q int not null), add w int after q, modify y bigint not null, change id ident int unsigned not null auto_increment primary key;
     alter table a rename column p to pp, rename to b; alter table b rename as c; rename table c to d; alter table d add column if not exists w int;
     alter table d alter pp set default 5; alter ignore table d add index i (pp);`,
  ],
  [
    'keys that come and go',
    `create table a (id int primary key, b int, c int);
     alter table a add constraint x foreign key (b) references a (id), add foreign key y (c) references a (id);
     alter table a drop foreign key x; alter table a drop primary key, add primary key (id, b);
     create table c (id int primary key, a_id int, constraint c_a foreign key (a_id) references a (id)); alter table c drop constraint c_a;`,
  ],
  [
    'a procedure that changes a table if it has to',
    `create table a (id int);
     delimiter //
     drop procedure if exists add_x //
     create procedure add_x() begin
       if not exists (select 1 from information_schema.columns where table_schema = database() and table_name = 'a' and column_name = 'x') then
         alter table a add column x int not null;
       end if;
     end //
     create procedure never() begin create table n (x int); end //
     delimiter ;
     call add_x();
     drop procedure add_x;`,
  ],
  [
    'a statement that is prepared',
    `create table a (id int);
     set @s = if((select count(*) from information_schema.columns where table_schema = database() and table_name = 'a' and column_name = 'x') = 0,
       'alter table a add column x int not null', 'select 1');
     prepare p from @s; execute p; deallocate prepare p;
     prepare q from 'create table b (y int)'; execute q;`,
  ],
  [
    'tables made of others',
    `create table a (id int primary key, x varchar(9) not null); create table b like a; create table c as select * from a;
     create table d select * from a where 1 = 0; create temporary table never (x int); create table if not exists a (id int);
     create or replace table b (z int); create view v as select * from a; create or replace view v as select id from c;
     alter view v as select x from a; drop table if exists c, nope;`,
  ],
  [
    'a dump',
    `/*!40101 SET NAMES utf8 */;
     /*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
     DROP TABLE IF EXISTS \`b\`;
     /*!40101 SET character_set_client = utf8 */;
     CREATE TABLE \`b\` (
       \`id\` int(11) NOT NULL AUTO_INCREMENT,
       \`a_id\` int(11) DEFAULT NULL,
       PRIMARY KEY (\`id\`),
       KEY \`a_id\` (\`a_id\`),
       CONSTRAINT \`b_ibfk_1\` FOREIGN KEY (\`a_id\`) REFERENCES \`a\` (\`id\`)
     ) ENGINE=InnoDB AUTO_INCREMENT=3 DEFAULT CHARSET=utf8mb4;
     LOCK TABLES \`b\` WRITE;
     /*!40000 ALTER TABLE \`b\` DISABLE KEYS */;
     INSERT INTO \`b\` VALUES (1,NULL),(2,NULL);
     /*!40000 ALTER TABLE \`b\` ENABLE KEYS */;
     UNLOCK TABLES;
     CREATE TABLE \`a\` (\`id\` int(11) NOT NULL, PRIMARY KEY (\`id\`));
     /*!50001 CREATE VIEW \`v\` AS SELECT 1 AS \`id\`*/;
     /*!50001 DROP VIEW IF EXISTS \`v\`*/;
     /*!50001 CREATE ALGORITHM=UNDEFINED */
     /*!50013 DEFINER=CURRENT_USER SQL SECURITY DEFINER */
     /*!50001 VIEW \`v\` AS select \`b\`.\`id\` AS \`id\` from \`b\` */;
     /*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;`,
  ],
]

let pglite: PGlite
let server: mysql.Connection
beforeAll(async () => {
  pglite = await PGlite.create()
  server = await mysql.createConnection({ ...(await mariadbDatabase()), multipleStatements: true })
}, INSTALL_TIMEOUT)
afterAll(async () => {
  await pglite?.close()
  await server?.end()
})

describe('PostgreSQL', () => {
  test.each(postgres)('%s', async (_name, script) => {
    await pglite.exec('begin')
    try {
      await pglite.exec(script)
      expect(ours(script, 'postgresql')).toEqual(await ofPostgres())
    } finally {
      await pglite.exec('rollback')
    }
  })
})

describe('MySQL', () => {
  test.each(mariadb)('%s', async (name, script) => {
    const database = `catalogue_${name.replace(/\W/g, '_')}`
    await server.query(`create database \`${database}\``)
    await server.query(`use \`${database}\``)
    for (const { text } of splitScript(script, 'mysql')) await server.query(text)
    expect(ours(script, 'mysql')).toEqual(await ofMariadb(database))
  })
})

interface Described {
  kind: string
  /** `name` or `name!` where it takes no NULL. */
  columns: string[]
  primaryKey: string[]
  foreignKeys: string[]
}

/** Tables by name, those of PostgreSQL's default schema without it. */
function ours(script: string, dialect: Dialect): Record<string, Described> {
  const sets = setsOf({ 'migrations/1.sql': script }, dialect)
  return Object.fromEntries(
    sets.flatMap(set => set.tables).map(table => [nameOf(table), describeTable(table)]),
  )
}

const nameOf = ({ schema, name }: CatalogueTable) => (schema === null ? name : `${schema}.${name}`)

function describeTable({ kind, columns, primaryKey, foreignKeys }: CatalogueTable): Described {
  return {
    kind,
    columns: kind === 'view' ? [] : columns.map(column => `${column.name}${column.nullable ? '' : '!'}`),
    primaryKey,
    foreignKeys: foreignKeys.map(key => `${key.columns} -> ${key.to}`).sort(),
  }
}

async function ofPostgres(): Promise<Record<string, Described>> {
  const { rows } = await pglite.query<{ name: string } & Described>(`
    select case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname as name,
      case when c.relkind in ('v', 'm') then 'view' else 'table' end as kind,
      array(select a.attname || case when a.attnotnull then '!' else '' end from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and c.relkind = 'r' order by a.attnum) as columns,
      array(select a.attname from pg_constraint k, unnest(k.conkey) with ordinality as u(num, place), pg_attribute a
        where k.conrelid = c.oid and k.contype = 'p' and a.attrelid = c.oid and a.attnum = u.num order by u.place) as "primaryKey",
      array(select array_to_string(array(select a.attname from unnest(k.conkey) with ordinality as u(num, place), pg_attribute a
          where a.attrelid = c.oid and a.attnum = u.num order by u.place), ',') || ' -> ' || (select f.relname from pg_class f where f.oid = k.confrelid)
        from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' order by 1) as "foreignKeys"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'v', 'm', 'p') and c.relpersistence <> 't' and n.nspname not in ('pg_catalog', 'information_schema')`)
  return byName(rows)
}

async function ofMariadb(database: string): Promise<Record<string, Described>> {
  const query = async (sql: string) =>
    (await server.query<mysql.RowDataPacket[]>(sql, [database]))[0] as Record<string, string>[]
  const tables = await query(
    'select table_name as name, table_type as type from information_schema.tables where table_schema = ?',
  )
  const columns = await query(
    'select table_name as t, column_name as c, is_nullable as n from information_schema.columns where table_schema = ? order by ordinal_position',
  )
  const keys = await query(
    'select table_name as t, column_name as c, constraint_name as k, referenced_table_name as r from information_schema.key_column_usage where table_schema = ? order by ordinal_position',
  )
  return byName(
    tables.map(({ name, type }) => {
      const own = keys.filter(key => key.t === name)
      const foreign = new Map<string, string[]>()
      for (const { k, c, r } of own)
        if (r) foreign.set(`${k}\0${r}`, [...(foreign.get(`${k}\0${r}`) ?? []), c!])
      return {
        name: name!,
        kind: type === 'VIEW' ? 'view' : 'table',
        columns:
          type === 'VIEW'
            ? []
            : columns.filter(column => column.t === name).map(({ c, n }) => `${c}${n === 'NO' ? '!' : ''}`),
        primaryKey: own.filter(({ k }) => k === 'PRIMARY').map(({ c }) => c!),
        foreignKeys: [...foreign].map(([key, of]) => `${of} -> ${key.split('\0')[1]}`).sort(),
      }
    }),
  )
}

function byName(rows: ({ name: string } & Described)[]): Record<string, Described> {
  return Object.fromEntries(
    rows.map(({ name, ...rest }) => [name, { ...rest, foreignKeys: [...rest.foreignKeys].sort() }]),
  )
}
