/** Ranks among others: what becomes of pieces whose rank is gone, does not get on, or fails. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs"
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { openClaims } from "../../layers/crew/claims.ts"
import { dealtPieces } from "../../layers/crew/dealt-pieces.ts"
import * as FolderCrew from "../../layers/crew/FolderCrew.ts"
import { mostAbandoned } from "../../layers/crew/piece-folders.ts"
import { placeOfNumbers } from "../../layers/disk/lock-owner.ts"
import { Crew, type WorkStage } from "../../services/Crew.ts"
import { ExitCode } from "../../services/faults/exit-code.ts"
import { randomOf } from "../../services/text/random.ts"
import { CannotWrite } from "../../services/Writer.ts"
import { heldIn, inFolder, namingStage, placeIn, pretendSealed } from "../contract/Crew.ts"

const times = { touchMillis: 30_000, staleMillis: 120_000 }

/** The number of a process that has ended. */
const deadProcess = (): number => spawnSync(process.execPath, ["-e", ""]).pid ?? 0
/** What a process writes into a claim that it ended with. */
const deadMark = () => `${deadProcess()} 1 ${placeOfNumbers()}\nid`
const foreignMark = "7 1 00000000\nid"

const finish = <E extends { readonly exitCode: ExitCode; readonly message: string }>(
  directory: string,
  stage: WorkStage<E, never>,
  rank = { rank: 0, of: 2 }
) =>
  Effect.flatMap(Crew, (crew) => crew.finish(stage)).pipe(
    Effect.provide(FolderCrew.layer({ place: placeIn(directory), rank, pollMillis: 10, times }))
  )

const claimIn = (directory: string, piece: string, mark: string, secondsAgo = 0): string => {
  const folder = join(placeIn(directory).directory, "claim")
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `mine.${piece}`)
  writeFileSync(path, mark)
  const then = Date.now() / 1000 - secondsAgo
  utimesSync(path, then, then)
  return path
}

/** Has the piece not be done after all. */
const forget = (directory: string) =>
  Effect.sync(() => rmSync(join(placeIn(directory).directory, "mine", "p-0"), { recursive: true }))

describe("pieces are dealt", () => {
  it("each to one rank, the heaviest first, and no rank has much more than another", () => {
    for (let seed = 0; seed < 100; seed++) {
      const random = randomOf("deal", seed)
      const pieces = Array.from(
        { length: random.below(60) },
        (_, at) => ({ name: `p-${at}`, weight: 1 + random.below(50) })
      )
      const ranks = 1 + random.below(6)
      const hands = dealtPieces(pieces, ranks)
      assert.deepStrictEqual(hands.flat().map(({ name }) => name).sort(), pieces.map(({ name }) => name).sort())
      const weights = hands.map((hand) => hand.reduce((sum, { weight }) => sum + weight, 0))
      const heaviest = Math.max(0, ...pieces.map(({ weight }) => weight))
      assert.isAtMost(Math.max(...weights) - Math.min(...weights), heaviest)
      for (const hand of hands) assert.deepStrictEqual(hand.toSorted((a, b) => b.weight - a.weight), hand)
    }
  })
})

