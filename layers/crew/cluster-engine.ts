/**
 * The engine of a cluster: deals pieces to the members that are alive, and deals those of a member that is not again.
 * It promises nothing but that, in the end, each piece is given to somebody; what is done is for others to say.
 *
 * The members talk to a database and not to each other. Each holds some of the shards, which pieces belong to by their
 * names. Locks are rows: those of a session would outlive a machine that vanishes by hours, and their numbers would be
 * shared by all runs of a database.
 */
import { randomUUID } from "node:crypto"
import { hostname } from "node:os"
import { PersistenceError } from "@effect/cluster/ClusterError"
import * as ClusterWorkflowEngine from "@effect/cluster/ClusterWorkflowEngine"
import * as MessageStorage from "@effect/cluster/MessageStorage"
import * as RunnerAddress from "@effect/cluster/RunnerAddress"
import * as RunnerHealth from "@effect/cluster/RunnerHealth"
import * as Runners from "@effect/cluster/Runners"
import * as ShardId from "@effect/cluster/ShardId"
import * as Sharding from "@effect/cluster/Sharding"
import * as ShardingConfig from "@effect/cluster/ShardingConfig"
import * as SqlMessageStorage from "@effect/cluster/SqlMessageStorage"
import * as SqlRunnerStorage from "@effect/cluster/SqlRunnerStorage"
import type * as SqlClient from "@effect/sql/SqlClient"
import * as Activity from "@effect/workflow/Activity"
import * as Workflow from "@effect/workflow/Workflow"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as Layer from "effect/Layer"
import * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { CrewUnavailable } from "../../services/Crew.ts"
import { databaseAt, tablePrefix, unavailable } from "./cluster-database.ts"

/** How long the members of a cluster wait for each other. */
export interface ClusterTimes {
  /** A member that gives no sign for so long loses its pieces to others. */
  readonly lockExpirationMillis: number
  /** How often it gives a sign. A third of the expiration is the most. */
  readonly lockRefreshMillis: number
  /** How often it looks who is there and what there is to do. */
  readonly pollMillis: number
}

/** What a machine that is busy gets along with. */
export const defaultClusterTimes: ClusterTimes = {
  lockExpirationMillis: 30_000,
  lockRefreshMillis: 10_000,
  pollMillis: 2000
}

/** Shards that members share: more than members. */
const shardsPerGroup = 300

const shardGroup = "default"

/** One time that a piece is given to somebody. A piece whose round is over without its folder is given in the next one. */
export interface GivenPiece {
  readonly stage: string
  readonly piece: string
  /** From 0. */
  readonly round: number
}

/** A member's side of the engine. */
export interface ClusterEngine {
  /** Has a piece given to somebody; does nothing for one that was given before. Waits for the database to come back. */
  readonly give: (given: GivenPiece) => Effect.Effect<void>
  /** Whether the engine holds a piece to be over, for good or ill; false where the database does not answer. */
  readonly isOver: (given: GivenPiece) => Effect.Effect<boolean>
  /** Whether this member holds any shard. */
  readonly holdsShard: Effect.Effect<boolean>
}

/** What decides which members meet. */
export interface ClusterEngineOptions {
  /** Address of the database: postgres://… */
  readonly url: string
  /** Tells runs apart whose members must not meet. */
  readonly identity: ReadonlyArray<string>
  readonly times: ClusterTimes
}

/** Names the tables of a run. All settings of the engine are in it: members that differ leave pieces undone. */
export const tablesOf = ({ identity, times }: ClusterEngineOptions): string =>
  tablePrefix([identity, times, shardsPerGroup])

/** A piece that is done again where it was in work: it is over when `make` says so. */
const PieceWorkflow = Workflow.make({
  name: "Piece",
  payload: { stage: Schema.String, piece: Schema.String, round: Schema.Number },
  idempotencyKey: ({ piece, round, stage }) => `${stage}/${piece}/${round}`
})

/**
 * Joins the cluster for as long as the scope lasts. `make` is called for each piece that is given to this member, for all
 * of them at once; it returns when the piece has its folder, and is interrupted when the piece goes to another member.
 */
