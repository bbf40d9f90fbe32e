/** What every Crew layer must do. Each test has a folder of its own. */
import { assert, it } from "@effect/vitest"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { nameOfRequest } from "../../layers/crew/look.ts"
import type { RunPlace } from "../../layers/crew/piece-folders.ts"
import { Crew, RunSealed, type WorkPiece, type WorkStage } from "../../services/Crew.ts"

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

/** A run in a folder of its own, whose results lie in "out". */
export const placeIn = (folder: string, request: unknown = { settings: 1 }): RunPlace => ({
  agreement: join(folder, "out", ".run"),
  directory: join(folder, "out", ".run", nameOfRequest(request)),
  output: join(folder, "out"),
  last: "last.json",
  results: ["rows.jsonl"]
})

/** Has a run look as if others had sealed it. */
export const pretendSealed = ({ agreement, directory, last, output }: RunPlace): void => {
  mkdirSync(agreement, { recursive: true })
  writeFileSync(join(agreement, "sealed"), basename(directory))
  writeFileSync(join(output, last), "{}")
}

export const crewContract = (name: string, layerIn: (place: RunPlace) => Layer.Layer<Crew>) => {
  const finish = <E extends Error & { readonly exitCode: 69 }>(directory: string, stage: WorkStage<E, never>) =>
    Effect.flatMap(Crew, (crew) => crew.finish(stage)).pipe(Effect.provide(layerIn(placeIn(directory))))

  it.live(`${name}: does each piece and leaves nothing else`, () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        yield* finish(directory, namingStage(20))
        assert.deepStrictEqual(
          heldIn(placeIn(directory).directory, "mine"),
          Object.fromEntries(Object.entries(named(20)).sort())
        )
        assert.deepStrictEqual(readdirSync(join(placeIn(directory).directory, "try")), [])
      })
    ))

  it.live(`${name}: leaves alone what is done`, () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        yield* finish(directory, namingStage(5))
        const made: Array<string> = []
        yield* finish(directory, namingStage(9, made))
        assert.deepStrictEqual(made.toSorted(), ["p-5", "p-6", "p-7", "p-8"])
      })
    ))

  it.live(`${name}: a stage without pieces is done`, () => inFolder((directory) => finish(directory, namingStage(0))))

  const withCrew = <A, E>(directory: string, use: (crew: Crew["Type"]) => Effect.Effect<A, E>) =>
    Effect.flatMap(Crew, use).pipe(Effect.provide(layerIn(placeIn(directory))))

  it.live(`${name}: agrees on what is asked, and on nothing else`, () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        const ask = (seed: number) => withCrew(directory, (crew) => crew.agree({ settings: { seed } }))
        assert.deepStrictEqual(yield* ask(1), { isSealed: false })
        assert.deepStrictEqual(yield* ask(1), { isSealed: false })
        const failure = yield* Effect.flip(ask(2))
        assert.strictEqual(failure._tag, "FolderTaken")
        assert.include(failure.message, "seed was 1 and is 2")
      })
    ))

  it.live(`${name}: does not seal a run that was removed and begun anew with other options`, () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        const place = placeIn(directory)
        yield* withCrew(directory, (crew) => crew.agree({ settings: 1 }))
        yield* finish(directory, {
          name: "merge",
          pieces: [{ name: "all", weight: 1 }],
          make: (_, folder) => Effect.sync(() => writeFileSync(join(folder, "last.json"), "old"))
        })
        rmSync(join(place.agreement, "request.json"))
        const other = placeIn(directory, { settings: 2 })
        yield* Effect.flatMap(Crew, (crew) => crew.agree({ settings: 2 })).pipe(Effect.provide(layerIn(other)))
        const seal = withCrew(directory, (crew) => crew.seal({ stage: "merge", piece: "all", beside: {} }))
        assert.strictEqual((yield* Effect.flip(seal))._tag, "FolderTaken")
        assert.notInclude(readdirSync(place.output), "last.json")
      })
    ))

  it.live(`${name}: does not take the results of somebody else for a seal, and does not replace them`, () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        const { last, output } = placeIn(directory)
        yield* withCrew(directory, (crew) => crew.agree({ settings: 1 }))
        writeFileSync(join(output, last), "another run's")
        assert.isFalse(yield* withCrew(directory, (crew) => crew.isSealed))
        yield* finish(directory, namingStage(2))
        const seal = withCrew(directory, (crew) => crew.seal({ stage: "mine", piece: "p-0", beside: {} }))
        assert.strictEqual((yield* Effect.flip(seal))._tag, "FolderTaken")
        assert.strictEqual(readFileSync(join(output, last), "utf8"), "another run's")
      })
    ))

  it.live(`${name}: leaves a dataset alone that is not its own`, () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        const { output } = placeIn(directory)
        mkdirSync(output)
        writeFileSync(join(output, "rows.jsonl"), "")
        const failure = yield* Effect.flip(withCrew(directory, (crew) => crew.agree({})))
        assert.include(failure.message, "it holds a dataset")
      })
    ))

  it.live(`${name}: seals a run, and knows it afterwards`, () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        const { agreement: run, output } = placeIn(directory)
        const beside = join(directory, "elsewhere", "kept.jsonl")
        yield* withCrew(directory, (crew) => crew.agree({ settings: 1 }))
        yield* finish(directory, {
          name: "merge",
          pieces: [{ name: "all", weight: 1 }],
          make: (_, folder) =>
            Effect.sync(() => {
              for (const file of ["rows.jsonl", "last.json", "kept"]) writeFileSync(join(folder, file), file)
            })
        })
        const seal = withCrew(
          directory,
          (crew) => crew.seal({ stage: "merge", piece: "all", beside: { kept: beside } })
        )
        yield* Effect.all([seal, seal], { concurrency: 2 })
        yield* seal
        assert.deepStrictEqual(readdirSync(output).sort(), [".run", "last.json", "rows.jsonl"])
        assert.deepStrictEqual(readdirSync(run).sort(), ["request.json", "sealed"])
        assert.strictEqual(readFileSync(beside, "utf8"), "kept")
        assert.deepStrictEqual(yield* withCrew(directory, (crew) => crew.agree({ settings: 1 })), { isSealed: true })
      })
    ))
}

/** What every Crew layer must do whose members do not know of each other when they end. */
export const sharedCrewContract = (name: string, layerIn: (place: RunPlace) => Layer.Layer<Crew>) => {
  it.live(`${name}: a member that finds the pieces gone says that others have sealed the run`, () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        const place = placeIn(directory)
        mkdirSync(place.output, { recursive: true })
        class Gone extends Error {
          readonly exitCode = 1
        }
        const stage: WorkStage<Gone, never> = {
          ...namingStage(3),
          make: () => {
            // Others are done, and have removed what this one would read.
            pretendSealed(place)
            return Effect.fail(new Gone("a folder has gone"))
          }
        }
        const failure = yield* Effect.flatMap(Crew, (crew) => Effect.flip(crew.finish(stage))).pipe(
          Effect.provide(layerIn(place))
        )
        assert.strictEqual(failure.message, new RunSealed().message)
        assert.strictEqual(failure.exitCode, 0)
      })
    ))
}
