/** The database where the members of a cluster meet: how it is reached, and what is said when it is not. */
import { createHash } from "node:crypto"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { CrewUnavailable } from "../../services/Crew.ts"
import { systemWords } from "../../services/faults/system-words.ts"
import { withoutPasswordOf, withoutPasswords } from "../../services/text/showable.ts"

/** An answer that takes longer is given up: what hangs on a dead line would never be tried on a new one. */
const answerMillis = 20_000

/** The engine keeps one connection for itself, and is silent for ever where that is the only one. */
const connections = 4

/** A pool of connections. Each is given up after a minute, so that none that is dead stays. */
export const databaseAt = (url: string) =>
  PgClient.layer({
    url: Redacted.make(`${url}${url.includes("?") ? "&" : "?"}query_timeout=${answerMillis}`),
    applicationName: "retrace",
    connectTimeout: "10 seconds",
    connectionTTL: "1 minute",
    maxConnections: connections
  })

/** Returns an address of a database as it may be shown. */
export const shownDatabase = (url: string): string => withoutPasswords(url.replace(/[?#].*$/s, ""))

/** Says why a database cannot be used. */
export const unavailable = (url: string, cause: unknown): CrewUnavailable =>
  new CrewUnavailable({
    place: shownDatabase(url),
    detail: withoutPasswordOf(url, systemWords(innermost(cause)))
  })

/** What the driver said, under what others made of it. */
const innermost = (cause: unknown): unknown => {
  const inner = typeof cause === "object" && cause !== null && "cause" in cause ? cause.cause : undefined
  return inner === undefined || inner === null ? cause : innermost(inner)
}

/** Names the tables of a run: who differs in anything that is told here does not meet. */
export const tablePrefix = (told: unknown): string =>
  `retrace_${createHash("sha256").update(JSON.stringify(told)).digest("hex").slice(0, 12)}`

/** Removes all tables of a run, as far as they are there. */
export const dropTables = (prefix: string) =>
  Effect.gen(function*() {
    const sql = yield* PgClient.PgClient
    const tables = yield* sql<{ readonly name: string }>`
      SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
      WHERE schemaname = ANY (current_schemas(false)) AND starts_with(tablename, ${`${prefix}_`})`
    for (const { name } of tables) yield* sql`DROP TABLE IF EXISTS ${sql.literal(name)}`
  })