describe("claims", () => {
  it.effect("are had by one of those who come at once, and by the next when they are given back", () =>
    inFolder((directory) =>
      Effect.promise(async () => {
        const claims = openClaims(directory, times)
        const taken = await Promise.all(Array.from({ length: 20 }, () => claims.take("a.b")))
        const won = taken.filter((one) => one !== "claimed")
        assert.lengthOf(won, 1)
        assert.deepStrictEqual(await claims.all(), [{ name: "a.b", isFresh: true }])
        for (const one of won) await one.release()
        const next = await claims.take("a.b")
        assert.isTrue(next !== "claimed" && !next.wasAbandoned)
        if (next !== "claimed") await next.release()
        assert.deepStrictEqual(readdirSync(directory), [])
      })
    ))

  it.effect("of a process that has ended are taken over at once, by one of those who come", () =>
    inFolder((directory) =>
      Effect.promise(async () => {
        writeFileSync(join(directory, "a.b"), deadMark())
        const claims = openClaims(directory, times)
        assert.deepStrictEqual(await claims.all(), [{ name: "a.b", isFresh: false }])
        const taken = await Promise.all(Array.from({ length: 20 }, () => claims.take("a.b")))
        const won = taken.filter((one) => one !== "claimed")
        assert.lengthOf(won, 1)
        assert.isTrue(won[0]?.wasAbandoned)
        for (const one of won) await one.release()
      })
    ))

  it.effect("of another machine are waited for as long as they are touched, by the clock that touches them", () =>
    inFolder((directory) =>
      Effect.promise(async () => {
        const path = join(directory, "a.b")
        writeFileSync(path, foreignMark)
        const claims = openClaims(directory, times)
        assert.strictEqual(await claims.take("a.b"), "claimed")
        const then = Date.now() / 1000 - 119
        utimesSync(path, then, then)
        assert.strictEqual(await claims.take("a.b"), "claimed")
        utimesSync(path, then - 2, then - 2)
        const taken = await claims.take("a.b")
        assert.isTrue(taken !== "claimed" && taken.wasAbandoned)
        if (taken !== "claimed") await taken.release()
      })
    ))

  it.effect("are not removed by an owner that they were taken from", () =>
    inFolder((directory) =>
      Effect.promise(async () => {
        const claims = openClaims(directory, times)
        const first = await claims.take("a.b")
        const path = join(directory, "a.b")
        writeFileSync(path, foreignMark)
        if (first !== "claimed") await first.release()
        assert.strictEqual(readFileSync(path, "utf8"), foreignMark)
      })
    ))
})