export const joinCluster = (
  options: ClusterEngineOptions,
  make: (given: GivenPiece) => Effect.Effect<void>
): Effect.Effect<ClusterEngine, CrewUnavailable, Scope.Scope> =>
  Effect.gen(function*() {
    const layers = engineLayers(options, make)
    yield* createTables(options.url, layers.storages)
    const context = yield* Layer.build(layers.engine).pipe(
      Effect.sandbox,
      Effect.mapError((cause) => unavailable(options.url, Cause.squash(cause)))
    )
    const sharding = Context.get(context, Sharding.Sharding)
    const shards = Array.from({ length: shardsPerGroup }, (_, at) => ShardId.make(shardGroup, at + 1))
    return {
      give: (given) =>
        PieceWorkflow.execute(given, { discard: true }).pipe(
          Effect.provide(context),
          // What the database refuses comes as a defect. It ends when the database is back, or with whoever waits.
          Effect.sandbox,
          Effect.retry(Schedule.jittered(Schedule.spaced(options.times.pollMillis))),
          Effect.orDie
        ),
      isOver: (given) =>
        Effect.flatMap(PieceWorkflow.executionId(given), PieceWorkflow.poll).pipe(
          Effect.provide(context),
          Effect.map((result) => result !== undefined),
          Effect.sandbox,
          // A reply that is a defect is thrown at whoever asks for it, and so is every trouble of the database.
          Effect.catchAll((cause) => Effect.succeed(!(Cause.squash(cause) instanceof PersistenceError)))
        ),
      holdsShard: Effect.sync(() => shards.some((shard) => sharding.hasShardId(shard)))
    } satisfies ClusterEngine
  }).pipe(Effect.locally(FiberRef.currentMinimumLogLevel, LogLevel.None))

const engineLayers = (
  options: ClusterEngineOptions,
  make: (given: GivenPiece) => Effect.Effect<void>
) => {
  const { times, url } = options
  const prefix = tablesOf(options)
  const config = ShardingConfig.layer({
    // A name only, as nobody connects to it.
    runnerAddress: Option.some(
      RunnerAddress.make(`${hostname().replace(/[^\w.-]/g, "-").slice(0, 100)}-${randomUUID()}`, 1)
    ),
    availableShardGroups: [shardGroup],
    assignedShardGroups: [shardGroup],
    shardsPerGroup,
    shardLockDisableAdvisory: true,
    shardLockExpiration: times.lockExpirationMillis,
    shardLockRefreshInterval: times.lockRefreshMillis,
    refreshAssignmentsInterval: times.pollMillis,
    entityMessagePollInterval: times.pollMillis,
    // A piece that moves is begun again elsewhere; to wait for its end here would hold up whoever is asked to end.
    entityTerminationTimeout: "1 second",
    entityMailboxCapacity: "unbounded"
  })
  const storages = Layer.merge(
    Layer.provide(resettingAtLast, SqlMessageStorage.layerWith({ prefix })),
    SqlRunnerStorage.layerWith({ prefix })
  ).pipe(Layer.provideMerge(config))
  const engine = PieceWorkflow.toLayer((given) => Activity.make({ name: "make", execute: make(given) })).pipe(
    Layer.provideMerge(ClusterWorkflowEngine.layer),
    Layer.provideMerge(Sharding.layer),
    Layer.provide([Runners.layerNoop, RunnerHealth.layerNoop]),
    Layer.provideMerge(storages),
    Layer.provide(databaseAt(url))
  )
  return { storages, engine }
}

/**
 * Has the messages of shards that change hands reset in the end, even where the database refuses it at first or takes its
 * time: the engine gives up soon, and would read for ten minutes nothing that the member before had read.
 */
const resettingAtLast = Layer.scoped(
  MessageStorage.MessageStorage,
  Effect.gen(function*() {
    const storage = yield* MessageStorage.MessageStorage
    const scope = yield* Effect.scope
    return {
      ...storage,
      resetShards: (shards) =>
        Effect.retry(storage.resetShards(shards), Schedule.spaced("1 second")).pipe(
          Effect.forkIn(scope),
          Effect.flatMap(Fiber.join)
        )
    }
  })
)

/** Members that begin at the same moment get in each other's way when they create the tables. */
const whileOthersCreate = Schedule.jittered(Schedule.spaced(200)).pipe(Schedule.intersect(Schedule.recurs(20)))

const createTables = <A, E>(url: string, storages: Layer.Layer<A, E, SqlClient.SqlClient>) =>
  Effect.gen(function*() {
    const database = yield* Layer.build(databaseAt(url))
    yield* Effect.scoped(Layer.build(storages)).pipe(
      Effect.provide(database),
      Effect.sandbox,
      Effect.retry(whileOthersCreate),
      Effect.mapError(Cause.squash)
    )
  }).pipe(Effect.scoped, Effect.mapError((cause) => unavailable(url, cause)))
