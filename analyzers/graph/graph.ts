import { MultiDirectedGraph } from 'graphology'
import type { DependencyMap, Dialect, Op, OwnerConfidence, Table } from '../model.js'
import { executors, tableKey } from './crossings.js'

export interface ServiceNode {
  type: 'service'
  label: string
  /** Folder; null for an owner that is only named (by config or a database's name). */
  path: string | null
  kind: 'service' | 'library'
}

export interface TableNode {
  type: 'table'
  label: string
  datastore: string | null
  schema: string | null
  kind: 'table' | 'view'
  owner: string | null
  ownerConfidence: OwnerConfidence
}

export interface DatastoreNode {
  type: 'datastore'
  label: string
  dialect: Dialect
}

export type NodeAttributes = ServiceNode | TableNode | DatastoreNode

/** Service to table: all accesses of one operation. */
export interface AccessEdge {
  type: 'access'
  op: Op
  count: number
  /** Ids of the accesses. */
  accesses: string[]
  /** The table has another owner, and code that the service executes reaches it. */
  crossService: boolean
}

/** Table to the service that owns it. */
export interface OwnedByEdge {
  type: 'owned-by'
  confidence: OwnerConfidence
}

/** Table to table. */
export interface ForeignKeyEdge {
  type: 'foreign-key'
  columns: string[]
  toColumns: string[]
  crossService: boolean
  file: string
  line: number
}

/** Table to the datastore that holds it. */
export interface StoredInEdge {
  type: 'stored-in'
}

export type EdgeAttributes = AccessEdge | OwnedByEdge | ForeignKeyEdge | StoredInEdge

export type Graph = MultiDirectedGraph<NodeAttributes, EdgeAttributes>

/** Keys of nodes carry the kind, so that a service and a table of one name stay apart. */
export const nodeKey = {
  service: (name: string) => `service:${name}`,
  table: (id: string) => `table:${id}`,
  datastore: (id: string) => `datastore:${id}`,
}

/**
 * The whole map as one graph: services, libraries, tables and datastores, with who accesses what, who owns what,
 * what refers to what and what lies where. Nodes and edges are added in the order of the map. System tables are
 * not in it. Names that the map's lists don't have (an owner that is only configured, a table whose datastore is
 * open) get a node all the same.
 */
export function buildGraph(map: DependencyMap): Graph {
  const graph: Graph = new MultiDirectedGraph()
  for (const { name, path, kind } of map.services) {
    graph.mergeNode(nodeKey.service(name), { type: 'service', label: name, path, kind })
  }
  for (const { id, dialect } of map.datastores) {
    graph.mergeNode(nodeKey.datastore(id), { type: 'datastore', label: id, dialect })
  }
  for (const table of map.tables) addTable(graph, table)
  for (const table of map.tables) addTableEdges(graph, table)
  addAccesses(graph, map)
  for (const key of map.foreignKeys) {
    graph.addDirectedEdge(needTable(graph, key.from), needTable(graph, key.to), {
      type: 'foreign-key',
      columns: key.fromColumns,
      toColumns: key.toColumns,
      crossService: key.crossService,
      file: key.file,
      line: key.line,
    })
  }
  return graph
}

function addTable(graph: Graph, table: Table): void {
  graph.mergeNode(nodeKey.table(table.id), {
    type: 'table',
    label: table.id,
    datastore: table.datastore,
    schema: table.schema,
    kind: table.kind,
    owner: table.owner,
    ownerConfidence: table.ownerConfidence,
  })
}

function addTableEdges(graph: Graph, table: Table): void {
  const node = nodeKey.table(table.id)
  if (table.owner !== null) {
    const confidence = table.ownerConfidence
    graph.addDirectedEdge(node, needService(graph, table.owner), { type: 'owned-by', confidence })
  }
  const datastore = nodeKey.datastore(table.datastore)
  if (graph.hasNode(datastore)) graph.addDirectedEdge(node, datastore, { type: 'stored-in' })
}

function addAccesses(graph: Graph, map: DependencyMap): void {
  for (const access of map.accesses) {
    for (const table of access.tables) {
      if (table.system) continue
      const to = needTable(graph, tableKey(table))
      for (const service of executors(access)) {
        const from = needService(graph, service)
        const key = JSON.stringify([from, to, table.op])
        const crossService = access.reachedBy.length > 0 && table.owner !== null && table.owner !== service
        if (!graph.hasEdge(key)) {
          graph.addDirectedEdgeWithKey(key, from, to, {
            type: 'access',
            op: table.op,
            count: 0,
            accesses: [],
            crossService,
          })
        }
        const edge = graph.getEdgeAttributes(key) as AccessEdge
        // A statement can list a table twice with one operation: itself, and through a view.
        if (edge.accesses.at(-1) === access.id) continue
        edge.accesses.push(access.id)
        edge.count += 1
      }
    }
  }
}

function needService(graph: Graph, name: string): string {
  const key = nodeKey.service(name)
  if (!graph.hasNode(key)) {
    graph.addNode(key, { type: 'service', label: name, path: null, kind: 'service' })
  }
  return key
}

function needTable(graph: Graph, id: string): string {
  const key = nodeKey.table(id)
  if (!graph.hasNode(key)) {
    graph.addNode(key, {
      type: 'table',
      label: id,
      datastore: null,
      schema: null,
      kind: 'table',
      owner: null,
      ownerConfidence: 'open',
    })
  }
  return key
}
