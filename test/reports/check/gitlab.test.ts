import { expect, test } from 'vitest'
import { report } from '../../../reports/check/gitlab.js'
import { context, hostileResult, mixedResult } from './result.js'

test('severity, place and fingerprint; what is known is there, so that GitLab tells what is mended', () => {
  const issues = JSON.parse(report.render(mixedResult(), context({ prefix: 'platform/' })))
  expect(issues[0]).toEqual({
    description:
      'billing-service reads nilecare/auth_users, which belongs to auth-service. Owner of nilecare/auth_users: created by its migration (microservices/auth-service/migrations/V1__auth.sql:1). Read it through an API client of auth-service instead of SQL; cache what seldom changes.',
    check_name: 'seamripper/cross-service-read',
    fingerprint: mixedResult().violations[0]!.fingerprint,
    severity: 'critical',
    location: { path: 'platform/packages/queries/src/users.ts', lines: { begin: 8, end: 8 } },
  })
  expect(issues.map(({ severity }: { severity: string }) => severity)).toEqual([
    'critical',
    'critical',
    'minor',
    'info',
    'info',
    'critical',
    'critical',
    'minor',
  ])
})

test('fingerprints are different, as GitLab asks', () => {
  const issues: { fingerprint: string; description: string }[] = JSON.parse(
    report.render(hostileResult(), context()),
  )
  expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length)
  for (const { description } of issues) expect(description).not.toMatch(/\p{Cc}/u)
})