describe("a rank", () => {
  it.effect("does all of the work where the others never start", () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        const made: Array<string> = []
        yield* finish(directory, namingStage(12, made), { rank: 3, of: 4 })
        assert.lengthOf(made, 12)
        const own = dealtPieces(namingStage(12).pieces, 4)[3] ?? []
        assert.deepStrictEqual(made.slice(0, own.length), own.map(({ name }) => name))
      })
    ))

  it.live("may have two pieces under way, and is done when all are", () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        let [underWay, most] = [0, 0]
        const another = yield* Deferred.make<void>()
        const stage = namingStage(9)
        const counting: WorkStage<never, never> = {
          ...stage,
          make: (piece, folder) =>
            Effect.gen(function*() {
              most = Math.max(most, ++underWay)
              if (underWay > 1) yield* Deferred.succeed(another, undefined)
              // The first one is not done before a second one is begun.
              yield* Deferred.await(another)
              yield* stage.make(piece, folder)
              underWay--
            })
        }
        const place = placeIn(directory)
        yield* Effect.flatMap(Crew, (crew) => crew.finish(counting)).pipe(
          Effect.provide(FolderCrew.layer({ place, rank: { rank: 0, of: 1 }, pollMillis: 60_000, atOnce: 2, times }))
        )
        assert.lengthOf(Object.keys(heldIn(place.directory, "mine")), 9)
        assert.strictEqual(most, 2)
        assert.deepStrictEqual(readdirSync(join(place.directory, "claim")), [])
        assert.deepStrictEqual(readdirSync(join(place.directory, "try")), [])
      })
    ))

  it.live("waits for a piece that another one works on, and does not do it", () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        const made: Array<string> = []
        const claim = claimIn(directory, "p-1", foreignMark)
        const running = yield* Effect.fork(finish(directory, namingStage(3, made)))
        while (made.length < 2) yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 5)))
        // The other one is done.
        const folder = join(placeIn(directory).directory, "mine", "p-1")
        mkdirSync(folder)
        writeFileSync(join(folder, "name"), "p-1")
        yield* running
        assert.notInclude(made, "p-1")
        assert.isTrue(existsSync(claim))
      })
    ))

  it.effect("takes over what a rank left behind, and counts it", () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        claimIn(directory, "p-0", deadMark())
        claimIn(directory, "p-1", foreignMark, 121)
        const made: Array<string> = []
        yield* finish(directory, namingStage(3, made))
        assert.deepStrictEqual(made.toSorted(), ["p-0", "p-1", "p-2"])
        const failed = readdirSync(join(placeIn(directory).directory, "failed"))
        assert.deepStrictEqual(failed.sort(), ["mine.p-0.1.json", "mine.p-1.1.json"])
      })
    ))

  it.effect("makes a piece apart that a process was ended over, and gives it up when it ends three of those", () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        class Ended extends Error {
          readonly exitCode = ExitCode.Unavailable
        }
        let [here, apart] = [0, 0]
        const poison: WorkStage<Ended, never> = {
          ...namingStage(1),
          make: () => Effect.sync(() => void here++),
          makeApart: () => Effect.suspend(() => Effect.fail(new Ended(`process ${++apart} was ended by SIGKILL`)))
        }
        claimIn(directory, "p-0", deadMark())
        const failure = yield* Effect.flip(finish(directory, poison))
        assert.strictEqual("_tag" in failure ? failure._tag : "", "PieceCondemned")
        assert.strictEqual(failure.exitCode, 70)
        assert.match(
          failure.message,
          /"mine\/p-0" failed too often, the last time because process 3 was ended by SIGKILL/
        )
        assert.deepStrictEqual([here, apart], [0, 3])
      })
    ))

  it.effect("gives up a piece over which very many processes were ended", () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        for (let deaths = 1; deaths < mostAbandoned; deaths++) {
          claimIn(directory, "p-0", deadMark())
          yield* finish(directory, namingStage(1)).pipe(Effect.zipRight(forget(directory)))
        }
        claimIn(directory, "p-0", deadMark())
        const failure = yield* Effect.flip(finish(directory, namingStage(1)))
        assert.match(failure.message, /"mine\/p-0" failed too often, the last time because its process was ended/)
      })
    ))

  it.effect("tries again what failed, after the others, and gives up after three tries", () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        const tries: Array<string> = []
        const stage = namingStage(4)
        class Broken extends Error {
          readonly exitCode = ExitCode.Unavailable
        }
        const failing = (times: number): WorkStage<Broken, never> => ({
          ...stage,
          make: (piece, folder) => {
            tries.push(piece.name)
            return piece.name === "p-1" && tries.filter((name) => name === "p-1").length <= times
              ? Effect.fail(new Broken("git is gone"))
              : stage.make(piece, folder)
          }
        })
        yield* finish(directory, failing(2), { rank: 0, of: 1 })
        assert.deepStrictEqual(Object.keys(heldIn(placeIn(directory).directory, "mine")), ["p-0", "p-1", "p-2", "p-3"])
        assert.deepStrictEqual(tries.slice(-2), ["p-1", "p-1"])
        assert.deepStrictEqual(readdirSync(join(placeIn(directory).directory, "try")), [])
      })
    ).pipe(Effect.zipRight(inFolder((directory) =>
      Effect.gen(function*() {
        class Broken extends Error {
          readonly exitCode = ExitCode.Unavailable
        }
        const stage: WorkStage<Broken, never> = {
          ...namingStage(2),
          make: () => Effect.fail(new Broken("git is gone"))
        }
        const failure = yield* Effect.flip(finish(directory, stage))
        assert.match(failure.message, /failed too often, the last time because git is gone/)
      })
    ))))

  it.effect("fails at once with what no other try would mend", () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        let tries = 0
        const stage: WorkStage<CannotWrite, never> = {
          ...namingStage(2),
          make: () => {
            tries++
            return new CannotWrite({ path: "x", detail: "there is no space left" })
          }
        }
        assert.strictEqual((yield* Effect.flip(finish(directory, stage)))._tag, "CannotWrite")
        assert.strictEqual(tries, 1)
      })
    ))

  it.effect("that sleeps while others do its piece drops its own", () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        const stage = namingStage(1)
        const { directory: run } = placeIn(directory)
        yield* finish(directory, {
          ...stage,
          make: (piece, folder) =>
            Effect.gen(function*() {
              yield* stage.make(piece, folder)
              writeFileSync(join(folder, "name"), "late")
              const other = join(run, "mine", piece.name)
              mkdirSync(other, { recursive: true })
              writeFileSync(join(other, "name"), piece.name)
            })
        })
        assert.deepStrictEqual(heldIn(run, "mine"), { "p-0": "p-0" })
        assert.deepStrictEqual(readdirSync(join(run, "try")), [])
      })
    ))

  it.effect("ends well where others sealed the run and removed its pieces", () =>
    inFolder((directory) =>
      Effect.gen(function*() {
        pretendSealed(placeIn(directory))
        assert.strictEqual((yield* Effect.flip(finish(directory, namingStage(3))))._tag, "RunSealed")
      })
    ))
})
