/** What the CI system at hand tells about the repository, and what in output it would act on. */
import { appendFileSync, existsSync, realpathSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { BadUsage } from './bad-usage.js'

/** From the top of the repository to a folder, with `/` at its end; empty where that is the top, or there is none. */
export function repositoryPrefix(folder: string): string {
  const real = realpathSync(folder)
  for (let top = real; ; top = dirname(top)) {
    if (existsSync(join(top, '.git'))) {
      const path = relative(top, real).replaceAll('\\', '/')
      return path === '' ? '' : `${path}/`
    }
    if (top === dirname(top)) return ''
  }
}

/** Where links to lines of the commit at hand lead; null outside of GitHub Actions and GitLab CI. */
export function repositoryLink(env: NodeJS.ProcessEnv): string | null {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_SHA, CI_PROJECT_URL, CI_COMMIT_SHA } = env
  const link =
    GITHUB_SERVER_URL && GITHUB_REPOSITORY && GITHUB_SHA
      ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/blob/${GITHUB_SHA}/`
      : CI_PROJECT_URL && CI_COMMIT_SHA
        ? `${CI_PROJECT_URL}/-/blob/${CI_COMMIT_SHA}/`
        : null
  return link !== null && /^https?:\/\/[\w.:/~-]+$/.test(link) ? `${link}{file}#L{line}` : null
}

/**
 * Adds Markdown to the page of a job of GitHub Actions, where there is one: other steps write to it as well.
 *
 * @throws BadUsage if the system refuses
 */
export function addToJobPage(text: () => string): void {
  const page = process.env.GITHUB_STEP_SUMMARY
  if (!page) return
  try {
    appendFileSync(page, text())
  } catch (error) {
    throw new BadUsage(`Can't write the job summary to $GITHUB_STEP_SUMMARY: ${(error as Error).message}`)
  }
}

/**
 * Text for people as it may go into the log of a CI job. GitHub Actions, Azure Pipelines and TeamCity take commands
 * from the output of a step (`::`, `##[` and `##vso[`, `##teamcity[`), and the analysed code may hold any text: there
 * a character without width keeps them apart. Elsewhere it stays as it is.
 */
export function forLog(text: string, env: NodeJS.ProcessEnv): string {
  if (!env.GITHUB_ACTIONS && !env.TF_BUILD && !env.TEAMCITY_VERSION) return text
  return text.replace(/^(\s*):(?=:)/gm, '$1:\u200b').replace(/#(?=#\w*\[)/g, '#\u200b')
}
