/**
 * Groups of files that must stay on one side of the split: those that renames connect, and those that held the same
 * blob of at least 200 bytes at some time. A group is named after its oldest path, so that later history does not give
 * it another name unless it joins two groups.
 */

/** Smaller blobs, such as empty files and one-line headers, are equal by chance. Bytes. */
export const leastTwinBytes = 200

/** Returns what the groups know a file by: its repository and path, or the repository alone where that is one group. */
export const memberOf = (repository: string, path: string, groupBy: "file" | "repo"): string =>
  groupBy === "repo" ? repository : `${repository}:${path}`

/** A group and what it brings to the split. */
export interface Group {
  readonly name: string
  /** About how many rows it will give, in any unit that all groups share. */
  readonly weight: number
  /** The language that most of the weight is in. */
  readonly language: string
}

/** What one change, or one file of a tree, brings to its group. */
export interface Share {
  readonly language: string
  readonly weight: number
}

/** The groups of a history, as it is read from its oldest commit to its newest. */
export interface Groups {
  /** Adds a file, if it is new, and the blobs that it held. Call it in the order of history. */
  readonly add: (file: string, blobs: ReadonlyArray<string>) => void
  /** Says that two files are one and the same under two names. */
  readonly join: (file: string, other: string) => void
  /** Says that two files are shown together, unless their group would weigh more than `most`. */
  readonly joinUpTo: (file: string, other: string, most: number) => void
  /** Says what a file that was added brings. */
  readonly weigh: (file: string, share: Share) => void
  /** Returns the name of the group of a file that was added. */
  readonly nameOf: (file: string) => string
  /** Returns the groups that weigh something, in the order of their oldest files. */
  readonly all: () => ReadonlyArray<Group>
  /** What all files bring together. */
  readonly weight: () => number
}

/** Makes groups of no files. */
export const makeGroups = (): Groups => {
  const parents: Array<number> = []
  const names: Array<string> = []
  /** What each group brings, at its root. */
  const weights: Array<number> = []
  const shares: Array<Share & { readonly number: number }> = []
  const files = new Map<string, number>()
  const holders = new Map<string, number>()

  const rootOf = (start: number): number => {
    let root = start
    while (parents[root] !== root) root = parents[root] ?? root
    for (let at = start; at !== root;) {
      const next = parents[at] ?? root
      parents[at] = root
      at = next
    }
    return root
  }
  const numberOf = (file: string): number => {
    const known = files.get(file)
    if (known !== undefined) return known
    const fresh = parents.length
    parents.push(fresh)
    names.push(file)
    weights.push(0)
    files.set(file, fresh)
    return fresh
  }
  const unite = (a: number, b: number): void => {
    const left = rootOf(a)
    const right = rootOf(b)
    if (left === right) return
    const root = Math.min(left, right)
    parents[Math.max(left, right)] = root
    weights[root] = (weights[left] ?? 0) + (weights[right] ?? 0)
  }
  return {
    add: (file, blobs) => {
      const number = numberOf(file)
      for (const blob of blobs) {
        const holder = holders.get(blob)
        if (holder === undefined) holders.set(blob, number)
        else unite(holder, number)
      }
    },
    join: (file, other) => unite(numberOf(file), numberOf(other)),
    joinUpTo: (file, other, most) => {
      const [left, right] = [rootOf(numberOf(file)), rootOf(numberOf(other))]
      if ((weights[left] ?? 0) + (weights[right] ?? 0) <= most) unite(left, right)
    },
    weigh: (file, share) => {
      const number = numberOf(file)
      const root = rootOf(number)
      weights[root] = (weights[root] ?? 0) + share.weight
      shares.push({ ...share, number })
    },
    nameOf: (file) => names[rootOf(numberOf(file))] ?? file,
    all: () => weighGroups(shares.map(({ number, ...share }) => ({ ...share, name: names[rootOf(number)] ?? "" }))),
    weight: () => shares.reduce((sum, { weight }) => sum + weight, 0)
  }
}

/** Sums what the members of each group bring; groups without weight are left out. */
export const weighGroups = (members: Iterable<Share & { readonly name: string }>): ReadonlyArray<Group> => {
  const languagesOf = new Map<string, Map<string, number>>()
  for (const { language, name, weight } of members) {
    const weights = languagesOf.get(name) ?? new Map<string, number>()
    languagesOf.set(name, weights.set(language, (weights.get(language) ?? 0) + weight))
  }
  return [...languagesOf].flatMap(([name, weights]) => {
    const [heaviest] = [...weights].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1))
    const weight = [...weights.values()].reduce((sum, one) => sum + one, 0)
    return heaviest === undefined || weight === 0 ? [] : [{ name, weight, language: heaviest[0] }]
  })
}
