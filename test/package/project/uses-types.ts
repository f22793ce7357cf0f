import { type Access, analyze, ConfigError, type DependencyMap } from 'seamripper'

export async function crossing(root: string): Promise<Access[]> {
  try {
    const map: DependencyMap = await analyze({ root, onTiming: (stage, ms) => [stage.length, ms.toFixed()] })
    return map.accesses.filter(access => access.tables.some(table => table.crossService))
  } catch (error) {
    if (error instanceof ConfigError) return []
    throw error
  }
}

// @ts-expect-error: without a root there is nothing to analyse
export const none = analyze({})
