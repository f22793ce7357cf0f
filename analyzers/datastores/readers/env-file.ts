import type { Setting, SettingSource, SettingsReader } from '../types.js'

/** `.env`, `.env.example`, `.env.dist.local`, `billing.env`: anything that dotenv or `env_file` reads. */
export const envFileReader: SettingsReader = {
  name: 'env-file',
  matches: path => isEnvFile(baseName(path)) && !isForTests(path),
  read: file => ({
    settings: withoutAlternatives(readEnvText(file.text, file.path, envFileSource(file.path))),
  }),
}

/** A file to be copied that sets one variable several ways shows what to choose from: none of them is the value. */
function withoutAlternatives(settings: Setting[]): Setting[] {
  const values = new Map<string, Set<string>>()
  for (const { name, value } of settings) values.set(name, (values.get(name) ?? new Set()).add(value))
  return settings.filter(({ name, source }) => source !== 'example' || values.get(name)?.size === 1)
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function isEnvFile(name: string): boolean {
  if (/\.(ts|js|mjs|cjs|json|ya?ml|md|sh|py|d)$/.test(name)) return false
  return /^\.?env(\.[\w.-]+)?$/.test(name) || /\.env(\.[\w-]+)*$/.test(name)
}

/** Settings of tests name databases that no service runs on. */
function isForTests(path: string): boolean {
  return /(^|[._-])(test|tests|testing|e2e|ci)([._-]|$)/.test(baseName(path))
}

/** Files that are copied to make the real one. */
export function envFileSource(path: string): SettingSource {
  return /(^|[._-])(example|examples|sample|template|tpl|dist|default|defaults|schema)([._-]|$)/.test(
    baseName(path),
  )
    ? 'example'
    : 'env'
}

/** A key in PEM form has some fifty lines; a quote that is never closed must not take the rest of the file. */
const MAX_VALUE_LINES = 200

/**
 * Lines of the form `NAME=value`, as dotenv and compose read them: `export`, spaces around `=`, quotes, a
 * comment behind a value; multi-line quoted values are skipped over.
 */
export function readEnvText(text: string, file: string, source: SettingSource): Setting[] {
  const settings: Setting[] = []
  const lines = text.split(/\r\n|\n|\r/)
  for (let index = 0; index < lines.length; index++) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s?(.*)$/.exec(lines[index]!)
    if (!match) continue
    const line = index + 1
    let value = match[2]!.trim()
    const quote = value[0]
    if (quote === '"' || quote === "'" || quote === '`') {
      const end = value.indexOf(quote, 1)
      if (end < 0) {
        // A value over several lines (a key, a JSON text): none of ours, but its lines are no settings.
        const close = lines.slice(index + 1, index + MAX_VALUE_LINES).findIndex(item => item.includes(quote))
        if (close >= 0) index += close + 1
        continue
      }
      value = value.slice(1, end)
    } else {
      value = value.replace(/(^|\s)#.*$/, '').trim()
    }
    settings.push({ name: match[1]!, value, file, line, source, targets: [] })
  }
  return settings
}
