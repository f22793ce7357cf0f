/**
 * The picture of a map that `svg` and `html` share: a card for each service with the tables that it owns, cards in
 * columns so that no two overlap, and an arrow for each use of another service's table.
 */
import type { Tally } from '../../analyzers/graph/index.js'

export interface Board {
  width: number
  height: number
  cards: Card[]
  /** The services that own no table and use none of others, if there are many; null where each has a card. */
  idle: Idle | null
  /** In the order in which they are drawn: what matters most comes last, on top. */
  arrows: Arrow[]
}

/** A service with its tables; or the tables of one datastore whose owner is open. */
export interface Card {
  /** Stands for the card in the drawing: `service:billing`, `open:shop`. */
  key: string
  /** Null for tables whose owner is open. */
  service: string | null
  title: string
  subtitle: string
  colour: string
  x: number
  y: number
  width: number
  height: number
  /** Accesses of the service to other services' tables. */
  out: number
  /** Accesses of other services to its tables. */
  into: number
  /** The tables that are named, and where. */
  rows: Row[]
  /** The tables for whose names there is no room: a square each. */
  squares: Square[]
}

/** Many services in one box, a square each: they have nothing to show. */
export interface Idle {
  title: string
  subtitle: string
  x: number
  y: number
  width: number
  height: number
  services: { service: string; x: number; y: number }[]
}

export interface Row {
  table: string
  label: string
  /** Top, from the top of the board. */
  y: number
  /** Accesses by services that don't own it; 0 for a table that no other service uses. */
  uses: number
}

export interface Square {
  table: string
  x: number
  y: number
}

/** What an arrow stands for foremost. An `open` one leads to a table whose owner is open, and is no crossing. */
export type ArrowKind = 'read' | 'join' | 'write' | 'open'

export interface Arrow {
  kind: ArrowKind
  /** Service whose code it is. */
  from: string
  /** Keys of the cards. */
  fromCard: string
  toCard: string
  /** Null for an arrow that sums up all tables of a card. */
  table: string | null
  tally: Tally
  /** The `d` of an SVG path. */
  path: string
}

/** Sizes in pixels at which the drawing is legible. */
export const SIZES = {
  margin: 24,
  gutter: 104,
  gap: 22,
  header: 46,
  /** Height of a card that has nothing but a title. */
  bare: 32,
  row: 18,
  padding: 10,
  square: 9,
  squareGap: 3,
} as const
