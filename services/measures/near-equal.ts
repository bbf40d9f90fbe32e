/**
 * Near-equal rows: those that look the same to whoever leafs through a dataset. What counts is what a picture of the row
 * shows before anything is unfolded: the answers, what an edit changes, and the lines nearest to it. White space does
 * not count. So a place that stands in many versions of a file, or in many copies of it, is near-equal to itself, however
 * much the files differ elsewhere.
 */
import type { Side } from "../history/split.ts"
import type { Section, TextAround } from "../rows/picture.ts"
import { linesAround } from "../rows/shown-lines.ts"
import { linesBefore, linesBehind } from "../text/lines.ts"
import { inkOf } from "../text/random.ts"

/**
 * Returns a number for what a row shows; near-equal rows have the same one, and a row that shows no text has none. A text
 * that is shown twice counts once.
 */
export const lookOf = (sections: ReadonlyArray<Section>): number | undefined => {
  const shown = new Set(sections.flatMap(shownIn))
  return shown.size === 0 ? undefined : inkOf(shown)
}

const shownIn = (section: Section): ReadonlyArray<string> => {
  switch (section.kind) {
    case "code":
      return section.isAside ? [] : [section.tone, section.text]
    case "cut":
      return [section.tone, section.middle, ...nearestIn(section)]
    case "change":
      return section.isAside
        ? []
        : [section.left.tone, section.left.text, section.right.text, ...nearestIn(section.around)]
    case "steps":
      return section.states
    case "keys":
      return [section.tone, section.keys]
  }
}

const nearestIn = (around: TextAround | null): ReadonlyArray<string> =>
  around === null ? [] : [linesBefore(around.prefix, linesAround), linesBehind(around.suffix, linesAround)]

/** What was found of near-equal rows. */
export interface NearEqual {
  /** Rows that were looked at: all that show a text, or of very many rows a part that their fingerprints draw. */
  readonly of: number
  /** Rows that look like an earlier one. */
  readonly hit: number
  /** Where the first one stands, or "". */
  readonly example: string
  /** Held-out rows that look like a row to train on. */
  readonly heldInTrain: number
  /** How many rows look like no other, like one other, and so on: rows by the size of their group. */
  readonly bySize: ReadonlyMap<number, number>
}

/** Gathers rows by their looks. */
export interface NearEqualGatherer {
  readonly add: (look: number, side: Side, place: string) => void
  readonly result: () => NearEqual
}

/** So many looks are kept at most, which takes about 30 MB. */
const mostLooks = 2 ** 18

/** Makes a gatherer that keeps at most `room` looks: once there are more, it goes on with half of all looks. */
export const makeNearEqual = (room = mostLooks): NearEqualGatherer => {
  const looks = new Map<number, Record<Side, number>>()
  let drawn = 1
  let example = ""
  const isDrawn = (look: number) => look % drawn === 0
  return {
    add: (look, side, place) => {
      if (!isDrawn(look)) return
      const known = looks.get(look)
      if (known !== undefined) {
        known[side]++
        if (example === "") example = place
        return
      }
      looks.set(look, { train: side === "train" ? 1 : 0, held: side === "held" ? 1 : 0 })
      while (looks.size > room) {
        drawn *= 2
        for (const kept of looks.keys()) if (!isDrawn(kept)) looks.delete(kept)
      }
    },
    result: () => {
      const bySize = new Map<number, number>()
      let [of, heldInTrain] = [0, 0]
      for (const { held, train } of looks.values()) {
        of += held + train
        if (train > 0) heldInTrain += held
        bySize.set(held + train, (bySize.get(held + train) ?? 0) + held + train)
      }
      return { of, hit: of - looks.size, example, heldInTrain, bySize }
    }
  }
}
