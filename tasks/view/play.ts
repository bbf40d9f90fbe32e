/** Types the keys of a row in the sandboxed Vim, on the person's own screen. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { endOfDrawing, harmlessRecording } from "../../services/keys/drawing.ts"
import { parseKeys, parseKeysLeniently } from "../../services/keys/keystrokes.ts"
import { viewOf } from "../../services/rows/row-view.ts"
import type { RowRecording } from "../../services/rows/transform.ts"
import { Sandbox } from "../../services/Sandbox.ts"
import { Screen } from "../shared/terminal.ts"
import type { Model } from "./model.ts"
import type { Size } from "./screen.ts"

/** Time from key to key, and before the screen goes back. */
const keyPause = "120 millis"
const endPause = "1200 millis"

/** What the row on the screen has to be typed, or null. */
export const recordingIn = ({ row }: Model): RowRecording | null =>
  row?._tag === "row" ? viewOf(row.value, row.text).recording : null

/** Gives what is to be said at the bottom afterwards. */
export const playRow = Effect.fn("view.play")(function*(model: Model, size: Size) {
  const asked = recordingIn(model)
  if (asked === null) return "This row has no keys to type"
  const screen = yield* Screen
  const sandbox = yield* Sandbox
  const keys = Either.getOrElse(parseKeys(asked.keys), () => parseKeysLeniently(asked.keys))
  const recording = harmlessRecording(yield* sandbox.record({ source: asked.source, keys }, size))
  yield* screen.print(`\u001b[0m\u001b[2J\u001b[H${recording.start}`)
  yield* Effect.gen(function*() {
    for (const { drawn } of recording.frames) {
      yield* Effect.sleep(keyPause)
      yield* screen.print(drawn)
    }
    yield* Effect.sleep(endPause)
  }).pipe(Effect.ensuring(screen.print(`${endOfDrawing}\u001b[2J\u001b[?25l`)))
  return `Vim ${recording.outcome._tag} after ${recording.outcome.keystrokes} keys`
})
