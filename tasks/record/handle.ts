/** What the command does once its flags are read. */
import { spawn } from "node:child_process"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import { renderCast } from "../../services/keys/cast.ts"
import { Sandbox } from "../../services/Sandbox.ts"
import { CannotWrite } from "../../services/Writer.ts"
import type { AnswersTo } from "../shared/asked/asked.ts"
import { DidNotFinish, WrongUsage } from "../shared/problems.ts"
import { sandboxLayer } from "../shared/sandbox.ts"
import { Screen } from "../shared/terminal.ts"
import { givenSource, keysOf } from "../shared/text-input.ts"
import { writeWhole, writeWholeBy } from "../shared/whole-file.ts"
import type { asked } from "./asked.ts"
import { NoRenderer } from "./problems.ts"

type RecordAnswers = AnswersTo<typeof asked>

export const handle = (answers: RecordAnswers) => run(answers).pipe(Effect.provide(sandboxLayer(answers, 1, "user")))

const run = Effect.fnUntraced(function*(answers: RecordAnswers) {
  const sandbox = yield* Sandbox
  const screen = yield* Screen
  const { columns, interval, rows, version } = answers
  const files = yield* filesOf(answers)
  const attempt = { source: yield* givenSource(answers), keys: yield* keysOf(answers.keys, answers.notation) }
  const recording = yield* sandbox.record(attempt, { columns, rows })
  const { outcome } = recording
  if (outcome._tag !== "finished" && outcome._tag !== "left") {
    return yield* new DidNotFinish({ outcome: outcome._tag, detail: "reason" in outcome ? outcome.reason : "" })
  }
  const cast = renderCast({ ...recording, version, interval, columns, rows })
  if (files.output === null) return yield* screen.print(cast)
  const { output } = files
  yield* writeWhole(output, cast)
  for (const { arguments: args, path, program } of files.renderings) {
    yield* writeWholeBy(path, (draft) => render(program, [...args(output), draft]))
  }
})

interface Rendering {
  readonly program: string
  readonly path: string
  readonly arguments: (cast: string) => ReadonlyArray<string>
}

const filesOf = Effect.fnUntraced(function*(answers: RecordAnswers) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const renderings = [
    { program: "agg", file: answers.gif, arguments: (cast: string) => [cast] },
    { program: "svg-term", file: answers.svg, arguments: (cast: string) => ["--in", cast, "--out"] }
  ].flatMap((
    { file, ...how }
  ): ReadonlyArray<Rendering> => (file === undefined ? [] : [{ ...how, path: path.resolve(file) }]))
  const output = answers.output === undefined || answers.output === "-" ? null : path.resolve(answers.output)
  if (output === null && renderings.length > 0) {
    return yield* new WrongUsage({ detail: "Cannot render without a file: pass --output beside --gif or --svg" })
  }
  for (const file of [...(output === null ? [] : [output]), ...renderings.map(({ path }) => path)]) {
    if (!answers.overwrite && (yield* Effect.orElseSucceed(fs.exists(file), () => false))) {
      return yield* new CannotWrite({ path: file, detail: "it is there already; pass --overwrite to replace it" })
    }
  }
  return { output, renderings }
})

const render = (program: string, args: ReadonlyArray<string>) =>
  Effect.async<void, NoRenderer>((resume) => {
    const child = spawn(program, [...args], { stdio: ["ignore", "ignore", "pipe"] })
    let said = ""
    child.stderr.on("data", (data) => said += data)
    child.on("error", () => resume(new NoRenderer({ program, detail: "it is not installed" })))
    child.on("close", (code) => {
      const detail = said.trim().split("\n").at(-1) ?? ""
      resume(code === 0 ? Effect.void : new NoRenderer({ program, detail }))
    })
    return Effect.sync(() => child.kill())
  })
