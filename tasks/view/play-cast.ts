/** Plays a recording on the terminal: `retrace view x.cast`. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import { systemWords } from "../../services/faults/system-words.ts"
import { endOfDrawing } from "../../services/keys/drawing.ts"
import { type Cast, readCast } from "../../services/keys/read-cast.ts"
import { CannotReadRows } from "../../services/Reader.ts"
import { clip, renderLine } from "../shared/cells.ts"
import { CannotReadInput } from "../shared/problems.ts"
import { Screen } from "../shared/terminal.ts"
import type { InteractiveTerminal } from "./interactive.ts"

/** Longer pauses are shortened to this. Seconds. */
const longestWait = 2

const enter = "\u001b[?1049h"
const leave = `${endOfDrawing}\u001b[?1049l`
const wiped = "\u001b[0m\u001b[2J\u001b[H"

/** Whether a file is a recording, by its name. */
export const isCast = (name: string): boolean => /\.cast$/i.test(name)

/** Reads a recording. */
export const openCast = Effect.fn("view.openCast")(function*(path: string) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* Effect.mapError(
    fs.readFileString(path),
    (cause) => new CannotReadInput({ path, detail: systemWords(cause) })
  )
  const cast = readCast(text)
  return cast === undefined
    ? yield* new CannotReadRows({ path, detail: "it is no recording of asciicast version 2 or 3", isMissing: false })
    : cast
})

/** Plays a recording until it is left: space stops it and lets it go on, and plays it again from its end. */
export const playCast = Effect.fn("view.playCast")(function*(cast: Cast, terminal: InteractiveTerminal) {
  const screen = yield* Screen
  const gate = yield* Effect.makeLatch(true)
  let isStopped = false

  const say = (text: string) => {
    const { columns, rows } = terminal.size()
    // A line that is as wide as the terminal would move what stands above it.
    const line = renderLine([{ text: clip(text, columns - 1), style: "bar" }], screen.hasColour)
    return screen.print(`\u001b7\u001b[${rows};1H${line}\u001b[K\u001b8`)
  }
  const playing = Effect.gen(function*() {
    yield* screen.print(wiped)
    for (const { drawn, wait } of cast.events) {
      yield* Effect.sleep(`${Math.min(wait, longestWait) * 1000} millis`)
      yield* gate.await
      yield* screen.print(drawn)
    }
    yield* say(" The end: space plays it again, q leaves ")
  })
  const keys = Effect.gen(function*() {
    while (true) {
      const event = yield* terminal.events.take
      if (event._tag !== "key") continue
      if (/^(?:q|escape|interrupt)$/.test(event.key)) return "left" as const
      if (event.key !== " ") continue
      isStopped = !isStopped
      yield* isStopped ? Effect.zipRight(gate.close, say(" Stopped: space goes on, q leaves ")) : gate.open
    }
  })
  const again = Effect.gen(function*() {
    while (true) {
      const event = yield* terminal.events.take
      if (event._tag !== "key") continue
      if (event.key === " ") return "again" as const
      if (/^(?:q|escape|interrupt|enter)$/.test(event.key)) return "left" as const
    }
  })
  const loop = Effect.gen(function*() {
    while (true) {
      const ended = yield* Effect.raceFirst(Effect.as(playing, "ended" as const), keys)
      if (ended === "left" || (yield* again) === "left") return
    }
  })
  yield* Effect.acquireUseRelease(screen.print(enter), () => loop, () => screen.print(leave))
})
