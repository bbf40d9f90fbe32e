/**
 * What must stand for a thing to stand: "a needs one of b, c". When the last of what it needs goes, a thing goes too,
 * and with it what needs it. Things are numbered from 0.
 */

export interface Needs {
  /** How many things there are. */
  readonly count: number
  /** Need i is the need of `needing[i]` for one of `oneOf[i]`. */
  readonly needing: ReadonlyArray<number>
  readonly oneOf: ReadonlyArray<ReadonlyArray<number>>
}

/** "Atom `atom` needs one of `oneOf`", for the sake of `name`. */
export interface NameNeed {
  readonly name: string
  /** Whether the atom only puts something into what the name stands for. */
  readonly isWrite: boolean
  readonly atom: number
  readonly oneOf: ReadonlyArray<number>
}

/** Things that still stand. It holds state: one for each path. */
export interface Standing {
  readonly stands: (thing: number) => boolean
  /** Takes a thing away with all that cannot stand without it, and returns those that went. */
  readonly take: (thing: number) => ReadonlyArray<number>
  /** Returns the way back to how everything stands now. */
  readonly mark: () => () => void
}

/**
 * Puts everything up again. Taking all away costs time linear in the size of the needs.
 *
 * @example
 * const standing = putUp({ count: 3, needing: [2], oneOf: [[0, 1]] })
 * standing.take(0) // [0]
 * standing.take(1) // [1, 2]
 */
export const putUp = (needs: Needs): Standing => {
  const gone = new Uint8Array(needs.count)
  const left = Int32Array.from(needs.oneOf, (choices) => choices.length)
  const servedBy = servedNeeds(needs)
  return {
    stands: (thing) => gone[thing] === 0,
    mark: () => {
      const goneNow = gone.slice()
      const leftNow = left.slice()
      return () => {
        gone.set(goneNow)
        left.set(leftNow)
      }
    },
    take: (thing) => {
      if (gone[thing] !== 0) return []
      const went = [thing]
      gone[thing] = 1
      for (const next of went) {
        for (const need of servedBy[next] ?? []) {
          const rest = (left[need] ?? 0) - 1
          left[need] = rest
          const needing = needs.needing[need] ?? 0
          if (rest > 0 || gone[needing] !== 0) continue
          gone[needing] = 1
          went.push(needing)
        }
      }
      return went
    }
  }
}

/** For each thing the needs that it serves; the same for every path of a program, so it is kept. */
const servedNeeds = (needs: Needs): ReadonlyArray<ReadonlyArray<number>> => {
  const known = served.get(needs)
  if (known !== undefined) return known
  const result: Array<Array<number>> = Array.from({ length: needs.count }, () => [])
  for (const [need, choices] of needs.oneOf.entries()) for (const choice of choices) result[choice]?.push(need)
  served.set(needs, result)
  return result
}

const served = new WeakMap<Needs, ReadonlyArray<ReadonlyArray<number>>>()
