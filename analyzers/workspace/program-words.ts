/** What starts programs names them by a path: package.json, Dockerfiles, shell scripts, descriptors of deployments. */
import type { JsonFile } from './json.js'

/** Keys of package.json under which names stand that are no paths of the package. */
const noPrograms =
  /dependencies|dependenciesMeta|overrides|resolutions|workspaces|^(?:name|description|keywords|repository|homepage|bugs|author|license|engines|packageManager)$/i
/** `dist/index.js`, `src/handlers/order.create`, `./worker`: a path, or at least a name with the extension of a program. */
const programPath = /^(?=.*(?:\/|\.[cm]?[jt]sx?$))[\w@$~.*/-]+$/
/** Longer words are no one's path. */
const maxLength = 200

/** The words of a text that may be the path of a program, as they are written. */
export function programWords(text: string): string[] {
  const words = text.split(/[\s"'`,;:=|&<>()[\]{}]+/)
  return [...new Set(words)].filter(word => word.length <= maxLength && programPath.test(word))
}

/** The same for what a package.json says of its own programs. */
export function programWordsOfPackage({ value }: JsonFile): string[] {
  const told = Object.entries(value).filter(([key]) => !noPrograms.test(key))
  return programWords(JSON.stringify(told))
}
