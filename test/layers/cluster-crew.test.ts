/** A cluster over a real database. What is asserted are folders and their bytes, and never how long anything takes. */
import { afterAll, beforeAll } from "@effect/vitest"
import * as ClusterCrew from "../../layers/crew/ClusterCrew.ts"
import type { RunPlace } from "../../layers/crew/run-place.ts"
import { crewContract } from "../contract/Crew.ts"
import { makePostgres, type PostgresServer } from "../support/postgres.ts"
import { withTools } from "../support/with-tools.ts"

/** Short enough for a test, and long enough for a machine that is busy. */
const times = { lockExpirationMillis: 6000, lockRefreshMillis: 1000, pollMillis: 200, auditMillis: 1000 }

withTools("postgres").describe("a cluster", () => {
  let server: PostgresServer
  beforeAll(async () => {
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

  crewContract("ClusterCrew", (place) => ClusterCrew.layer(optionsIn(place)))
})
