/** What the command does once its flags are read. Loaded then, so that `--help` does not wait for it. */
import * as NodeStream from "@effect/platform-node/NodeStream"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { systemWords } from "../../services/faults/system-words.ts"
import { Reader } from "../../services/Reader.ts"
import type { AnswersTo } from "../shared/asked/asked.ts"
import { CannotReadInput, WrongUsage } from "../shared/problems.ts"
import { sandboxLayer } from "../shared/sandbox.ts"
import { keysTyped } from "./keys.ts"
import { readers } from "../shared/readers.ts"
import { findFiles, trainFirst } from "../shared/row-files.ts"
import { exportRows } from "./export.ts"
import { refuseUnknownField } from "./known-field.ts"
import { type InteractiveTerminal, runInteractive, type TerminalEvent } from "./interactive.ts"
import { isCast, openCast, playCast } from "./play-cast.ts"
import { runLines } from "./line-mode.ts"
import type { Filter, Model } from "./model.ts"
import type { asked } from "./asked.ts"
import { playRow, recordingIn } from "./play.ts"
import { printAll, printRow, printStats } from "./print.ts"
import type { Size } from "./screen.ts"
import { makeSession } from "./session.ts"

type ViewAnswers = AnswersTo<typeof asked>

export const handle = (answers: ViewAnswers) =>
  Effect.scoped(Effect.gen(function*() {
    yield* refuseIdle(answers)
    const files = trainFirst(yield* findFiles(answers.file, answers.directory))
    const filter = yield* filterOf(answers)
    const isTyped = process.stdin.isTTY === true && process.stdout.isTTY === true
    const isPrinting = answers.row !== undefined || answers.stats || answers.plain || answers.json
    if (filter !== null && (isPrinting || answers.export !== undefined)) yield* refuseUnknownField(files, filter)
    if (answers.export !== undefined) return yield* exportRows(files, filter, { ...answers, export: answers.export })
    if (isPrinting) {
      const reader = yield* Reader
      for (const { name, path } of files) {
        const file = yield* reader.open(path)
        if (answers.stats) yield* printStats(name, file, filter, answers.json)
        else if (answers.row !== undefined) yield* printRow(name, file, answers.row, answers.json)
        else yield* printAll(name, file, filter, answers.json)
      }
      return
    }
    if (answers.web) {
      const { serveWeb } = yield* Effect.promise(() => import("./web/serve.ts"))
      return yield* serveWeb(files, answers)
    }
    const [first] = files
    if (isTyped && first !== undefined && isCast(first.name)) {
      const cast = yield* openCast(first.path)
      return yield* playCast(cast, yield* openTerminal)
    }
    const session = yield* makeSession(files)
    const opened = yield* session.openFile(0)
    const start = filter === null ? opened : yield* session.run(opened, { _tag: "filter", ...filter })
    if (!isTyped) {
      yield* runLines(session, start, inputLines)
      return
    }
    const terminal = yield* openTerminal
    yield* runInteractive(session, start, terminal, (model, size) => play(model, size, answers))
  })).pipe(Effect.provide(readers))

/** Refuses flags that would change nothing. */
const refuseIdle = Effect.fnUntraced(function*(answers: ViewAnswers) {
  const isWriting = answers.export !== undefined
  if (answers.onlyKept && !isWriting) {
    return yield* new WrongUsage({ detail: "Cannot use --only-kept without --export: it is about the rows to write" })
  }
  if (answers.overwrite && !isWriting) {
    return yield* new WrongUsage({ detail: "Cannot use --overwrite without --export: nothing is written" })
  }
  if (answers.port !== 0 && !answers.web) {
    return yield* new WrongUsage({ detail: "Cannot use --port without --web: nothing is served" })
  }
})

const filterOf = Effect.fnUntraced(function*({ filter }: ViewAnswers) {
  if (filter === undefined) return null
  const at = filter.indexOf("=")
  if (at < 1) {
    return yield* new WrongUsage({ detail: `Cannot use --filter "${filter}": it takes field=value` })
  }
  const wanted: Filter = { key: filter.slice(0, at), value: filter.slice(at + 1) }
  return wanted
})

/**
 * The Vim has the options that the row names, or those that were asked for. One that does not start is said at the bottom
 * of the screen; looking goes on.
 */
const play = (model: Model, size: Size, answers: ViewAnswers) =>
  playRow(model, size).pipe(
    Effect.provide(
      sandboxLayer({ ...answers, vimOptions: recordingIn(model)?.vimOptions ?? answers.vimOptions }, 1, "others")
    ),
    Effect.catchAll((problem) => Effect.succeed(problem.message))
  )

const inputLines = NodeStream.fromReadable<CannotReadInput, Uint8Array>(
  () => process.stdin,
  (cause) => new CannotReadInput({ path: "-", detail: systemWords(cause) })
).pipe(Stream.decodeText(), Stream.splitLines)

/** The terminal as it is typed into: every key at once, and the signal of Ctrl-C as a key. */
const openTerminal = Effect.gen(function*() {
  const events = yield* Queue.unbounded<TerminalEvent>()
  const onData = (data: Buffer) => {
    for (const key of keysTyped(data.toString("utf8"))) events.unsafeOffer({ _tag: "key", key })
  }
  const onResize = () => void events.unsafeOffer({ _tag: "resized" })
  yield* Effect.acquireRelease(
    Effect.sync(() => {
      process.stdin.setRawMode(true)
      process.stdin.on("data", onData)
      process.stdin.resume()
      process.stdout.on("resize", onResize)
    }),
    () =>
      Effect.sync(() => {
        process.stdin.setRawMode(false)
        process.stdin.off("data", onData)
        process.stdin.pause()
        process.stdout.off("resize", onResize)
      })
  )
  const terminal: InteractiveTerminal = {
    events,
    size: () => ({ columns: process.stdout.columns ?? 80, rows: process.stdout.rows ?? 24 })
  }
  return terminal
})
