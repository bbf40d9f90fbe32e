/**
 * A crew of any number of machines that share a folder and meet in a database. Who joins gets pieces of those who are
 * there, and the pieces of who leaves or vanishes go to the others. What is done is read from the folder alone, so that
 * nothing the database says or forgets can change what a run gives.
 */
import { join } from "node:path"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import {
  Crew,
  CrewUnavailable,
  type Failing,
  PieceCondemned,
  type WorkPiece,
  type WorkStage
} from "../../services/Crew.ts"
import type { CannotWrite } from "../../services/Writer.ts"
import { exists, onDisk } from "../disk/disk.ts"
import { databaseAt, dropTables, shownDatabase } from "./cluster-database.ts"
import {
  type ClusterEngine,
  type ClusterEngineOptions,
  type ClusterTimes,
  defaultClusterTimes,
  type GivenPiece,
  joinCluster,
  tablesOf
} from "./cluster-engine.ts"
import { donePieces, failedTries, readPiece, reasonToCondemn } from "./piece-folders.ts"
import { announceStage } from "./look.ts"
import { makePlaces } from "./places.ts"
import { publishing } from "./publishing.ts"
import { crewAt, failIfSealed, unlessSealed } from "./run-place.ts"
import type { RunPlace } from "./piece-folders.ts"
import { workOff } from "./work-off.ts"

/** Which run is shared, through which database, and how much of it this machine does at once. */
export interface ClusterCrewOptions {
  /** Where the run lies, which all members share. Its path may differ from machine to machine. */
  readonly place: RunPlace
  /** Address of a PostgreSQL database: postgres://… */
  readonly url: string
  /** Version of the program. */
  readonly version: string
  /** All that decides what the pieces give: who differs in it, or in the version, does not meet the others. */
  readonly identity: string
  /** So many pieces are made at once. */
  readonly concurrency: number
  readonly times?: Partial<ClusterCrewTimes>
}

/** How long a member waits for what. All members of a cluster must agree. */
export interface ClusterCrewTimes extends ClusterTimes {
  /** A member that holds no shard for so long gives up: whatever keeps it from the database does not go away by itself. */
  readonly patienceMillis: number
  /** How often it asks whether the engine has dropped a piece that is not done. */
  readonly auditMillis: number
}

const defaultTimes: ClusterCrewTimes = { ...defaultClusterTimes, patienceMillis: 300_000, auditMillis: 30_000 }

/** A layer that joins the cluster when there is something to do, and leaves it when its scope ends. */
export const layer = (options: ClusterCrewOptions): Layer.Layer<Crew> => Layer.scoped(Crew, make(options))

/** How long a member that ends waits for the database to hear of it: the others find out by themselves. */
const farewell = "10 seconds"

/** A scope for what a member holds in the cluster, which does not outlive the member for long. */
const memberScope = Effect.acquireRelease(
  Scope.make(),
  (scope, exit) =>
    Scope.close(scope, exit).pipe(Effect.disconnect, Effect.interruptible, Effect.timeout(farewell), Effect.ignore)
)

const make = (options: ClusterCrewOptions): Effect.Effect<Crew["Type"], never, Scope.Scope> =>
  Effect.gen(function*() {
    const { place } = options
    const { directory } = place
    const times = timesOf(options)
    const inPlace = makePlaces(options.concurrency)
    const stages = makeStages()
    const scope = yield* memberScope
    const joined = yield* Effect.cached(
      Effect.flatMap(makeRunId(directory), (run) => joinCluster(engineOptions(options, run), stages.make)).pipe(
        Scope.extend(scope)
      )
    )
    const shared = crewAt(place)
    return Crew.of({
      ...shared,
      finish: <E extends Failing, R>(stage: WorkStage<E, R>) =>
        Effect.gen(function*() {
          if ((yield* missingOf(directory, stage)).length === 0) return
          yield* onDisk(directory, () => announceStage(place, stage))
          const engine = yield* joined
          const failed = yield* Deferred.make<never, E | PieceCondemned | CannotWrite>()
          const runtime = yield* Effect.runtime<R>()
          stages.open(stage, (piece) =>
            workOff(directory, stage, piece, inPlace).pipe(
              Effect.provide(runtime),
              // The piece stays here until this member is gone. Then another one gets it.
              Effect.catchAllCause((cause) => Effect.zipRight(Deferred.failCause(failed, cause), Effect.never))
            ))
          yield* Deferred.await(failed).pipe(
            // What the engine was asked may wait for the database: who is done does not wait for that.
            Effect.raceFirst(Effect.disconnect(giving(directory, stage, engine, times))),
            Effect.raceFirst(untilDone(options, stage, engine))
          )
        }).pipe(unlessSealed(place)),
      // The tables go first: what names them goes with the seal.
      seal: (merged) => Effect.zipRight(dropOwnTables(options), shared.seal(merged))
    })
  })

/** Removes what the run has left in the database. Nothing of it is needed any more, so that it may stay where it must. */
const dropOwnTables = (options: ClusterCrewOptions): Effect.Effect<void, CannotWrite> =>
  Effect.gen(function*() {
    const run = yield* readRunId(options.place.directory)
    if (run === undefined) return
    yield* dropTables(tablesOf(engineOptions(options, run))).pipe(
      Effect.provide(databaseAt(options.url)),
      Effect.catchAll(() => Effect.void)
    )
  })

const timesOf = ({ times }: ClusterCrewOptions): ClusterCrewTimes => ({ ...defaultTimes, ...times })

