/** The parts of a file that its prompt has no room for, by their signatures. */
import { fitInfill } from "../../services/formats/fit-infill.ts"
import type { Here } from "./here.ts"
import type { Sketched } from "./sketch.ts"

export interface OutlineLine {
  readonly text: string
  /** From 1; counted in what is known of the file, without the answer. */
  readonly line: number
}

export interface Outline {
  /**
   * Returns the lines of an outline of what a prompt leaves out that holds `window` UTF-16 units around the cursor, in the
   * order of the file; at most `room` units long.
   */
  readonly within: (window: number, room: number) => ReadonlyArray<OutlineLine>
  /** Whether it may show members of the receiver. */
  readonly isReceived: boolean
}

export const emptyOutline: Outline = { within: () => [], isReceived: false }

/** What says which declarations matter most. */
export interface OutlineHints {
  /** Places of declarations that come first: members of the receiver. */
  readonly first: ReadonlySet<number>
  /** Weights of names near the cursor. */
  readonly near: ReadonlyMap<string, number>
}

export const outlineOf = (here: Here, prefix: string, suffix: string, hints: OutlineHints): Outline => ({
  isReceived: hints.first.size > 0,
  within: (window, room) => {
    if (prefix.length + suffix.length <= window || room <= 0) return []
    const fitted = fitInfill(prefix, suffix, 0, window)
    const from = here.start + (fitted?.prefixCut ?? 0)
    const to = here.start + prefix.length + (fitted?.suffix.length ?? 0)
    const symbols = here.symbols()
    const isCut = ({ start }: Sketched) => start < from || start >= to
    const wanted: Array<{ readonly place: number; readonly worth: number }> = []
    for (const [place, symbol] of symbols.entries()) {
      if (!isCut(symbol) || (symbol.kind === "value" && !hints.first.has(place)) || symbol.kind === "module") continue
      const distance = Math.abs(symbol.start - here.cursor)
      wanted.push({
        place,
        worth: (hints.first.has(place) ? 10 : 0) + 3 * Math.min(1, hints.near.get(symbol.name) ?? 0) +
          4000 / (4000 + distance)
      })
    }
    wanted.sort((a, b) => b.worth - a.worth || a.place - b.place)
    const shown = new Set<number>()
    let left = room
    for (const { place } of wanted) {
      const added = withContainers(symbols, place).filter((one) => !shown.has(one))
      const cost = added.reduce((sum, one) => sum + lineOf(symbols, one).length, 0)
      if (cost > left) continue
      left -= cost
      for (const one of added) shown.add(one)
    }
    // Members of the receiver come last, nearest to the cursor, below the types that hold them.
    const last = new Set(
      [...shown].filter((place) => hints.first.has(place)).flatMap((one) => withContainers(symbols, one))
    )
    const ordered = [...shown].sort((a, b) =>
      Number(last.has(a)) - Number(last.has(b)) || (symbols[a]?.start ?? 0) - (symbols[b]?.start ?? 0)
    )
    return ordered.map((place) => ({ text: lineOf(symbols, place), line: symbols[place]?.line ?? 1 }))
  }
})

const withContainers = (symbols: ReadonlyArray<Sketched>, place: number): ReadonlyArray<number> => {
  const chain: Array<number> = []
  for (let at = place; at >= 0; at = symbols[at]?.container ?? -1) chain.unshift(at)
  return chain
}

const lineOf = (symbols: ReadonlyArray<Sketched>, place: number): string => {
  let indent = ""
  for (let at = symbols[place]?.container ?? -1; at >= 0; at = symbols[at]?.container ?? -1) indent += "  "
  return `${indent}${symbols[place]?.signature ?? ""}\n`
}
