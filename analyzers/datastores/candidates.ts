/** The databases that a connection can mean, by the strength of what says so. */
import type { Candidate, ServiceContext } from './connection.js'
import { dialectOfDriver } from './dialects.js'
import { type ServiceSetting, weaknessOf } from './environment.js'
import { isDatabaseName, readVariableName } from './names.js'
import type { ConnectionFact, Setting } from './types.js'
import { parseDatabaseUrl } from './url.js'

/** Strongest first; empty where no file tells. */
export function candidatesOf(fact: ConnectionFact, context: ServiceContext): Candidate[] {
  const candidates: Candidate[] = []
  const { name: service } = context.service
  if (fact.urlEnv !== null) {
    for (const setting of context.environment.get(fact.urlEnv) ?? [])
      candidates.push(...fromUrl(setting, service))
  }
  if (fact.databaseEnv !== null) {
    for (const setting of context.environment.get(fact.databaseEnv) ?? [])
      candidates.push(...fromName(setting, service))
  }
  for (const further of fact.furtherEnvs) {
    for (const setting of context.environment.get(further) ?? [])
      candidates.push(...fromUrl(setting, service), ...fromName(setting, service))
  }
  const place = { file: fact.file, line: fact.line }
  const url = fact.url === null ? null : parseDatabaseUrl(fact.url)
  if (url?.database && isDatabaseName(url.database)) {
    const reason = `${service} connects to ${url.database}${fact.urlEnv === null ? '' : ` unless ${fact.urlEnv} says otherwise`}`
    candidates.push({
      database: url.database,
      dialect: url.dialect,
      isUrl: true,
      host: url.host,
      searchPath: url.searchPath,
      source: 'code',
      evidence: { ...place, reason },
    })
  }
  if (fact.database !== null) {
    const database = sqliteName(fact)
    const reason = `${service} connects to ${database}${fact.databaseEnv === null ? '' : ` unless ${fact.databaseEnv} says otherwise`}`
    if (isDatabaseName(database))
      candidates.push({
        database,
        dialect: null,
        isUrl: false,
        host: null,
        searchPath: [],
        source: 'code',
        evidence: { ...place, reason },
      })
  }
  // Where code gives the same default twice (in the call and in a configuration module) one is enough.
  candidates.sort((a, b) => weakness(a) - weakness(b))
  return candidates.length > 0 ? candidates : onlyPlace(fact, context)
}

/** The file of a sqlite connection stands for its database: `./data/app.db` is `app`. */
function sqliteName(fact: ConnectionFact): string {
  const isSqlite = fact.dialect === 'sqlite' || dialectOfDriver(fact.driver) === 'sqlite'
  return (isSqlite ? parseDatabaseUrl(`file:${fact.database}`)?.database : null) ?? fact.database!
}

/**
 * The value of a variable that is set nowhere in the service's reach, if all files that do set it agree:
 * a checkout seldom holds the settings of every service, but one name seldom means two things.
 */
function onlyPlace(fact: ConnectionFact, context: ServiceContext): Candidate[] {
  const service = context.service.name
  // What its own schema scripts name is more than what others set.
  if (context.hasScript) return []
  const candidates = context.evidence.settings.flatMap((setting: Setting) => {
    // A default in the code of another service is that one's.
    if (setting.value.includes('$') || setting.source === 'code') return []
    const seen: ServiceSetting = { ...setting, distance: 0 }
    if (setting.name === fact.urlEnv) return fromUrl(seen, service)
    return setting.name === fact.databaseEnv ? fromName(seen, service) : []
  })
  const names = new Set(candidates.map(candidate => candidate.database))
  if (names.size !== 1) return []
  const best = candidates.reduce((a, b) => (weakness(b) < weakness(a) ? b : a))
  const variable = fact.databaseEnv ?? fact.urlEnv
  const reason = `the only value of ${variable} in the repository is ${best.database}`
  return [{ ...best, evidence: { ...best.evidence, reason } }]
}

function weakness({ source, evidence }: Candidate): number {
  return weaknessOf(source, evidence.file)
}

/** `postgres://user:password@host:5432/database` in a file to be copied shows the form, and names no database. */
function isExampleOf({ source }: ServiceSetting, name: string): boolean {
  return source === 'example' && /^(?:database|db|name)$/i.test(name)
}

export function fromUrl(setting: ServiceSetting, service: string): Candidate[] {
  const url = parseDatabaseUrl(setting.value)
  if (!url?.database || !isDatabaseName(url.database) || isExampleOf(setting, url.database)) return []
  return [
    {
      database: url.database,
      dialect: url.dialect,
      isUrl: true,
      host: url.host,
      searchPath: url.searchPath,
      source: setting.source,
      evidence: {
        file: setting.file,
        line: setting.line,
        reason: `${setting.name} of ${service} names ${url.database}`,
      },
    },
  ]
}

export function fromName(setting: ServiceSetting, service: string): Candidate[] {
  if (!isDatabaseName(setting.value) || isExampleOf(setting, setting.value)) return []
  return [
    {
      database: setting.value,
      dialect: readVariableName(setting.name)?.dialect ?? null,
      isUrl: false,
      host: null,
      searchPath: [],
      source: setting.source,
      evidence: {
        file: setting.file,
        line: setting.line,
        reason: `${setting.name} of ${service} is ${setting.value}`,
      },
    },
  ]
}