const engineOptions = (options: ClusterCrewOptions, run: string): ClusterEngineOptions => {
  const { lockExpirationMillis, lockRefreshMillis, pollMillis } = timesOf(options)
  return {
    url: options.url,
    identity: [options.version, options.identity, run],
    times: { lockExpirationMillis, lockRefreshMillis, pollMillis }
  }
}

/** Folder of a run in which its name lies. */
const cluster = "cluster"
/** It is made like any piece, and the name of the try that was first is the name of the run. */
const runPiece: WorkPiece = { name: "run", weight: 0 }

/** Returns the name of the run, or undefined where no cluster has worked on it. */
const readRunId = (directory: string): Effect.Effect<string | undefined, CannotWrite> =>
  Effect.map(onDisk(directory, () => readPiece(join(directory, cluster, runPiece.name))), (record) => record?.try)

/** Names the run: two that ask for the same, in one database and in two folders, must not do each other's pieces. */
const makeRunId = (directory: string): Effect.Effect<string, CannotWrite> =>
  Effect.gen(function*() {
    const known = yield* readRunId(directory)
    if (known !== undefined) return known
    yield* publishing(directory, { name: cluster, pieces: [runPiece], make: () => Effect.void }, runPiece)
    return (yield* readRunId(directory)) ?? ""
  })

/** How this member makes the pieces of each stage, from the moment when it comes to it. Others may be there before it. */
const makeStages = () => {
  interface OpenStage {
    readonly opened: Effect.Latch
    make: (piece: string) => Effect.Effect<void>
  }
  const stages = new Map<string, OpenStage>()
  const stageOf = (name: string): OpenStage => {
    const known = stages.get(name) ?? { opened: Effect.unsafeMakeLatch(), make: () => Effect.never }
    stages.set(name, known)
    return known
  }
  return {
    make: ({ piece, stage }: GivenPiece): Effect.Effect<void> => {
      const known = stageOf(stage)
      return Effect.zipRight(known.opened.await, Effect.suspend(() => known.make(piece)))
    },
    open: <E, R>({ name, pieces }: WorkStage<E, R>, make: (piece: WorkPiece) => Effect.Effect<void>): void => {
      const byName = new Map(pieces.map((piece) => [piece.name, piece]))
      const known = stageOf(name)
      known.make = (piece) => {
        const found = byName.get(piece)
        return found === undefined ? Effect.never : make(found)
      }
      known.opened.unsafeOpen()
    }
  }
}

/** Returns the pieces that have no folder yet, the heaviest first. */
const missingOf = <E, R>(directory: string, stage: WorkStage<E, R>) =>
  Effect.map(
    onDisk(directory, () => donePieces(directory, stage.name)),
    (done) => stage.pieces.filter(({ name }) => !done.has(name)).toSorted((a, b) => b.weight - a.weight)
  )

/** So many pieces are given at once. Some of them wait for a shard that nobody holds at the moment. */
const givenAtOnce = 16
/** So many pieces are asked after in one audit. */
const mostAudited = 200

/** Gives all pieces that are missing, and for ever after gives those again that the engine holds to be over. */
const giving = <E, R>(directory: string, stage: WorkStage<E, R>, engine: ClusterEngine, times: ClusterCrewTimes) => {
  const rounds = new Map<string, number>()
  const given = ({ name }: WorkPiece): GivenPiece => ({ stage: stage.name, piece: name, round: rounds.get(name) ?? 0 })
  const giveAgain = (piece: WorkPiece) =>
    Effect.gen(function*() {
      if (!(yield* engine.isOver(given(piece)))) return
      if (yield* onDisk(directory, () => exists(join(directory, stage.name, piece.name)))) return
      rounds.set(piece.name, (rounds.get(piece.name) ?? 0) + 1)
      yield* engine.give(given(piece))
    })
  return Effect.gen(function*() {
    yield* Effect.forEach(yield* missingOf(directory, stage), (piece) => engine.give(given(piece)), {
      concurrency: givenAtOnce,
      discard: true
    })
    while (true) {
      yield* Effect.sleep(times.auditMillis)
      const missing = yield* missingOf(directory, stage)
      yield* Effect.forEach(missing.slice(0, mostAudited), giveAgain, { discard: true })
    }
  })
}

/** Returns when all pieces have their folders. Fails when one is condemned, and when nothing can come of waiting. */
const untilDone = <E, R>(
  options: ClusterCrewOptions,
  stage: WorkStage<E, R>,
  engine: ClusterEngine
) =>
  Effect.gen(function*() {
    const { directory } = options.place
    const { patienceMillis, pollMillis } = timesOf(options)
    // Looks are counted and no time is taken: a machine that was asleep is to have its chance.
    let looksInVain = 0
    while (true) {
      const missing = yield* missingOf(directory, stage)
      if (missing.length === 0) return
      yield* failIfSealed(options.place)
      const failed = yield* onDisk(directory, () => failedTries(directory))
      for (const piece of missing) {
        const reason = reasonToCondemn(failed, stage.name, piece)
        if (reason !== undefined) return yield* new PieceCondemned({ piece: `${stage.name}/${piece.name}`, reason })
      }
      looksInVain = (yield* engine.holdsShard) ? 0 : looksInVain + 1
      if (looksInVain * pollMillis >= patienceMillis) {
        const detail = `it gave this machine nothing to do for ${Math.round(patienceMillis / 1000)} seconds; ` +
          "where it is well, the same command goes on from here"
        return yield* new CrewUnavailable({ place: shownDatabase(options.url), detail })
      }
      yield* Effect.sleep(pollMillis)
    }
  })
