/** What the page shows of a row of keystrokes: the edit, the right keys, and what each model answered. */
import * as Either from "effect/Either"
import { readAnswer } from "../../services/formats/keystroke-answer.ts"
import { printKeys } from "../../services/keys/keystrokes.ts"
import { code, edit, type Section } from "../../services/rows/picture.ts"
import type { KeystrokeGoal } from "./test-row.ts"

/** An answer under the name of its model. */
interface NamedAnswer {
  readonly name: string
  readonly text: string
  readonly isSolved: boolean
}

/** Returns the sections of a row. */
export const keystrokeSections = (
  { right, source, target }: KeystrokeGoal,
  given: ReadonlyArray<NamedAnswer>
): ReadonlyArray<Section> => [
  edit({ name: "edit", before: source, after: target }),
  { kind: "keys", name: "the right answer", keys: printKeys(right), note: "", tone: "wanted" },
  ...given.map(({ isSolved, name, text }): Section => {
    const read = readAnswer(text)
    return Either.isLeft(read)
      ? code(`${name}, in which there are no keystrokes`, text, "unwanted")
      : { kind: "keys", name, keys: printKeys(read.right.keys), note: "", tone: isSolved ? "wanted" : "unwanted" }
  })
]
