/**
 * Near-duplicates: rows whose compared texts have most of their words in common, as their signatures tell. Two rows are
 * twins when a band of their signatures is equal and 70 % of all bytes are; rows that are joined by twins are a cluster, of
 * which one row stays. What stays depends on the rows alone: neither on their order nor on how they came in parts.
 *
 * Takes about 160 bytes a row, 24 of them only while a band is sorted.
 */
import type { Side } from "../history/split.ts"
import { makeClusters } from "./clusters.ts"
import { bandBytes, signatureBytes } from "./min-hash.ts"
import { orderOf } from "./radix-order.ts"
import { lowerHalf, makeSignatureStore, type SignatureStore, upperHalf } from "./signature-store.ts"

/** What was found. */
export interface NearDuplicates {
  /** Rows that were compared; those that came twice on one side count once. */
  readonly rows: number
  /** Clusters of more than one row, and the size of the largest. */
  readonly clusters: number
  readonly largest: number
  /** How many rows of each side go. */
  readonly leftOut: Readonly<Record<Side, number>>
  /** How many of the rows to train on go because a held-out row is in their cluster. */
  readonly besideHeld: number
  /**
   * Says why a row goes, or undefined where it stays: of a cluster one row stays, which is a held-out one if there is any,
   * and of several the row of the lowest id.
   */
  readonly reasonAgainst: (id: string, side: Side) => NearDuplicateReason | undefined
}

/** Why a row goes. */
export type NearDuplicateReason = "near-duplicate" | "near-duplicate of a held-out row"

/** Gathers rows. */
export interface NearDuplicatesGatherer {
  /** Takes a row by its id, 16 hex digits, and its signature. */
  readonly add: (id: string, side: Side, signature: Uint8Array) => void
  readonly result: () => NearDuplicates
}

/** So many bytes of two signatures must be equal: 70 %, and those that are equal by chance. */
export const fewestEqualBytes = 79

/** In a band that very many rows share, each is compared with so many rows before it, in the order of their ids. */
const mostCompared = 256

/** Makes a gatherer without rows. */
export const makeNearDuplicates = (): NearDuplicatesGatherer => {
  const store = makeSignatureStore()
  return { add: store.add, result: () => resultOf(store) }
}

const resultOf = (store: SignatureStore): NearDuplicates => {
  const places = distinctPlaces(store)
  const clusters = makeClusters(places.length)
  uniteTwins(store, places, clusters)
  const sizes = new Uint32Array(places.length)
  const keepers = new Uint32Array(places.length)
  const hasHeld = new Uint8Array(places.length)
  for (const [rank, place] of places.entries()) {
    const cluster = clusters.lowestOf(rank)
    sizes[cluster] = (sizes[cluster] ?? 0) + 1
    if (rank === cluster) keepers[cluster] = rank
    if (hasHeld[cluster] === 1 || !store.isHeld(place)) continue
    hasHeld[cluster] = 1
    keepers[cluster] = rank
  }
  // All are in the order of their ids.
  const train: Array<number> = []
  const held: Array<number> = []
  const besideHeld: Array<number> = []
  for (const [rank, place] of places.entries()) {
    const cluster = clusters.lowestOf(rank)
    if (keepers[cluster] === rank) continue
    if (store.isHeld(place)) held.push(place)
    else if (hasHeld[cluster] === 1) besideHeld.push(place)
    else train.push(place)
  }
  const several = sizes.filter((size) => size > 1)
  const gone = { train: idSetOf(store, train), held: idSetOf(store, held), besideHeld: idSetOf(store, besideHeld) }
  return {
    rows: places.length,
    clusters: several.length,
    largest: several.reduce((largest, size) => Math.max(largest, size), 0),
    leftOut: { train: train.length + besideHeld.length, held: held.length },
    besideHeld: besideHeld.length,
    reasonAgainst: reasonBy(gone)
  }
}

/** Says why rows go. It does not hold the signatures, which are no longer needed then. */
const reasonBy =
  (gone: Readonly<Record<Side | "besideHeld", IdSet>>): NearDuplicates["reasonAgainst"] => (id, side) => {
    if (side === "train" && gone.besideHeld(id)) return "near-duplicate of a held-out row"
    return gone[side](id) ? "near-duplicate" : undefined
  }

/** Returns the places of the rows in the order of their ids, of those that have one id and one side only the first. */
const distinctPlaces = (store: SignatureStore): Uint32Array => {
  const count = store.count()
  const lower = Uint32Array.from({ length: count }, (_, place) => store.lowerId(place))
  const upper = Uint32Array.from({ length: count }, (_, place) => store.upperId(place))
  const order = orderOf(lower, upper, count)
  const isSameId = (a = 0, b = 0) => lower[a] === lower[b] && upper[a] === upper[b]
  let distinct = 0
  for (let start = 0, end = 0; start < count; start = end) {
    for (end = start + 1; end < count && isSameId(order[start], order[end]);) end++
    if (end > start + 1) order.subarray(start, end).sort((a, b) => bySideAndSignature(store, a, b))
    for (let at = start; at < end; at++) {
      const place = order[at] ?? 0
      const isFirst = at === start || store.isHeld(place) !== store.isHeld(order[distinct - 1] ?? 0)
      if (isFirst) order[distinct++] = place
    }
  }
  return order.subarray(0, distinct)
}

const bySideAndSignature = (store: SignatureStore, a: number, b: number): number => {
  if (store.isHeld(a) !== store.isHeld(b)) return store.isHeld(a) ? -1 : 1
  for (let index = 0; index < signatureBytes / 4; index++) {
    const difference = store.word(a, index) - store.word(b, index)
    if (difference !== 0) return difference
  }
  return 0
}

const uniteTwins = (
  store: SignatureStore,
  places: Uint32Array,
  { lowestOf, unite }: ReturnType<typeof makeClusters>
): void => {
  const lower = new Uint32Array(places.length)
  const upper = new Uint32Array(places.length)
  for (let band = 0; band < signatureBytes / bandBytes; band++) {
    for (const [rank, place] of places.entries()) {
      lower[rank] = store.word(place, 2 * band)
      upper[rank] = store.word(place, 2 * band + 1)
    }
    const order = orderOf(lower, upper, places.length)
    for (let start = 0, at = 0; at < order.length; at++) {
      const rank = order[at] ?? 0
      const first = order[start] ?? 0
      if (lower[rank] !== lower[first] || upper[rank] !== upper[first]) start = at
      for (let before = at - 1; before >= Math.max(start, at - mostCompared); before--) {
        const other = order[before] ?? 0
        if (lowestOf(rank) === lowestOf(other)) continue
        if (store.equalBytes(places[rank] ?? 0, places[other] ?? 0) >= fewestEqualBytes) unite(rank, other)
      }
    }
  }
}

/** Whether an id is in the set. */
type IdSet = (id: string) => boolean

/** Returns the ids of places, which are in the order of their ids; eight bytes each. */
const idSetOf = (store: SignatureStore, places: ReadonlyArray<number>): IdSet => {
  const uppers = Uint32Array.from(places, store.upperId)
  const lowers = Uint32Array.from(places, store.lowerId)
  return (id) => {
    const upper = upperHalf(id)
    const lower = lowerHalf(id)
    let low = 0
    let high = uppers.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const difference = (uppers[middle] ?? 0) - upper || (lowers[middle] ?? 0) - lower
      if (difference === 0) return true
      if (difference < 0) low = middle + 1
      else high = middle - 1
    }
    return false
  }
}
