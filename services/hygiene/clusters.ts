/** Numbered things that are united pair by pair: a cluster is called after its lowest number. */

/** Clusters of the numbers below `count`; four bytes each. */
export interface Clusters {
  /** Returns the lowest number of the cluster. */
  readonly lowestOf: (number: number) => number
  /** Makes two clusters one. */
  readonly unite: (a: number, b: number) => void
}

/** Makes clusters of one number each (union-find, with paths halved as they are walked). */
export const makeClusters = (count: number): Clusters => {
  const above = Uint32Array.from({ length: count }, (_, number) => number)
  const lowestOf = (number: number): number => {
    let at = number
    for (let next = above[at] ?? at; next !== at; next = above[at] ?? at) {
      above[at] = above[next] ?? next
      at = above[at] ?? next
    }
    return at
  }
  return {
    lowestOf,
    unite: (a, b) => {
      const [one, other] = [lowestOf(a), lowestOf(b)]
      above[Math.max(one, other)] = Math.min(one, other)
    }
  }
}
