import type { Service } from '../model.js'
import { ConfigError, type ConfigProblem } from '../workspace/index.js'
import { didYouMean } from '../workspace/suggest.js'
import type { AllowEntry, Config, Workspace } from '../workspace/types.js'
import { gateOps, isGateOp } from './ops.js'
import { type RuleName, ruleNames } from './rules/index.js'
import type { Level } from './types.js'

/** Levels of rules as far as the config sets them. */
export type Levels = Partial<Record<RuleName, Level>>

/** What the config says of one service. */
export interface ServiceSettings {
  rules: Levels
  /** `database: none`. */
  hasNoDatabase: boolean
  isSeparated: boolean
}

/** What `seamripper.yml` says to the gate. */
export interface GateSettings {
  rules: Levels
  /** By the name of the service; the others have nothing set. */
  services: Record<string, ServiceSettings>
  allow: AllowEntry[]
}

/** Where the config says nothing. */
export function defaultSettings(): GateSettings {
  return { rules: {}, services: {}, allow: [] }
}

/**
 * The gate's part of a config, checked: rules, operations and services that it names have to exist.
 *
 * @throws ConfigError with all problems at once
 */
export function settingsOf({ gate, file, lines }: Config, services: readonly Service[]): GateSettings {
  const problems: ConfigProblem[] = []
  const report = (line: number | null, message: string) => problems.push({ file: file ?? '.', line, message })
  const names = services.filter(({ kind }) => kind === 'service').map(({ name }) => name)

  const checkRules = (rules: Record<string, Level>, where: string): Levels => {
    for (const name of Object.keys(rules)) {
      if ((ruleNames as string[]).includes(name)) continue
      const hint = didYouMean(name, ruleNames)
      report(
        lines[`${where}.${name}`] ?? null,
        `${where} has an unknown rule "${name}".${hint} Known here: ${ruleNames.join(', ')}`,
      )
    }
    return rules as Levels
  }
  for (const [index, { line, from, op }] of gate.allow.entries()) {
    const where = `allow, item ${index + 1},`
    for (const name of from) {
      if (name === '*' || names.includes(name)) continue
      report(
        line,
        `${where} from is "${name}", and there is no such service.${didYouMean(name, names)} Services: ${names.join(', ')}`,
      )
    }
    for (const name of op) {
      if (isGateOp(name)) continue
      report(line, `${where} op is "${name}".${didYouMean(name, gateOps)} Known: ${gateOps.join(', ')}`)
    }
  }
  const settings: GateSettings = {
    rules: checkRules(gate.rules, 'rules'),
    services: Object.fromEntries(
      Object.entries(gate.services).map(([name, { rules, database, separated }]) => [
        name,
        {
          rules: checkRules(rules, `services.${name}.rules`),
          hasNoDatabase: database === 'none',
          isSeparated: separated,
        },
      ]),
    ),
    allow: gate.allow,
  }
  if (problems.length > 0) throw new ConfigError(problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)))
  return settings
}

/** The same of a workspace. */
export function settingsIn({ config, services }: Pick<Workspace, 'config' | 'services'>): GateSettings {
  return settingsOf(config, services)
}
