/** What a writer does in its folder from the first step to the last: the scenarios in which it is killed at each of them. */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { layer } from "../../layers/writer/FileWriter.ts"
import type { OutputFormat } from "../../services/formats/output-format.ts"
import { signatureBytes } from "../../services/hygiene/min-hash.ts"
import { fingerprint } from "../../services/text/random.ts"
import { type CannotWrite, type FolderTaken, type PooledRecord, Writer } from "../../services/Writer.ts"
import { findNearDuplicates } from "../../tasks/generate/near-duplicates.ts"

/** How a scenario is called: by the program that is killed, and by the test that goes on with it. */
export interface ScenarioCall {
  readonly folder: string
  readonly resume: boolean
  readonly overwrite: boolean
}

type Scenario = (call: ScenarioCall) => Effect.Effect<void, CannotWrite | FolderTaken>

const encoder = new TextEncoder()

const record = (pool: string, item: number): PooledRecord => ({
  pool,
  key: fingerprint(pool, item),
  mate: fingerprint(item),
  rival: "",
  answers: "",
  facet: "some",
  json: encoder.encode(JSON.stringify({ pool, item, text: "x".repeat(200) }))
})

/** A run whose records are looked through when all are there; what is found of them decides what is written. */
const withoutAlike: Scenario = (call) =>
  Effect.gen(function*() {
    const writer = yield* Writer
    const directory = join(call.folder, "rows")
    const run = yield* writer.openRun({ ...call, directory, identity: "new", files: [], bufferBytes: 1, format: plain })
    if (run.isSealed) return
    for (let item = 0; item < 5; item++) {
      // Of two that follow one another, all bytes of the signatures are equal.
      const signed = {
        ...record("one", item),
        source: "a place",
        signature: `0${item >> 1}`.repeat(signatureBytes)
      }
      if (!run.isDone(item)) yield* run.commit({ item, records: [signed, record("two", item)], ledger: {} })
    }
    const pools = { train: ["one", "two"], held: [] }
    const { reasonAgainst, told } = yield* findNearDuplicates(run, pools)
    const table = { pools: pools.train, hasRivals: false, apartFrom: [], repeats: null, share: 1, reasonAgainst }
    const { refused, rows, sources } = yield* run.assemble({ ...table, name: "train.jsonl" })
    yield* run.writeText("sources.md", `# ${JSON.stringify(sources)}\n`)
    yield* run.seal({ identity: "new", told, refused, rows })
  }).pipe(Effect.scoped, Effect.provide(layer))

/** A run of two tables, one of them outside of the folder, and a document; perhaps with a journal in its folder. */
const run =
  (identity: string, format: OutputFormat, tables: ReadonlyArray<string>, hasJournal = false): Scenario => (call) =>
    Effect.gen(function*() {
      const writer = yield* Writer
      const directory = join(call.folder, "rows")
      const run = yield* writer.openRun({ ...call, directory, identity, files: [], bufferBytes: 1, format })
      if (run.isSealed) return
      if (hasJournal) {
        yield* run.adopt("journal.jsonl")
        const paths = [join(directory, "journal.jsonl")] as const
        const journal = yield* writer.openSequence({
          ...call,
          paths,
          identity,
          resume: !call.overwrite,
          bufferBytes: 1
        })
        if (!journal.isSealed) {
          for (let item = journal.next; item < 4; item++) yield* journal.append([line(9 - item)], {})
          yield* journal.seal({ identity }, sorted)
        }
      }
      for (let item = 0; item < 5; item++) {
        if (!run.isDone(item)) {
          yield* run.commit({ item, records: [record("one", item), record("two", item)], ledger: {} })
        }
      }
      for (const name of [...tables, join(call.folder, "left.jsonl")]) {
        yield* run.assemble({ name, pools: ["one", "two"], hasRivals: false, apartFrom: [], repeats: null, share: 1 })
      }
      yield* run.writeDocument("figures.json", { identity })
      yield* run.seal({ identity })
    }).pipe(Effect.scoped, Effect.provide(layer))

const line = (item: number): Uint8Array => encoder.encode(`${JSON.stringify({ item, text: "y".repeat(100) })}\n`)

/** Puts lines into an order that they were not written in. */
const sorted = (lines: Uint8Array): Uint8Array =>
  encoder.encode(new TextDecoder().decode(lines).split("\n").filter((text) => text !== "").sort().join("\n") + "\n")

const sequence = (identity: string, format: OutputFormat, arrange?: typeof sorted): Scenario => (call) =>
  Effect.gen(function*() {
    const writer = yield* Writer
    const paths = [join(call.folder, "rows.jsonl"), join(call.folder, "left.jsonl")] as const
    const sequence = yield* writer.openSequence({ ...call, paths, identity, bufferBytes: 1, format })
    if (sequence.isSealed) return
    for (let item = sequence.next; item < 6; item++) yield* sequence.append([line(9 - item), line(item)], {})
    yield* sequence.seal({ identity }, arrange)
  }).pipe(Effect.scoped, Effect.provide(layer))

const plain: OutputFormat = { kind: "jsonl", shardRows: null }
const shards: OutputFormat = { kind: "jsonl", shardRows: 3 }
const parquet: OutputFormat = { kind: "parquet", shardRows: null }
const parquetShards: OutputFormat = { kind: "parquet", shardRows: 4 }

/** A scenario, and what was finished in its folder before, which it then overwrites. */
export interface KilledScenario {
  readonly does: Scenario
  readonly after?: Scenario
}

export const scenarios: Readonly<Record<string, KilledScenario>> = {
  "a run of JSON Lines": { does: run("new", plain, ["train.jsonl", "test.jsonl"]) },
  "a run without near-duplicates": { does: withoutAlike },
  "a run of shards": { does: run("new", shards, ["train.jsonl"]) },
  "a run of Parquet": { does: run("new", parquet, ["train.jsonl"]) },
  "a run of Parquet shards": { does: run("new", parquetShards, ["train.jsonl", "test.jsonl"]) },
  "a run with a journal": { does: run("new", plain, ["train.jsonl"], true) },
  "a run that replaces one of its own names": {
    does: run("new", plain, ["train.jsonl"]),
    after: run("old", plain, ["train.jsonl", "test.jsonl"])
  },
  "a run that replaces one of other names": {
    does: run("new", shards, ["val.jsonl"]),
    after: run("old", parquetShards, ["train.jsonl"], true)
  },
  "a run that replaces its like": {
    does: run("same", parquet, ["train.jsonl"], true),
    after: run("same", parquet, ["train.jsonl"], true)
  },
  "a sequence": { does: sequence("new", plain) },
  "a sequence that is arranged in the end": { does: sequence("new", plain, sorted) },
  "a sequence in Parquet shards": { does: sequence("new", parquetShards, sorted) },
  "a sequence that replaces another one": { does: sequence("new", parquet), after: sequence("old", shards) }
}
