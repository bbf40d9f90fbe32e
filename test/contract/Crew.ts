/** What every Crew layer must do. Each test has a folder of its own. */
import { assert, it } from "@effect/vitest"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { Crew, type WorkPiece, type WorkStage } from "../../services/Crew.ts"

const pieces = (count: number): ReadonlyArray<WorkPiece> =>
  Array.from({ length: count }, (_, number) => ({ name: `p-${number}`, weight: 1 + number % 5 }))

/** A stage whose pieces hold their own name; `made` hears of each call. */
export const namingStage = (count: number, made: Array<string> = []): WorkStage<never, never> => ({
  name: "mine",
  pieces: pieces(count),
  make: ({ name }, folder) =>
    Effect.sync(() => {
      made.push(name)
      writeFileSync(join(folder, "name"), name)
    })
})

/** Returns what the pieces of a stage hold, by name. */
export const heldIn = (directory: string, stage: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(join(directory, stage)).sort().map((name) => [
      name,
      readFileSync(join(directory, stage, name, "name"), "utf8")
    ])
  )

const named = (count: number) => Object.fromEntries(pieces(count).map(({ name }) => [name, name]))

/** Runs something in a folder that goes with it. */
export const inFolder = <A, E, R>(use: (directory: string) => Effect.Effect<A, E, R>) =>
  Effect.acquireUseRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "crew-"))),
    use,
    (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
  )

export const crewContract = (name: string, layerIn: (directory: string) => Layer.Layer<Crew>) => {
  const finish = <E extends Error & { readonly exitCode: 69 }>(directory: string, stage: WorkStage<E, never>) =>
    Effect.flatMap(Crew, (crew) => crew.finish(stage)).pipe(Effect.provide(layerIn(directory)))

  it.effect(`${name}: does each piece and leaves nothing else`, () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        yield* finish(directory, namingStage(20))
        assert.deepStrictEqual(heldIn(directory, "mine"), Object.fromEntries(Object.entries(named(20)).sort()))
        assert.deepStrictEqual(readdirSync(join(directory, "try")), [])
      })
    ))

  it.effect(`${name}: leaves alone what is done`, () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        yield* finish(directory, namingStage(5))
        const made: Array<string> = []
        yield* finish(directory, namingStage(9, made))
        assert.deepStrictEqual(made.toSorted(), ["p-5", "p-6", "p-7", "p-8"])
      })
    ))

  it.effect(`${name}: a stage without pieces is done`, () => inFolder((directory) => finish(directory, namingStage(0))))
}
