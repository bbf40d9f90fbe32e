/** Where a plan stands: how it came there, and what the next keys can build on. */
import type { Keystrokes } from "../../../services/keys/keystrokes.ts"
import type { KeyedChange } from "./changes.ts"

/** The keys so far, the last ones first. */
export interface TypedPath {
  readonly previous: TypedPath | null
  readonly keys: Keystrokes
}

export interface KeyPlace {
  /** From 0, as the column. */
  readonly line: number
  readonly column: number
  /** Keystrokes so far. */
  readonly cost: number
  readonly path: TypedPath | null
  /** What "." would do again. */
  readonly change: KeyedChange | null
  /** How many whole lines "." would delete; null when it would do something else. */
  readonly lines: number | null
  /** Whole lines that "p" would put, with their ends; null when it would put something else. */
  readonly register: string | null
}

export const start: KeyPlace = { line: 0, column: 0, cost: 0, path: null, change: null, lines: null, register: null }

/** Returns the place that keys lead to. */
export const after = (place: KeyPlace, keys: Keystrokes, next: Partial<Omit<KeyPlace, "cost" | "path">>): KeyPlace => ({
  ...place,
  ...next,
  cost: place.cost + keys.length,
  path: keys.length === 0 ? place.path : { previous: place.path, keys }
})

export const keysTo = ({ path }: KeyPlace): Keystrokes => {
  const parts: Array<Keystrokes> = []
  for (let at = path; at !== null; at = at.previous) parts.push(at.keys)
  return parts.toReversed().flat()
}

/** How many places are kept from step to step. */
const kept = 14

/** Returns the cheapest places, one for each position, change and register. */
export const cheapest = (places: ReadonlyArray<KeyPlace>, count = kept): ReadonlyArray<KeyPlace> => {
  const best = new Map<string, KeyPlace>()
  for (const place of places) {
    const key = `${place.line} ${place.column} ${place.change?.keys.join("") ?? ""} ${place.lines ?? ""} ${
      place.register ?? ""
    }`
    const known = best.get(key)
    if (known === undefined || place.cost < known.cost) best.set(key, place)
  }
  return [...best.values()].toSorted((a, b) => a.cost - b.cost).slice(0, count)
}
