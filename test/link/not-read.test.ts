import { expect, test } from 'vitest'
import { notRead } from '../../analyzers/link/not-read.js'
import type { Workspace, WorkspacePackage } from '../../analyzers/workspace/types.js'

/** A repository of services, a library and a root package, by folder, with their dependencies. */
function workspaceOf(dependencies: Record<string, string[]>): Workspace {
  const packages = Object.entries(dependencies).map(([path, names]) => ({ path, dependencies: names }))
  const services = ['billing', 'auth', 'lab', 'pharmacy', 'ehr', 'video'].map(name => ({
    name: `${name}-service`,
    path: `services/${name}`,
  }))
  return { packages: packages as WorkspacePackage[], services } as Workspace
}

test('only text: nothing to say', () => {
  expect(notRead(workspaceOf({ 'services/billing': ['mysql2'], 'services/lab': ['pg', 'slonik'] }))).toEqual(
    [],
  )
})

test('query builders and models, and whose they are', () => {
  const found = notRead(
    workspaceOf({
      '.': ['drizzle-orm'],
      'services/billing': ['mysql2', 'knex'],
      'services/auth': ['knex', '@nestjs/typeorm'],
      'tools/seed': ['knex'],
    }),
  )
  expect(found.map(({ message, file }) => `${file}: ${message}`)).toEqual([
    'services/billing/package.json: Only raw SQL of knex is read. Tables reached by its query builder are missing from the map; it is a dependency of auth-service, billing-service, tools/seed.',
    'services/auth/package.json: Only raw SQL of typeorm is read. Tables reached by its repositories and query builder are missing from the map; it is a dependency of auth-service.',
    'package.json: Only raw SQL of drizzle-orm is read. Tables reached by its query builder are missing from the map; it is a dependency of the repository.',
  ])
})

test('what runs SQL in a way of its own', () => {
  const found = notRead(workspaceOf({ 'services/billing': ['pg', 'zapatos'] }))
  expect(found.map(({ message }) => message)).toEqual([
    'Zapatos is not read. Tables reached by its shortcuts and its tag are missing from the map; it is a dependency of billing-service.',
  ])
})

test('MongoDB, by whatever package', () => {
  const found = notRead(
    workspaceOf({ 'services/billing': ['mongodb'], 'services/auth': ['@nestjs/mongoose', 'mongoose'] }),
  )
  expect(found.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
    'info: MongoDB is not read. Its collections are missing from the map; it is a dependency of auth-service, billing-service.',
  ])
})

test('a client that runs no text', () => {
  const found = notRead(
    workspaceOf({ 'services/billing': ['pg'], 'services/auth': ['@supabase/supabase-js', '@supabase/ssr'] }),
  )
  expect(found.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
    'warning: Supabase is not read. Tables reached by its client are missing from the map; it is a dependency of auth-service.',
  ])
})

test('of many the first are named', () => {
  const all = ['billing', 'auth', 'lab', 'pharmacy', 'ehr', 'video'].map(name => [
    `services/${name}`,
    ['kysely'],
  ])
  expect(notRead(workspaceOf(Object.fromEntries(all)))[0]!.message).toMatch(
    /dependency of auth-service, billing-service, ehr-service, lab-service, pharmacy-service and 1 more\.$/,
  )
})
