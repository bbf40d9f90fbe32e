/** A cluster over a real database. What is asserted are folders and their bytes, and never how long anything takes. */
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { databaseAt } from "../../layers/crew/cluster-database.ts"
import * as ClusterCrew from "../../layers/crew/ClusterCrew.ts"
import { mostAbandoned, type RunPlace } from "../../layers/crew/piece-folders.ts"
import { Crew, type Failing, type WorkStage } from "../../services/Crew.ts"
import { ensureBundle } from "../../tasks/bundle.mjs"
import { makeInProcess } from "../../tasks/shared/crew/piece-process.ts"
import { crewContract, heldIn, inFolder, namingStage, placeIn, sharedCrewContract } from "../contract/Crew.ts"
import { startMember } from "../support/crew-members.ts"
import { contentOf, stageOf } from "../support/crew-stage.ts"
import { makePostgres, type PostgresServer } from "../support/postgres.ts"
import { withTools } from "../support/with-tools.ts"

/** Short enough for a test, and long enough for a machine that is busy. */
const times = { lockExpirationMillis: 6000, lockRefreshMillis: 1000, pollMillis: 200, auditMillis: 1000 }

withTools("postgres").describe("a cluster", () => {
  let server: PostgresServer
  let program: string
  beforeAll(async () => {
    program = join(await ensureBundle("crew-member", { member: "test/support/crew-member.ts" }), "member.mjs")
    server = await makePostgres()
    await server.start()
  })
  afterAll(() => server.remove())

  const optionsIn = (place: RunPlace): ClusterCrew.ClusterCrewOptions => ({
    place,
    url: server.url,
    version: "1",
    identity: "of a test",
    concurrency: 2,
    times
  })

  const finishWith = <E extends Failing>(options: ClusterCrew.ClusterCrewOptions, stage: WorkStage<E, never>) =>
    Effect.flatMap(Crew, (crew) => crew.finish(stage)).pipe(Effect.provide(ClusterCrew.layer(options)))

  const tables = PgClient.PgClient.pipe(
    Effect.flatMap((sql) => sql<{ readonly tablename: string }>`SELECT tablename FROM pg_tables`),
    Effect.map((rows) => rows.map(({ tablename }) => tablename).filter((name) => name.startsWith("retrace_"))),
    Effect.provide(Layer.suspend(() => databaseAt(server.url)))
  )

  crewContract("ClusterCrew", (place) => ClusterCrew.layer(optionsIn(place)))
  sharedCrewContract("ClusterCrew", (place) => ClusterCrew.layer(optionsIn(place)))

  const expected = (pieces: number) =>
    Object.fromEntries(stageOf(pieces, () => Effect.void).pieces.map(({ name }) => [name, contentOf(name)]))

  it.live(
    "goes on when members are killed, stopped and asked to end, and when the database is started again",
    () =>
      inFolder((folder) =>
        Effect.promise(async () => {
          const place = placeIn(folder)
          const options = { cluster: { ...optionsIn(place), concurrency: 1 }, pieces: 40, pieceMillis: 50 }
          const [killed, stopped, ended] = [2, 1, 3].map((holdsAfter) =>
            startMember(program, { ...options, holdsAfter })
          )
          if (killed === undefined || stopped === undefined || ended === undefined) throw new Error("no members")
          await killed.hears("held")
          killed.child.kill("SIGKILL")
          assert.strictEqual(await killed.ended, "SIGKILL")
          // Its connections stay open, as those of a machine that vanished do.
          await stopped.hears("held")
          stopped.child.kill("SIGSTOP")
          await ended.hears("held")
          ended.child.kill("SIGTERM")
          assert.strictEqual(await ended.ended, 143)
          const last = startMember(program, { ...options, holdsAfter: null })
          await last.hears("made")
          await server.stop()
          await server.start()
          assert.strictEqual(await last.ended, 0, last.said())
          assert.deepStrictEqual(heldIn(place.directory, "mine"), expected(40))
          // It wakes up, finds its piece done by another, and has nothing to do.
          stopped.child.kill("SIGCONT")
          assert.strictEqual(await stopped.ended, 0, stopped.said())
          assert.deepStrictEqual(heldIn(place.directory, "mine"), expected(40))
          assert.isFalse(existsSync(join(place.directory, "failed")))
          // What lies there is what the killed one had begun.
          const left = readdirSync(join(place.directory, "try"))
          assert.deepStrictEqual(left.map((name) => name.split(".")[1]), [...await killed.hears("held")])
        })
      ),
    120_000
  )

  it.live("goes on when the database comes back", () =>
    inFolder((folder) =>
      Effect.promise(async () => {
        const place = placeIn(folder)
        const member = startMember(program, { cluster: optionsIn(place), pieces: 5, pieceMillis: 0, holdsAfter: 0 })
        const [held = ""] = await member.hears("held")
        await server.stop()
        // Whoever cannot be sure that a piece is still its own lets go of it.
        assert.include(await member.hears("dropped"), held)
        await server.start()
        assert.strictEqual(await member.ended, 0, member.said())
        assert.deepStrictEqual(heldIn(place.directory, "mine"), expected(5))
        assert.deepStrictEqual(member.pieces("begun").filter((name) => name === held).length, 2)
      })
    ), 120_000)

  it.live("condemns a piece that kills its process three times, and no other", () =>
    inFolder((folder) =>
      Effect.gen(function*() {
        const place = placeIn(folder)
        const run = makeInProcess({
          command: {
            node: process.execPath,
            nodeOptions: [],
            args: [join(dirname(fileURLToPath(import.meta.url)), "../support/crew-child.cjs"), "/dev/null"],
            environment: process.env
          },
          heapMebibytes: 64
        })
        const beside: Array<number> = []
        let running = 0
        const names = ["writes-0", "writes-1", "kills-0", "writes-2", "writes-3", "writes-4"]
        const stage = {
          name: "mine",
          // The heaviest is begun first.
          pieces: names.map((name) => ({ name, weight: name === "kills-0" ? 9 : 1 })),
          make: (piece: { readonly name: string; readonly weight: number }, made: string) =>
            Effect.suspend(() => {
              if (piece.name === "kills-0") beside.push(running)
              running++
              return Effect.ensuring(run({ name: "mine" }, piece, made), Effect.sync(() => running--))
            })
        }
        const failure = yield* Effect.flip(finishWith({ ...optionsIn(place), concurrency: 3 }, stage))
        assert.strictEqual(failure._tag, "PieceCondemned")
        assert.strictEqual(failure.exitCode, 70)
        assert.strictEqual(
          failure.message,
          "Cannot finish the run: \"mine/kills-0\" failed too often, the last time because its process was ended by SIGKILL"
        )
        assert.deepStrictEqual(beside.slice(1), [0, 0])
        const failed = [1, 2, 3].map((number) => `mine.kills-0.${number}.json`)
        assert.deepStrictEqual(readdirSync(join(place.directory, "failed")).sort(), failed)
        // Who comes later is told the same, and does not try again.
        const again = yield* Effect.flip(finishWith(optionsIn(place), stage))
        assert.strictEqual(again.message, failure.message)
        assert.deepStrictEqual(readdirSync(join(place.directory, "failed")).sort(), failed)
      })
    ))

  it.live("condemns a piece that many members left behind when they ended", () =>
    inFolder((folder) =>
      Effect.gen(function*() {
        const place = placeIn(folder)
        for (let lost = 0; lost < mostAbandoned; lost++) {
          mkdirSync(join(place.directory, "try", `mine.p-1.${lost}`), { recursive: true })
        }
        const made: Array<string> = []
        const failure = yield* Effect.flip(finishWith(optionsIn(place), namingStage(2, made)))
        assert.strictEqual(failure._tag, "PieceCondemned")
        assert.include(failure.message, `${mostAbandoned} processes ended while they made it`)
        assert.notInclude(made, "p-1")
      })
    ))

  it.live("does not mix runs of one database that ask for the same", () =>
    inFolder((folder) =>
      Effect.gen(function*() {
        const places = [placeIn(join(folder, "a")), placeIn(join(folder, "b"))]
        yield* Effect.forEach(places, (place) => finishWith(optionsIn(place), namingStage(10)), { concurrency: 2 })
        for (const { directory } of places) assert.lengthOf(Object.keys(heldIn(directory, "mine")), 10)
      })
    ))

  it.live("does a piece again whose folder has gone, although the database knows it as done", () =>
    inFolder((folder) =>
      Effect.gen(function*() {
        const place = placeIn(folder)
        yield* finishWith(optionsIn(place), namingStage(5))
        const before = heldIn(place.directory, "mine")
        rmSync(join(place.directory, "mine", "p-3"), { recursive: true })
        const made: Array<string> = []
        yield* finishWith(optionsIn(place), namingStage(5, made))
        assert.deepStrictEqual(made, ["p-3"])
        assert.deepStrictEqual(heldIn(place.directory, "mine"), before)
      })
    ))

  it.live("fails with what another try would not mend", () =>
    inFolder((folder) =>
      Effect.gen(function*() {
        const place = placeIn(folder)
        class Broken extends Error {
          readonly exitCode = 65
        }
        const stage = { ...namingStage(3), make: () => Effect.fail(new Broken("it is broken")) }
        const failure = yield* Effect.flip(finishWith(optionsIn(place), stage))
        assert.strictEqual(failure.message, "it is broken")
        assert.isFalse(existsSync(join(place.directory, "failed")))
      })
    ))

  it.live("leaves nothing in the database when the run is sealed", () =>
    inFolder((folder) =>
      Effect.gen(function*() {
        const before = yield* tables
        const place = placeIn(folder)
        const crew = yield* Effect.provide(Crew, ClusterCrew.layer(optionsIn(place)))
        const merge = {
          name: "merge",
          pieces: [{ name: "all", weight: 1 }],
          make: (_: unknown, made: string) => Effect.sync(() => writeFileSync(join(made, "last.json"), "{}"))
        }
        yield* Effect.gen(function*() {
          const crew = yield* Crew
          yield* crew.agree({ settings: 1 })
          yield* crew.finish(merge)
          assert.isAbove((yield* tables).length, before.length)
          yield* crew.seal({ stage: "merge", piece: "all", beside: {} })
        }).pipe(Effect.provide(ClusterCrew.layer(optionsIn(place))))
        assert.deepStrictEqual(yield* tables, before)
        // A second time is no harm.
        yield* crew.seal({ stage: "merge", piece: "all", beside: {} })
        assert.strictEqual(readFileSync(join(place.output, "last.json"), "utf8"), "{}")
      })
    ))

  it.live("gives up where it holds nothing for too long", () =>
    inFolder((folder) =>
      Effect.gen(function*() {
        const place = placeIn(folder)
        const before = yield* tables
        yield* finishWith(optionsIn(place), namingStage(1))
        const locks = (yield* tables).find((name) => name.endsWith("_locks") && !before.includes(name)) ?? ""
        // Somebody who never lets go has taken all there is.
        yield* Effect.flatMap(
          PgClient.PgClient,
          (sql) =>
            sql`INSERT INTO ${
              sql(locks)
            } SELECT 'default:' || n, 'elsewhere', now() + '1 day' FROM generate_series(1, 300) n`
        ).pipe(Effect.provide(databaseAt(server.url)))
        const patient = { ...optionsIn(place), times: { ...times, patienceMillis: 2000 } }
        const failure = yield* Effect.flip(finishWith(patient, namingStage(2)))
        assert.strictEqual(failure._tag, "CrewUnavailable")
        assert.strictEqual(failure.exitCode, 69)
        assert.include(failure.message, "it gave this machine nothing to do for 2 seconds")
        assert.notInclude(failure.message, "secret-of-ada")
      })
    ))

  it.live("says in one line that the database cannot be used, and never its password", () =>
    inFolder((folder) =>
      Effect.gen(function*() {
        const at = (url: string) => Effect.flip(finishWith({ ...optionsIn(placeIn(folder)), url }, namingStage(1)))
        const nobody = yield* at("postgres://ada:secret-of-ada@127.0.0.1:1/postgres")
        assert.strictEqual(
          nobody.message,
          "Cannot share the run through \"postgres://ada:***@127.0.0.1:1/postgres\": nobody is listening there"
        )
        const wrong = yield* at(server.url.replace("secret-of-ada", "wrong-word"))
        assert.match(wrong.message, /: password authentication failed for user "ada"$/)
        assert.notInclude(wrong.message, "wrong-word")
        const missing = yield* at(server.url.replace(/postgres$/, "nowhere"))
        assert.match(missing.message, /: database "nowhere" does not exist$/)
        for (const { exitCode } of [nobody, wrong, missing]) assert.strictEqual(exitCode, 69)
      })
    ))
})
