/** What every Writer layer must do. `files` tells the finished files of a folder by name, `plant` puts one there. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { keep, type Ledger } from "../../services/rows/ledger.ts"
import { fingerprint, randomOf } from "../../services/text/random.ts"
import {
  type CannotWrite,
  type PooledRecord,
  type Run,
  type RunRequest,
  type Table,
  Writer
} from "../../services/Writer.ts"
import { hurried } from "../support/hurried.ts"

export interface WriterUnderTest {
  readonly layer: Layer.Layer<Writer>
  readonly directory: () => string
  readonly files: (directory: string) => ReadonlyMap<string, string>
  readonly plant: (directory: string, name: string, text: string) => void
}

const record = (pool: string, item: number, ordinal: number, prompt = `prompt ${item}`): PooledRecord => ({
  pool,
  key: fingerprint(pool, item, ordinal),
  mate: fingerprint(prompt),
  rival: "",
  answers: "",
  facet: `item ${item % 3}`,
  json: new TextEncoder().encode(JSON.stringify({ prompt, ordinal, text: "é\t\n\u2028" }))
})

const table = (name: string, pools: ReadonlyArray<string>, rest: Partial<Table> = {}): Table => ({
  name,
  pools,
  hasRivals: false,
  apartFrom: [],
  repeats: null,
  share: 1,
  ...rest
})

const ledgerOf = (count: number): Ledger => {
  const ledger: Ledger = {}
  keep(ledger, "rows", count)
  return ledger
}

const commitItems = (run: Run, items: ReadonlyArray<number>) =>
  Effect.forEach(items, (item) =>
    run.commit({
      item,
      records: [record("train.wanted", item, 0), record("train.unwanted", item, 1), record("test", item, 2)],
      ledger: ledgerOf(3)
    }), { discard: true, concurrency: 4 })

const finish = Effect.fnUntraced(function*(run: Run) {
  const train = yield* run.assemble(table("train_kto.jsonl", ["train.wanted", "train.unwanted"]))
  yield* run.assemble(table("test_kto.jsonl", ["test"]))
  yield* run.writeDocument("kto_stats.json", { rows: train.rows })
  yield* run.seal({ identity: "same", ledger: run.ledger() })
  return train
})

const all = Array.from({ length: 40 }, (_, item) => item)

export const writerContract = (name: string, under: WriterUnderTest) => {
  const request = (rest: Partial<RunRequest> = {}): RunRequest => ({
    directory: under.directory(),
    identity: "same",
    resume: false,
    overwrite: false,
    files: ["train_kto.jsonl", "test_kto.jsonl"],
    bufferBytes: 1_000_000,
    ...rest
  })
  const open = (asked: RunRequest) => Effect.flatMap(Writer, (writer) => writer.openRun(asked))
  const whole = (asked: RunRequest) =>
    Effect.scoped(Effect.gen(function*() {
      const run = yield* open(asked)
      yield* commitItems(run, all)
      return yield* finish(run)
    }))

  it.effect(`${name}: makes the same files of any parts of the work, in any order`, () =>
    Effect.gen(function*() {
      const first = request()
      const summary = yield* whole(first)
      for (const seed of [1, 2, 3]) {
        const random = randomOf("parts", seed)
        const count = 1 + random.below(6)
        const items = Array.from({ length: count }, () => [] as Array<number>)
        for (const item of all) items[random.below(count)]?.push(item)
        const parts: Array<string> = []
        for (const own of items) {
          const part = request({ identity: "part", bufferBytes: seed === 1 ? 300 : 1_000_000 })
          yield* Effect.scoped(Effect.gen(function*() {
            const run = yield* open(part)
            yield* commitItems(run, own)
            yield* run.keep
          }))
          parts.push(part.directory)
        }
        const merged = request({ parts: parts.toReversed() })
        yield* Effect.scoped(Effect.gen(function*() {
          const run = yield* open(merged)
          assert.deepStrictEqual(run.ledger(), { rows: { came: 120, kept: 120, leftOut: {} } })
          assert.deepStrictEqual(yield* finish(run), summary)
        }))
        assert.deepStrictEqual(under.files(merged.directory), under.files(first.directory))
      }
    }).pipe(Effect.provide(under.layer)))

  it.effect(`${name}: merges more runs than are read at once`, () =>
    Effect.gen(function*() {
      const many = Array.from({ length: 300 }, (_, item) => item)
      const filled = (asked: RunRequest, use: (run: Run) => Effect.Effect<unknown, CannotWrite>) =>
        Effect.scoped(Effect.gen(function*() {
          const run = yield* open(asked)
          if (asked.parts === undefined) yield* commitItems(run, many)
          yield* use(run)
        }))
      const plain = request()
      yield* filled(plain, finish)
      const part = request({ identity: "part", bufferBytes: 1 })
      yield* filled(part, (run) => run.keep)
      const merged = request({ parts: [part.directory] })
      yield* filled(merged, finish)
      assert.deepStrictEqual(under.files(merged.directory), under.files(plain.directory))
    }).pipe(Effect.provide(under.layer)))

  it.effect(`${name}: writes the same bytes in any order of commits and with any buffer`, () =>
    Effect.gen(function*() {
      const first = request()
      const summary = yield* whole(first)
      assert.strictEqual(summary.rows, 80)
      assert.strictEqual(Object.values(summary.facets).reduce((sum, count) => sum + count, 0), 80)
      const second = request({ bufferBytes: 300 })
      yield* Effect.scoped(Effect.gen(function*() {
        const run = yield* open(second)
        yield* commitItems(run, all.toReversed())
        assert.deepStrictEqual(run.ledger(), { rows: { came: 120, kept: 120, leftOut: {} } })
        yield* finish(run)
      }))
      const files = under.files(first.directory)
      assert.deepStrictEqual([...files.keys()].sort(), [
        "kto_stats.json",
        "metadata.json",
        "test_kto.jsonl",
        "train_kto.jsonl"
      ])
      assert.deepStrictEqual(under.files(second.directory), files)
    }).pipe(Effect.provide(under.layer)))

  it.effect(`${name}: goes on where a broken run stopped, and ends with the same bytes`, () =>
    Effect.gen(function*() {
      const whole1 = request()
      yield* whole(whole1)
      const broken = request({ bufferBytes: 1 })
      yield* Effect.scoped(Effect.flatMap(open(broken), (run) => commitItems(run, [3, 4, 30])))
      const refused = yield* Effect.flip(Effect.scoped(open(broken)))
      assert.include(refused.message, "--resume")
      yield* Effect.scoped(Effect.gen(function*() {
        const run = yield* open({ ...broken, resume: true })
        assert.deepStrictEqual(all.filter(run.isDone), [3, 4, 30])
        yield* commitItems(run, all.filter((item) => !run.isDone(item)))
        yield* finish(run)
      }))
      assert.deepStrictEqual(under.files(broken.directory), under.files(whole1.directory))
      const sealed = yield* Effect.scoped(Effect.map(open({ ...broken, resume: true }), (run) => run.isSealed))
      assert.isTrue(sealed)
    }).pipe(Effect.provide(under.layer)))

  it.effect(`${name}: leaves other runs alone until it is told to overwrite them`, () =>
    Effect.gen(function*() {
      const asked = request()
      yield* whole(asked)
      const finished = yield* Effect.flip(Effect.scoped(open(asked)))
      assert.include(finished.message, "--overwrite")
      const other = yield* Effect.flip(Effect.scoped(open({ ...asked, identity: "other", resume: true })))
      assert.include(other.message, "other options")
      yield* Effect.scoped(Effect.flatMap(open({ ...asked, overwrite: true, identity: "other" }), (run) =>
        Effect.sync(() =>
          assert.isFalse(run.isSealed)
        )))
      assert.deepStrictEqual([...under.files(asked.directory).keys()], [])
    }).pipe(Effect.provide(under.layer)))

  /** Writes tables and documents of any names, and is sealed or broken. */
  const writeFiles = (asked: RunRequest, tables: ReadonlyArray<string>, end: "sealed" | "broken") =>
    Effect.scoped(Effect.gen(function*() {
      const run = yield* open(asked)
      yield* commitItems(run, all.slice(0, 3))
      for (const stem of tables) {
        yield* run.assemble(table(`${stem}.jsonl`, ["test"]))
        yield* run.writeDocument(`${stem}_figures.json`, {})
      }
      if (end === "sealed") yield* run.seal({ identity: "same" })
    }))
  const namesIn = (directory: string) => [...under.files(directory).keys()].sort()

  it.effect(`${name}: tells in its metadata what it wrote`, () =>
    Effect.gen(function*() {
      const asked = request()
      yield* writeFiles(asked, ["brand_new", "train_kto"], "sealed")
      assert.deepStrictEqual(JSON.parse(under.files(asked.directory).get("metadata.json") ?? "{}").written, [
        "brand_new.jsonl",
        "brand_new_figures.json",
        "train_kto.jsonl",
        "train_kto_figures.json"
      ])
    }).pipe(Effect.provide(under.layer)))

  for (const end of ["sealed", "broken"] as const) {
    it.effect(`${name}: a ${end} run of any names that is overwritten leaves nothing behind, and what is not its own`, () =>
      Effect.gen(function*() {
        const asked = request()
        const foreign = ["notes.txt", "train_dpo.jsonl", "brand_new_1.jsonl", "kto_stats.json", "pool-party.part.txt"]
        for (const file of foreign) under.plant(asked.directory, file, "theirs\n")
        yield* writeFiles(asked, ["brand_new", "train_kto"], end)
        yield* writeFiles({ ...asked, overwrite: true, identity: "other" }, ["val"], "sealed")
        const own = ["metadata.json", "val.jsonl", "val_figures.json"]
        assert.deepStrictEqual(namesIn(asked.directory), [...foreign, ...own].sort())
        for (const file of foreign) assert.strictEqual(under.files(asked.directory).get(file), "theirs\n")
      }).pipe(Effect.provide(under.layer)))
  }

  it.effect(`${name}: of a run of an older version it overwrites what its metadata names, and nothing else`, () =>
    Effect.gen(function*() {
      const asked = request()
      const metadata = {
        identity: { task: "generate" },
        files: { "train_kto.jsonl": 3, "val-*.parquet": 5, "../up": 1 }
      }
      under.plant(asked.directory, "metadata.json", JSON.stringify(metadata))
      const own = ["train_kto.jsonl", "val-00000-of-00002.parquet", "val-00001-of-00002.parquet"]
      const foreign = ["train_kto_2.jsonl", "val.parquet", "val-notes.parquet", "kto_stats.json"]
      for (const file of [...own, ...foreign]) under.plant(asked.directory, file, "old\n")
      const refused = yield* Effect.flip(Effect.scoped(open(asked)))
      assert.include(refused.message, "--overwrite")
      yield* writeFiles({ ...asked, overwrite: true }, ["brand_new"], "sealed")
      assert.deepStrictEqual(
        namesIn(asked.directory),
        [...foreign, "brand_new.jsonl", "brand_new_figures.json", "metadata.json"].sort()
      )
    }).pipe(Effect.provide(under.layer)))

  it.effect(`${name}: a folder that holds files of these names from elsewhere is another's`, () =>
    Effect.gen(function*() {
      for (const file of ["train_kto.jsonl", "test_kto.parquet", "train_kto-00001-of-00002.jsonl", "metadata.json"]) {
        const asked = request({ resume: true })
        under.plant(asked.directory, file, "null")
        const refused = yield* Effect.flip(Effect.scoped(open(asked)))
        assert.include(refused.message, "not ours")
        yield* writeFiles({ ...asked, overwrite: true }, ["train_kto"], "sealed")
        assert.isAbove(under.files(asked.directory).get("train_kto.jsonl")?.length ?? 0, 10)
        assert.isTrue(namesIn(asked.directory).includes(file))
      }
      const beside = request()
      under.plant(beside.directory, "train_dpo.jsonl", "theirs\n")
      yield* writeFiles(beside, ["train_kto"], "sealed")
      assert.strictEqual(under.files(beside.directory).get("train_dpo.jsonl"), "theirs\n")
    }).pipe(Effect.provide(under.layer)))

  it.effect(`${name}: says in what the run that it was to go on with differs`, () =>
    Effect.gen(function*() {
      const identity = {
        version: "1",
        settings: { seed: 1, maxCommits: 60, languages: null, context: { budget: 10 } },
        repositories: [{ repository: "toy", commit: "0123456789012345678901234567890123456789" }],
        plan: "a"
      }
      const asked = request({ identity, bufferBytes: 1 })
      yield* Effect.scoped(Effect.flatMap(open(asked), (run) => commitItems(run, [1])))
      const other = {
        version: "1",
        settings: { seed: 2, maxCommits: 60, languages: ["go"], context: null },
        repositories: [{ repository: "toy", commit: "9876543210987654321098765432109876543210" }],
        plan: "b"
      }
      const refused = yield* Effect.flip(Effect.scoped(open({ ...asked, identity: other, resume: true })))
      assert.include(
        refused.message,
        "its unfinished run had other options or commits: seed was 1 and is 2, languages was not set and is [\"go\"], " +
          "context was {\"budget\":10} and is not set, repositories changed; pass --overwrite"
      )
      assert.deepInclude(refused, {
        differences: [
          { name: "seed", was: 1, is: 2 },
          { name: "languages", was: null, is: ["go"] },
          { name: "context", was: { budget: 10 }, is: null },
          { name: "repositories", was: identity.repositories, is: other.repositories },
          { name: "plan", was: "a", is: "b" }
        ]
      })
      const many = { ...identity, settings: { ...identity.settings, maxCommits: 61, context: { budget: 20 } } }
      const more = yield* Effect.flip(Effect.scoped(open({ ...asked, identity: many, resume: true })))
      assert.include(more.message, ": max-commits was 60 and is 61, context.budget was 10 and is 20; pass")
    }).pipe(Effect.provide(under.layer)))

  it.effect(`${name}: says whether it goes on with anything`, () =>
    Effect.gen(function*() {
      const asked = request({ resume: true, bufferBytes: 1 })
      const isResumed = Effect.scoped(
        Effect.flatMap(open(asked), (run) => Effect.as(commitItems(run, [1]), run.isResumed))
      )
      assert.isFalse(yield* isResumed)
      assert.isTrue(yield* isResumed)
    }).pipe(Effect.provide(under.layer)))

  it.effect(`${name}: leaves out records with half a surrogate pair, and counts them`, () =>
    Effect.gen(function*() {
      const asked = request()
      yield* Effect.scoped(Effect.gen(function*() {
        const run = yield* open(asked)
        const broken = { ...record("test", 1, 1), json: new TextEncoder().encode(JSON.stringify({ a: "b\ud800" })) }
        yield* run.commit({ item: 0, records: [record("test", 0, 0), broken], ledger: ledgerOf(2) })
        const { rows } = yield* run.assemble(table("test.jsonl", ["test"]))
        assert.strictEqual(rows, 1)
        assert.deepStrictEqual(run.ledger()["records"], { came: 1, kept: 0, leftOut: { "lone surrogate": 1 } })
        yield* run.seal({ identity: "same", "half \udc00": "of \ud800" })
      }))
      assert.include(under.files(asked.directory).get("metadata.json") ?? "", "\"half \ufffd\": \"of \ufffd\"")
    }).pipe(Effect.provide(under.layer)))

  it.effect(`${name}: drops twins, contradictions and mates of other tables, and says how many`, () =>
    Effect.scoped(Effect.gen(function*() {
      const run = yield* open(request())
      const wanted = record("w", 1, 0)
      const unwanted = record("u", 1, 0, "another prompt")
      yield* run.commit({
        item: 0,
        records: [
          wanted,
          { ...wanted, json: Uint8Array.from([...wanted.json, 32]) },
          record("w", 2, 0),
          { ...unwanted, rival: wanted.key },
          record("u", 2, 1),
          { ...record("t", 5, 0), mate: wanted.mate },
          record("t", 6, 0)
        ],
        ledger: {}
      })
      const train = yield* run.assemble(table("train.jsonl", ["w", "u"], { hasRivals: true }))
      assert.deepInclude(train, { rows: 3, twins: 1, contradicted: 1, shared: 0, past: 0 })
      const held = yield* run.assemble(table("test.jsonl", ["t"], { apartFrom: ["w"] }))
      assert.deepInclude(held, { rows: 1, shared: 1 })
      const part = yield* run.assemble(table("val.jsonl", ["w"], { share: 0.5 }))
      assert.deepInclude(part, { rows: 2, past: 0, twins: 1 })
    })).pipe(Effect.provide(under.layer)))

  it.effect(`${name}: a table has no record whose last answer is that of a record it is kept apart from`, () =>
    Effect.scoped(Effect.gen(function*() {
      const run = yield* open(request())
      const [one, two, three] = [1, 2, 3].map((answer) => fingerprint("answer", answer))
      yield* run.commit({
        item: 0,
        records: [
          { ...record("w", 1, 0), answers: `${one}${two}` },
          { ...record("w", 2, 0), answers: "" },
          // The last answer is what counts: one that is answered in train, one that is only part of an answer there.
          { ...record("t", 3, 0), answers: `${three}${two}` },
          { ...record("t", 4, 0), answers: `${two}${one}` },
          { ...record("t", 5, 0), answers: "" }
        ],
        ledger: {}
      })
      const apart = yield* run.assemble(table("test.jsonl", ["t"], { apartFromAnswers: ["w"] }))
      assert.deepInclude(apart, { rows: 2, answered: 1, shared: 0 })
      const together = yield* run.assemble(table("val.jsonl", ["t"]))
      assert.deepInclude(together, { rows: 3, answered: 0 })
    })).pipe(Effect.provide(under.layer)))

  it.effect(`${name}: of records that answer the same it writes the first mates, the same in all tables and orders`, () =>
    Effect.gen(function*() {
      const answers = ["common", "common", "rare", "common", "common", "", "common", ""]
      const records = answers.flatMap((text, item): ReadonlyArray<PooledRecord> => {
        const answer = text === "" ? "" : fingerprint(text)
        const place = { answers: answer, mate: fingerprint("place", item) }
        return [{ ...record("w", item, 0), ...place }, { ...record("u", item, 1), ...place }]
      })
      const held = { ...record("t", 9, 0), answers: fingerprint("common"), mate: fingerprint("place", "held") }
      const repeats = { pools: ["w", "u", "t"], most: 2 }
      const written = Effect.fnUntraced(function*(order: ReadonlyArray<PooledRecord>, bufferBytes: number) {
        const asked = request({ bufferBytes })
        yield* Effect.scoped(Effect.gen(function*() {
          const run = yield* open(asked)
          for (const [item, one] of order.entries()) yield* run.commit({ item, records: [one], ledger: {} })
          const train = yield* run.assemble(table("train.jsonl", ["w", "u"], { repeats }))
          const test = yield* run.assemble(table("test.jsonl", ["t"], { repeats }))
          // Two places of "common", one of which may be the held one, with a row in place of two.
          assert.strictEqual(train.rows + test.rows, 10 - test.rows)
          assert.strictEqual(train.repeated + test.repeated, records.length + 1 - train.rows - test.rows)
          const free = yield* run.assemble(table("val.jsonl", ["w", "u"]))
          assert.deepInclude(free, { rows: records.length, repeated: 0 })
          yield* run.seal({ identity: "same" })
        }))
        return under.files(asked.directory)
      })
      const once = yield* written([...records, held], 1_000_000)
      assert.deepStrictEqual(yield* written([held, ...records.toReversed()], 1), once)
    }).pipe(Effect.provide(under.layer)))

  it.effect(`${name}: shows the records of some pools, and leaves out of all tables what it is given a reason against`, () =>
    Effect.scoped(Effect.gen(function*() {
      const run = yield* open(request({ bufferBytes: 1 }))
      const signature = "0a".repeat(112)
      const right = { ...record("w", 1, 0), signature }
      const answers = fingerprint("answer")
      yield* run.commit({
        item: 0,
        records: [
          right,
          right,
          { ...record("u", 1, 1), mate: right.mate },
          { ...record("w", 2, 0), answers },
          { ...record("w", 3, 0), answers },
          { ...record("t", 4, 0), mate: right.mate, answers: `${answers}${answers}` }
        ],
        ledger: {}
      })
      const seen: Array<string> = []
      yield* run.look(["w", "u"], ({ mate, pool, signature }) => seen.push(`${pool} ${mate} ${signature ?? "none"}`))
      const shown = (pool: string, mate: string, signature = "none") => `${pool} ${mate} ${signature}`
      assert.deepStrictEqual(
        seen.sort(),
        [
          shown("u", right.mate),
          shown("w", right.mate, signature),
          shown("w", right.mate, signature),
          shown("w", record("w", 2, 0).mate),
          shown("w", record("w", 3, 0).mate)
        ].sort()
      )
      const reasonAgainst = (pool: string, mate: string) => pool !== "t" && mate === right.mate ? "alike" : undefined
      const train = yield* run.assemble(table("train.jsonl", ["w", "u"], { reasonAgainst }))
      assert.deepInclude(train, { rows: 2, twins: 1, refused: { alike: 2 } })
      // A mate that is left out of train takes nothing from test, and what stays answers there for itself alone.
      const repeats = { pools: ["w", "u", "t"], most: 3 }
      const test = yield* run.assemble(table("test.jsonl", ["t"], { apartFrom: ["w", "u"], reasonAgainst, repeats }))
      assert.deepInclude(test, { rows: 1, shared: 0, repeated: 0, refused: {} })
      const usual = yield* run.assemble(table("val.jsonl", ["t"], { apartFrom: ["w", "u"] }))
      assert.deepInclude(usual, { rows: 0, shared: 1 })
    })).pipe(Effect.provide(under.layer)))

  it.effect(`${name}: counts the rows of a table by their sources, and writes texts as they are`, () =>
    Effect.gen(function*() {
      const asked = request({ bufferBytes: 1 })
      yield* Effect.scoped(Effect.gen(function*() {
        const run = yield* open(asked)
        const signature = "7f".repeat(112)
        const records = [
          { ...record("w", 1, 0), source: "[\"one\",\"é\"]" },
          { ...record("w", 2, 0), source: "[\"one\",\"é\"]", signature },
          { ...record("w", 3, 0), source: "" },
          record("w", 4, 0),
          { ...record("w", 5, 0), signature },
          { ...record("w", 6, 0), source: "beyond" }
        ]
        const keyed = records.map((one, at) => ({ ...one, key: `${at}`.padStart(16, "0") }))
        yield* run.commit({ item: 0, records: keyed, ledger: {} })
        const { facets, sources } = yield* run.assemble(table("train.jsonl", ["w"], { share: 5 / 6 }))
        assert.deepStrictEqual(sources, { "[\"one\",\"é\"]": 2, "": 1 })
        assert.deepStrictEqual(facets, { "item 0": 1, "item 1": 2, "item 2": 2 })
        yield* run.writeText("notes.md", "# Notes\n\u2028é")
        yield* run.seal({ identity: "same" })
      }))
      const files = under.files(asked.directory)
      assert.strictEqual(files.get("notes.md"), "# Notes\n\u2028é")
      const written = (files.get("train.jsonl") ?? "").trim().split("\n").map((line) => JSON.parse(line).ordinal)
      assert.deepStrictEqual(written, [0, 0, 0, 0, 0])
      assert.include(JSON.parse(files.get("metadata.json") ?? "{}").written, "notes.md")
    }).pipe(Effect.provide(under.layer)))

  it.effect(`${name}: interleaves two pools and keeps mates apart`, () =>
    Effect.scoped(Effect.gen(function*() {
      const asked = request()
      const run = yield* open(asked)
      yield* commitItems(run, all)
      yield* run.assemble(table("train.jsonl", ["train.wanted", "train.unwanted"]))
      yield* run.seal({ identity: "same" })
      const rows = (under.files(asked.directory).get("train.jsonl") ?? "").trim().split("\n").map((line) =>
        JSON.parse(line)
      )
      assert.strictEqual(rows.length, 80)
      for (const [index, row] of rows.entries()) {
        assert.notStrictEqual(row.prompt, rows[index + 1]?.prompt)
        assert.strictEqual(row.text, "é\t\n\u2028")
      }
      const labels = rows.map(({ ordinal }) => ordinal).join("")
      assert.isAtMost(Math.max(...labels.split(/(?<=(.))(?!\1)/).map((streak) => streak.length)), 3)
    })).pipe(Effect.provide(under.layer)))

  it.effect(`${name}: a run that is discarded was never there`, () =>
    Effect.gen(function*() {
      const asked = request()
      yield* Effect.scoped(Effect.gen(function*() {
        const run = yield* open(asked)
        yield* commitItems(run, all)
        yield* run.discard
      }))
      yield* Effect.scoped(Effect.gen(function*() {
        const run = yield* open(asked)
        assert.isFalse(run.isSealed)
        assert.isFalse(all.some((item) => run.isDone(item)))
      }))
    }).pipe(Effect.provide(under.layer)))

  it.effect(`${name}: one run at a time in a folder`, () =>
    Effect.scoped(Effect.gen(function*() {
      const asked = request()
      yield* open(asked)
      const second = yield* Effect.flip(hurried(Effect.scoped(open({ ...asked, resume: true }))))
      assert.strictEqual(second._tag, "FolderTaken")
    })).pipe(Effect.provide(under.layer)))
}
