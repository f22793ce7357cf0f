/** What people mean by the names of folders in a monorepo. */

const serviceFolders = new Set([
  'apps',
  'services',
  'microservices',
  'cmd',
  'workers',
  'functions',
  'lambdas',
  'jobs',
  'cronjobs',
  'servers',
  'gateways',
])
const libraryFolders = new Set(['libs', 'lib', 'libraries', 'shared', 'common'])
/** Holds packages of every kind, though more often libraries. */
const packagesFolder = 'packages'

const programNames = /^(?:backend|frontend|server|api|web|gateway|worker)$/
const sharedNames = /^(?:shared|common|utils|helpers|types|contracts|lib|libs|libraries|packages)$/
/** What people run by hand, beside the program that it is for. */
const toolNames = /^(?:scripts|migrations?|seeds?)$/
const programSuffix = /[-_.](?:service|api|server|worker|gateway|app|job|cron|consumer)$/
const sharedSuffix = /[-_.](?:common|shared|utils?|helpers|types|lib|library|sdk|client|contracts)$/

/** A folder whose children are packages. */
export function isContainer(name: string): boolean {
  return serviceFolders.has(name) || libraryFolders.has(name) || name === packagesFolder
}

/** A folder whose children are services. */
export function isServiceContainer(name: string): boolean {
  return serviceFolders.has(name)
}

/** A top folder of sources that several packages share. */
export function isSharedFolder(name: string): boolean {
  return sharedNames.test(name)
}

/** Whether a file lies in a folder of what people run by hand, right below a package. */
export function isTool(file: string, packagePath: string): boolean {
  const below = packagePath === '.' ? file : file.slice(packagePath.length + 1)
  const [first = '', ...rest] = below.split('/')
  return rest.length > 0 && toolNames.test(first)
}

/**
 * How much a path says: positive for a service, negative for a library. The nearest folder above decides.
 *
 * @param isAround whether it holds the packages of a workspace: `backend/` is what they all are then, and no program
 * @param isRun whether it is a package, or something is seen to run it: else its name says as much as the folder above
 */
export function conventionOf(
  path: string,
  isAround: boolean,
  isRun: boolean,
): { weight: number; reason: string }[] {
  const segments = path.split('/')
  const name = segments.pop()!
  const signs: { weight: number; reason: string }[] = []
  const container = segments.findLast(isContainer)
  if (container !== undefined) {
    const weight = serviceFolders.has(container) ? 2 : container === packagesFolder ? -1 : -3
    signs.push({ weight, reason: `lies in ${container}/` })
  }
  const nameWeight = isAround
    ? 0
    : programNames.test(name)
      ? container === undefined
        ? 2
        : 1
      : sharedNames.test(name) || toolNames.test(name)
        ? -2
        : programSuffix.test(name)
          ? 1
          : sharedSuffix.test(name)
            ? isRun
              ? -1
              : -2
            : 0
  if (nameWeight !== 0) {
    signs.push({ weight: nameWeight, reason: `is named like a ${nameWeight > 0 ? 'program' : 'library'}` })
  }
  return signs
}
