/** Rows that are nearly alike: of each cluster one example stays, whatever order and parts the rows came in. */
import { rmSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import * as FileWriter from "../../../layers/writer/FileWriter.ts"
import * as MemoryWriter from "../../../layers/writer/MemoryWriter.ts"
import type { Side } from "../../../services/history/split.ts"
import { bandBytes, signatureBytes } from "../../../services/hygiene/min-hash.ts"
import { fewestEqualBytes } from "../../../services/hygiene/near-duplicates.ts"
import { datasetShapes } from "../../../services/rows/shapes.ts"
import { tableNamed } from "../../../services/rows/tables.ts"
import { fingerprint, randomOf } from "../../../services/text/random.ts"
import { type PooledRecord, Writer } from "../../../services/Writer.ts"
import { asked } from "../../../tasks/generate/asked.ts"
import { findNearDuplicates } from "../../../tasks/generate/near-duplicates.ts"
import { generateRequestOf } from "../../../tasks/generate/request.ts"
import { drawExamples, runGenerate } from "../../../tasks/generate/run.ts"
import type { Choices } from "../../../tasks/shared/asked/asked.ts"
import { answersChosen } from "../../../tasks/shared/asked/read.ts"
import { makeMemory, repositoryOf } from "../../support/in-memory.ts"
import { folderContents } from "../../support/program.ts"
import { temporaryFolder } from "../../support/repository.ts"

const root = temporaryFolder()
let used = 0
const fresh = () => join(root, `run-${used++}`)
afterAll(() => rmSync(root, { recursive: true }))

const encoder = new TextEncoder()
const decoder = new TextDecoder()

describe("records that are nearly alike", () => {
  const pools = { train: ["right", "wrong"], held: ["held"] }

  /** The records of an example: its signature is near one of two, it may have a wrong answer, and it may come twice. */
  const example = FastCheck.record({
    name: FastCheck.nat(30),
    side: FastCheck.constantFrom<Side>("train", "train", "held"),
    base: FastCheck.constantFrom(0, 1),
    changed: FastCheck.array(FastCheck.nat(signatureBytes - 1), { maxLength: 50 }),
    isSigned: FastCheck.constantFrom(true, true, true, false),
    answer: FastCheck.nat(5)
  }).map(({ answer, base, changed, isSigned, name, side }): ReadonlyArray<PooledRecord> => {
    const bytes = new Uint8Array(signatureBytes).fill(base)
    for (const at of changed) bytes[at] = 2 + at % 3
    const signature = Buffer.from(bytes).toString("hex")
    const record = (pool: string): PooledRecord => ({
      pool,
      key: fingerprint(pool, name, signature),
      mate: fingerprint("example", name),
      rival: "",
      answers: fingerprint("answer", answer),
      facet: "some",
      json: encoder.encode(JSON.stringify({ name, signature, answer }))
    })
    const right = { ...record(side === "train" ? "right" : "held"), ...(isSigned ? { signature } : {}) }
    return side === "train" ? [right, record("wrong")] : [right]
  })
  const examples = FastCheck.array(example, { maxLength: 40 }).map((all) => all.flat())
  /** The same records in another order and other parts. */
  const inParts = examples.chain((records) =>
    FastCheck.tuple(
      FastCheck.constant(records),
      FastCheck.shuffledSubarray(records, { minLength: records.length, maxLength: records.length }),
      FastCheck.array(FastCheck.nat(6), { minLength: records.length, maxLength: records.length })
    )
  )

  const request = (directory: string, bufferBytes: number) => ({
    directory,
    identity: "same",
    resume: false,
    overwrite: false,
    files: [],
    bufferBytes
  })

  /** Writes each part as a run that keeps it, for one that merges them. */
  const keepParts = (directory: string, parts: ReadonlyArray<ReadonlyArray<PooledRecord>>, bufferBytes: number) =>
    Effect.forEach(parts, (records, part) =>
      Effect.gen(function*() {
        const writer = yield* Writer
        const run = yield* writer.openRun(request(`${directory}-part-${part}`, bufferBytes))
        yield* run.commit({ item: 0, records, ledger: {} })
        yield* run.keep
        return `${directory}-part-${part}`
      }).pipe(Effect.scoped))

  const write = Effect.fnUntraced(function*(
    directory: string,
    parts: ReadonlyArray<ReadonlyArray<PooledRecord>>,
    { bufferBytes, isMerged }: { readonly bufferBytes: number; readonly isMerged: boolean }
  ) {
    const writer = yield* Writer
    const folders = isMerged ? yield* keepParts(directory, parts, bufferBytes) : []
    const run = yield* writer.openRun({
      ...request(directory, bufferBytes),
      ...(isMerged ? { parts: folders } : {})
    })
    if (!isMerged) {
      for (const [item, records] of parts.entries()) yield* run.commit({ item, records, ledger: {} })
    }
    const { reasonAgainst, told } = yield* findNearDuplicates(run, pools)
    const refused: Record<string, unknown> = {}
    for (const side of ["train", "held"] as const) {
      const summary = yield* run.assemble({
        name: `${side}.jsonl`,
        pools: pools[side],
        hasRivals: false,
        apartFrom: side === "train" ? [] : pools.train,
        repeats: { pools: [...pools.train, ...pools.held], most: 3 },
        share: 1,
        reasonAgainst
      })
      const { repeated, rows, shared, twins } = summary
      const left = Object.values(summary.refused).reduce((sum, count) => sum + count, 0)
      const came = parts.flat().filter(({ pool }) => pools[side].includes(pool)).length
      assert.strictEqual(rows + twins + shared + repeated + left, came)
      refused[side] = Object.fromEntries(Object.entries(summary.refused).sort())
    }
    yield* run.seal({ told, refused })
  }, Effect.scoped)

  const inMemory = async (parts: ReadonlyArray<ReadonlyArray<PooledRecord>>) => {
    const folders = new Map<string, MemoryWriter.MemoryFolder>()
    await Effect.runPromise(
      Effect.provide(write("rows", parts, { bufferBytes: 1, isMerged: false }), MemoryWriter.layer(folders))
    )
    return Object.fromEntries(folders.get("rows")?.files ?? [])
  }
  const onDisk = async (
    parts: ReadonlyArray<ReadonlyArray<PooledRecord>>,
    how: { readonly bufferBytes: number; readonly isMerged: boolean }
  ) => {
    const folder = fresh()
    await Effect.runPromise(Effect.provide(write(folder, parts, how), FileWriter.layer))
    return folderContents(folder)
  }
  const partsOf = (records: ReadonlyArray<PooledRecord>, numbers: ReadonlyArray<number>) =>
    Array.from({ length: 7 }, (_, part) => records.filter((_, at) => numbers[at] === part))

  it("give the same files in any order and any parts", () =>
    FastCheck.assert(
      FastCheck.asyncProperty(inParts, async ([records, shuffled, numbers]) =>
        assert.deepStrictEqual(await inMemory(partsOf(shuffled, numbers)), await inMemory([records])))
    ))

  const how = FastCheck.record({ bufferBytes: FastCheck.constantFrom(1, 2000, 1e6), isMerged: FastCheck.boolean() })

  it("give the same files on disk, however much of them waits in memory, and merged from the parts of many runs", () =>
    FastCheck.assert(
      FastCheck.asyncProperty(
        inParts,
        how,
        async ([records, shuffled, numbers], how) =>
          assert.deepStrictEqual(await onDisk(partsOf(shuffled, numbers), how), await inMemory([records]))
      ),
      { numRuns: 20 }
    ))
})

describe("generate without near-duplicates", () => {
  /** A function that has hardly a name in common with another one. */
  const functionOf = (salt: string): string => {
    const random = randomOf("function", salt)
    const name = () => `${random.pick(["count", "order", "index", "total", "price"])}_${salt}${random.below(1000)}`
    const lines = Array.from(
      { length: 12 },
      () =>
        `    ${name()} = ${name()}(${name()}, ${name()}.${name()}) if ${name()} > ${
          random.below(1000)
        } else ${name()}\n`
    )
    return `def ${name()}(${name()}, ${name()}):\n${lines.join("")}    return ${name()}\n`
  }
  /** A project, and a copy of it in which one name of each function is another one. */
  const trees = [0, 1, 2].map((step) =>
    Object.fromEntries(["a", "b", "c", "d", "e", "f", "g", "h"].map((name) => [
      `src/${name}.py`,
      Array.from({ length: 2 + step }, (_, part) => functionOf(`${name}${part}_`)).join("\n\n")
    ]))
  )
  const copied = trees.map((tree) =>
    Object.fromEntries(
      Object.entries(tree).map((
        [path, text]
      ) => [path.replace("src", "lib"), text.replaceAll(/def \w+/g, "def renamed")])
    )
  )
  const repositories = { "/shop": repositoryOf("shop", trees), "/fork": repositoryOf("fork", copied) }

  const requestOf = Effect.fnUntraced(function*(choices: Partial<Choices<typeof asked>>) {
    const answers = yield* answersChosen(asked, {
      repositories: Object.keys(repositories),
      output: "/rows",
      datasetType: ["both", "sft"],
      format: "PSM",
      split: 0.6,
      maxRepeats: 1000,
      nearDuplicates: false,
      ...choices
    })
    return (yield* generateRequestOf(answers, { version: "1", keepRejected: false })).request
  })
  const rowsOf = (choices: Partial<Choices<typeof asked>>) => {
    const memory = makeMemory(repositories)
    return requestOf(choices).pipe(
      Effect.flatMap((request) => runGenerate(request, () => Effect.void)),
      Effect.provide(memory.layer),
      Effect.map(({ ledger }) => ({ ledger, files: memory.filesOf("/rows") }))
    )
  }
  const drawn = (choices: Partial<Choices<typeof asked>>) =>
    requestOf(choices).pipe(
      Effect.flatMap((request) => Stream.runCollect(drawExamples(request, () => Effect.void))),
      Effect.provide(makeMemory(repositories).layer),
      Effect.map((records) => [...records])
    )
  const types = ["sft", "kto", "dpo"] as const
  const linesOfType = (files: Readonly<Record<string, string>>, type: typeof types[number]): Array<string> =>
    Object.values(datasetShapes[type].files)
      .flatMap((stem) => files[tableNamed(stem)]?.split("\n") ?? []).filter((line) => line !== "")

  /** Says which mates go, by the rule as it is told: as slow as it is plain. */
  const ruledOut = (records: ReadonlyArray<PooledRecord>) => {
    const compared = records.flatMap(({ mate, pool, signature }) =>
      signature === undefined ? [] : [{ mate, isHeld: !pool.startsWith("train"), bytes: Buffer.from(signature, "hex") }]
    )
    const clusterOf = new Map(compared.map((one) => [one, new Set([one])]))
    for (const one of compared) {
      for (const other of compared) {
        const equal = one.bytes.map((byte, at) => Number(byte === other.bytes[at]))
        const isTwin = equal.reduce((sum, bit) => sum + bit, 0) >= fewestEqualBytes &&
          Array.from({ length: signatureBytes / bandBytes }, (_, band) => bandBytes * band).some((from) =>
            equal.subarray(from, from + bandBytes).every((bit) => bit === 1)
          )
        const [mine, theirs] = [clusterOf.get(one)!, clusterOf.get(other)!]
        if (!isTwin || mine === theirs) continue
        for (const member of theirs) clusterOf.set(member, mine.add(member))
      }
    }
    const staying = [...new Set(clusterOf.values())].map((cluster) =>
      [...cluster].sort((a, b) => Number(b.isHeld) - Number(a.isHeld) || (a.mate < b.mate ? -1 : 1))[0]!
    )
    return new Set(compared.filter((one) => !staying.some(({ mate }) => mate === one.mate)).map(({ mate }) => mate))
  }

  it.effect("writes exactly the rows that the rule leaves, wrong ones with the right ones of their places", () =>
    Effect.gen(function*() {
      const all = yield* drawn({})
      const { files, ledger } = yield* rowsOf({})
      const metadata = JSON.parse(files["metadata.json"] ?? "")
      for (const type of types) {
        const ofType = all.filter(({ pool }) => pool.includes(`_${type}`))
        const gone = ruledOut(ofType)
        assert.isAbove(gone.size, 40, type)
        const staying = ofType.filter(({ mate }) => !gone.has(mate)).map(({ json }) => decoder.decode(json))
        const written = linesOfType(files, type)
        assert.deepStrictEqual(written.sort(), staying.sort(), type)
        const told = metadata.near_duplicates[type]
        assert.strictEqual(told.left_out, gone.size)
        assert.isAbove(told.beside_held_out, 0)
        assert.isAbove(told.clusters, 20)
        assert.isAtLeast(told.largest, 2)
      }
      const { leftOut } = ledger["rows"]!
      assert.isAbove(leftOut["near-duplicate"] ?? 0, 0)
      assert.isAbove(leftOut["near-duplicate of a held-out row"] ?? 0, 0)
    }))

  it.effect("finds the copy of a project, and leaves all other rows as they are", () =>
    Effect.gen(function*() {
      const usual = yield* rowsOf({ nearDuplicates: true })
      const without = yield* rowsOf({})
      const alone = yield* rowsOf({ repositories: ["/shop"] })
      assert.isUndefined(JSON.parse(usual.files["metadata.json"] ?? "").near_duplicates)
      for (const type of types) {
        const before = new Set(linesOfType(usual.files, type))
        const after = linesOfType(without.files, type)
        for (const line of after) assert.isTrue(before.has(line), line)
        // The copy is cut in other places, so it may show what the project alone does not.
        assert.isBelow(after.length, 1.2 * linesOfType(alone.files, type).length, type)
        assert.isBelow(after.length, 0.5 * before.size, type)
      }
    }))

  it.effect("reads no signature where nobody asks for one", () =>
    Effect.gen(function*() {
      for (const record of yield* drawn({ nearDuplicates: true })) assert.notProperty(record, "signature")
    }))
})
