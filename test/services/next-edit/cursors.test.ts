import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { quietCursors, targetCursors } from "../../../services/next-edit/cursors.ts"
import { randomOf } from "../../../services/text/random.ts"
import { endOfLine, startOfLine } from "../../../services/text/span.ts"

const text = Array.from({ length: 40 }, (_, line) => `    value_${line} = compute(first, ${line})\n`).join("")

/** How often a cursor stands before the first word of its line, behind the last one, and elsewhere. */
const columnsOf = (cursorOf: (seed: number) => number) => {
  const counts = { before: 0, behind: 0, elsewhere: 0 }
  for (let seed = 0; seed < 3000; seed++) {
    const cursor = cursorOf(seed)
    const column = cursor - startOfLine(text, cursor)
    counts[cursor === endOfLine(text, cursor) ? "behind" : column === 4 ? "before" : "elsewhere"]++
  }
  return counts
}

describe("cursors", () => {
  it.each([["after an edit far away", null], ["after one that is near", 400]])(
    "stand in the same columns whether an edit is due or not, %s",
    (_, lastEnd) => {
      const due = columnsOf((seed) => targetCursors(text, 700, lastEnd, randomOf("due", seed))[0] ?? -1)
      const quiet = columnsOf((seed) => quietCursors(text, lastEnd, randomOf("quiet", seed))[0] ?? -1)
      for (const counts of [due, quiet]) {
        for (const count of Object.values(counts)) assert.isAbove(count, 150, JSON.stringify([due, quiet]))
      }
    }
  )

  it.prop(
    "stand within the text, neither in a pair nor in a line end",
    [FastCheck.fullUnicodeString(), FastCheck.nat(), FastCheck.nat(), FastCheck.nat()],
    ([drawn, at, end, seed]) => {
      const given = drawn.replaceAll("!", "\r\n").replaceAll(" ", "\n")
      const [target, lastEnd] = [at % (given.length + 1), end % (given.length + 1)]
      const random = randomOf("cursors", seed)
      const lineStart = startOfLine(given, target)
      const cursors = [...targetCursors(given, lineStart, null, random), ...quietCursors(given, null, random)]
      for (const cursor of [...cursors, ...targetCursors(given, lineStart, startOfLine(given, lastEnd), random)]) {
        assert.isTrue(cursor >= 0 && cursor <= given.length)
        assert.isFalse(/[\ud800-\udbff]/.test(given.charAt(cursor - 1)) && /[\udc00-\udfff]/.test(given.charAt(cursor)))
      }
    }
  )
})
