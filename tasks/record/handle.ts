/** What the command does once its flags are read. */
import { spawn } from "node:child_process"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { renderCast } from "../../services/keys/cast.ts"
import { Sandbox } from "../../services/Sandbox.ts"
import { CannotWrite } from "../../services/Writer.ts"
import { DidNotFinish, WrongUsage } from "../shared/problems.ts"
import { type SandboxFlags, sandboxLayer } from "../shared/sandbox.ts"
import { Screen } from "../shared/terminal.ts"
import { keysOf, textOf } from "../shared/text-input.ts"
import type { RecordFlags } from "./options.ts"
import { NoRenderer } from "./problems.ts"

type Flags = RecordFlags & SandboxFlags

/** A terminal of more cells is none that anybody looks at. */
const largestSide = 1000

export const handle = (flags: Flags) => run(flags).pipe(Effect.provide(sandboxLayer(flags, Option.some(1))))

const run = Effect.fnUntraced(function*(flags: Flags) {
  const sandbox = yield* Sandbox
  const screen = yield* Screen
  const { columns, rows } = flags
  for (const [name, value] of Object.entries({ columns, rows })) {
    if (value < 2 || value > largestSide) {
      return yield* new WrongUsage({
        detail: `Cannot use --${name} ${value}: it takes a number from 2 to ${largestSide}`
      })
    }
  }
  const interval = yield* secondsIn(flags.interval)
  const files = yield* filesOf(flags)
  const attempt = { source: yield* textOf(flags), keys: yield* keysOf(flags.keys, flags.notation) }
  const recording = yield* sandbox.record(attempt, { columns, rows })
  const { outcome } = recording
  if (outcome._tag !== "finished" && outcome._tag !== "left") {
    return yield* new DidNotFinish({ outcome: outcome._tag, detail: "reason" in outcome ? outcome.reason : "" })
  }
  const cast = renderCast({ ...recording, version: flags.castVersion === "2" ? 2 : 3, interval, columns, rows })
  if (files.output === null) return yield* screen.print(cast)
  yield* write(files.output, cast)
  for (const { arguments: args, path, program } of files.renderings) {
    yield* render(program, [...args(files.output), path])
  }
})

/** Reads a duration such as "120ms" or "0.5s"; seconds. */
const secondsIn = Effect.fnUntraced(function*(text: string) {
  const match = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text)
  const value = Number(match?.[1]) * (match?.[2] === "ms" ? 0.001 : 1)
  if (!(value > 0)) {
    return yield* new WrongUsage({ detail: `Cannot use --interval "${text}": it takes a time such as 120ms or 0.5s` })
  }
  return value
})

interface Rendering {
  readonly program: string
  readonly path: string
  readonly arguments: (cast: string) => ReadonlyArray<string>
}

const filesOf = Effect.fnUntraced(function*(flags: Flags) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const renderings: ReadonlyArray<Rendering> = [
    ...Option.toArray(flags.gif).map((file) => ({
      program: "agg",
      path: path.resolve(file),
      arguments: (cast: string) => [cast]
    })),
    ...Option.toArray(flags.svg).map((file) => ({
      program: "svg-term",
      path: path.resolve(file),
      arguments: (cast: string) => ["--in", cast, "--out"]
    }))
  ]
  const output = Option.isNone(flags.output) || flags.output.value === "-" ? null : path.resolve(flags.output.value)
  if (output === null && renderings.length > 0) {
    return yield* new WrongUsage({ detail: "Cannot render without a file: pass --output beside --gif or --svg" })
  }
  for (const file of [...(output === null ? [] : [output]), ...renderings.map(({ path }) => path)]) {
    if (!flags.overwrite && (yield* Effect.orElseSucceed(fs.exists(file), () => false))) {
      return yield* new CannotWrite({ path: file, detail: "it is there already; pass --overwrite to replace it" })
    }
  }
  return { output, renderings }
})

/** Writes a file whole or not at all. */
const write = Effect.fnUntraced(function*(file: string, text: string) {
  const fs = yield* FileSystem.FileSystem
  const part = `${file}.part`
  yield* fs.writeFileString(part, text).pipe(
    Effect.zipRight(fs.rename(part, file)),
    Effect.mapError((cause) => new CannotWrite({ path: file, detail: cause.message })),
    Effect.onError(() => Effect.option(fs.remove(part, { force: true })))
  )
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
