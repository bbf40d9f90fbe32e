/** A member of a cluster that is asked to end while the database is away. */
import { afterAll, beforeAll } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as ClusterCrew from "../../layers/crew/ClusterCrew.ts"
import { Crew } from "../../services/Crew.ts"
import { inFolder, namingStage, placeIn } from "../contract/Crew.ts"
import { makePostgres, type PostgresServer } from "../support/postgres.ts"
import { withTools } from "../support/with-tools.ts"

withTools("postgres").describe("a member whose database is away", () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await makePostgres()
    await server.start()
  })
  afterAll(() => server.remove())

  withTools("postgres").it("ends all the same", () =>
    Effect.runPromise(inFolder((directory) =>
      Effect.gen(function*() {
        const scope = yield* Scope.make()
        const context = yield* Layer.buildWithScope(
          ClusterCrew.layer({
            place: placeIn(directory),
            url: server.url,
            version: "1",
            identity: "leaving",
            concurrency: 1,
            times: { lockExpirationMillis: 6000, lockRefreshMillis: 1000, pollMillis: 200, auditMillis: 1000 }
          }),
          scope
        )
        let began: () => void = () => undefined
        const isBegun = new Promise<void>((resolve) => began = resolve)
        const stage = { ...namingStage(3), make: () => Effect.zipRight(Effect.sync(() => began()), Effect.never) }
        const working = yield* Effect.fork(
          Effect.flatMap(Crew, (crew) => crew.finish(stage)).pipe(Effect.provide(context))
        )
        yield* Effect.promise(() => isBegun)
        yield* Effect.promise(() => server.stop())
        yield* Fiber.interrupt(working)
        yield* Scope.close(scope, Exit.void)
      })
    )))
})
