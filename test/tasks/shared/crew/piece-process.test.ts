/** Pieces in processes of their own: real ones, which end in every way that a process can. */
import { assert, describe, it } from "@effect/vitest"
import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { ensureBundle } from "../../../../tasks/bundle.mjs"
import { askedPiece, makeInProcess } from "../../../../tasks/shared/crew/piece-process.ts"
import { eventually } from "../../../support/server.ts"

const child = join(dirname(fileURLToPath(import.meta.url)), "../../../support/crew-child.cjs")

/** Runs something in a folder that goes with it. */
const inFolder = <A, E>(use: (folder: string) => Effect.Effect<A, E>) =>
  Effect.acquireUseRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "piece-"))),
    use,
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  )

const make = (name: string, folder: string) =>
  makeInProcess({
    command: {
      node: process.execPath,
      nodeOptions: ["--no-warnings"],
      args: [child, join(folder, "ended")],
      environment: process.env
    },
    heapMebibytes: 32
  })({ name: "mine" }, { name, weight: 1 }, folder)

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe("a process for a piece", () => {
  it.live("writes what the piece gives into its folder", () =>
    inFolder((folder) =>
      Effect.gen(function*() {
        yield* make("writes-1", folder)
        assert.strictEqual(readFileSync(join(folder, "name"), "utf8"), "writes-1")
      })
    ))

  it.live.each(
    [
      ["kills", "its process was ended by SIGKILL", 69],
      ["fills", "its process was ended by SIGABRT", 69],
      // Somebody asked it to end, and the piece is not to blame.
      ["asked", "its process was ended by SIGTERM", 143],
      ["fails-65", "it ended with code 65: Cannot read \"fails-65\": it is broken", 65],
      ["fails-99", "it ended with code 99: Cannot read \"fails-99\": it is broken", 1]
    ] as const
  )("that %s fails the piece, and says why", ([name, reason, code]) =>
    inFolder((folder) =>
      Effect.gen(function*() {
        const failure = yield* Effect.flip(make(name, folder))
        assert.strictEqual(failure.message, reason)
        assert.strictEqual(failure.exitCode, code)
      })
    ))

  it.live("that cannot be started fails the piece", () =>
    inFolder((folder) =>
      Effect.gen(function*() {
        const command = { node: join(folder, "nothing"), nodeOptions: [], args: [], environment: {} }
        const run = makeInProcess({ command, heapMebibytes: 32 })
        const failure = yield* Effect.flip(run({ name: "mine" }, { name: "a", weight: 1 }, folder))
        assert.match(failure.message, /^its process could not be started: /)
      })
    ))

  it.live("is ended with whoever waits for it, and is gone by then", () =>
    inFolder((folder) =>
      Effect.gen(function*() {
        const fiber = yield* Effect.fork(make("waits", folder))
        const begun = join(folder, "begun")
        yield* Effect.promise(() =>
          eventually(() => existsSync(begun) && readFileSync(begun, "utf8") !== "", "it has begun")
        )
        const pid = Number(readFileSync(begun, "utf8"))
        yield* Fiber.interrupt(fiber)
        assert.isFalse(isAlive(pid))
      })
    ))

  it.live("ends when the process is killed that started it", () =>
    inFolder((folder) =>
      Effect.gen(function*() {
        const bundle = yield* Effect.promise(() =>
          ensureBundle("piece-parent", { parent: "test/support/piece-parent.ts" })
        )
        const parent = spawn(process.execPath, [join(bundle, "parent.mjs"), child, folder], { stdio: "ignore" })
        yield* Effect.promise(() => eventually(() => existsSync(join(folder, "begun")), "it has begun"))
        parent.kill("SIGKILL")
        yield* Effect.promise(() => eventually(() => existsSync(join(folder, "ended")), "its input has ended"))
      })
    ))

  it("is told which piece of which stage it is to make, and where", () => {
    const folder = { RETRACE_PIECE_FOLDER: "/x y" }
    assert.deepStrictEqual(askedPiece({ RETRACE_PIECE: "mine/00042-001", ...folder }), {
      stage: "mine",
      piece: "00042-001",
      folder: "/x y"
    })
    for (const name of ["", "mine", "mine/", "mine/../x", "mine/a/b"]) {
      assert.isUndefined(askedPiece({ RETRACE_PIECE: name, ...folder }))
    }
    assert.isUndefined(askedPiece({ RETRACE_PIECE: "mine/a" }))
  })
})
