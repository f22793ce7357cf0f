/** The schema as the scripts of a repository leave it: `findMigrations` → `buildCatalogue` → `placeSets` → `createCatalogue`. */
export { buildCatalogue } from './build.js'
export { type BuiltTable, readBuiltTables } from './builders/built-tables.js'
export {
  type Catalogue,
  createCatalogue,
  type PlacedTable,
  type ResolvedForeignKey,
  type ResolvedTable,
  UNKNOWN_DATASTORE,
} from './catalogue.js'
export { type FoundMigrations, findMigrations } from './migrations.js'
export { type ModelTable, readModelTables, readPrismaModels } from './model-tables.js'
export { defaultSchemaToNull, tableId } from './names.js'
export { type PlacedSet, type PlacementInput, placeSets } from './place.js'
export { readSchemaChanges } from './schema-changes.js'
export { emptyTable } from './statement.js'
export { roleOf } from './versions.js'
