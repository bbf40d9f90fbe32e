/** The order of the records of a file: sorted runs are merged, twins are dropped, and pools are interleaved. */
import { type KeySet, keySetOf } from "./key-set.ts"
import { allowAll, type Allowed, allowedOf } from "./repeats.ts"
import { signatureBytes } from "../../services/hygiene/min-hash.ts"
import type { PooledRecord, Table, TableSummary } from "../../services/Writer.ts"

/** A record as it lies in a run: as text what orders it, and as bytes its JSON, which nobody needs to read. */
export type PoolLine = Omit<PooledRecord, "pool">

/** Orders by key, ascending, and records of one key by their bytes, so that the first of twins is always the same. */
export const compareLines = (a: PoolLine, b: PoolLine): number =>
  a.key < b.key ? -1 : a.key > b.key ? 1 : Buffer.compare(a.json, b.json)

const separator = "\t"
/** Between a facet and a source. */
const behindFacet = "\u001f"

/**
 * Returns what stands before the JSON in a line of a run. Neither JSON nor, by contract, the other parts hold a raw tab
 * or line end.
 */
export const renderHead = ({ answers, facet, key, mate, rival, signature, source }: PoolLine): string =>
  key + separator + mate + separator + rival + separator + answers + separator + facet +
  (source === undefined ? "" : behindFacet + source) + separator +
  (signature === undefined ? "" : signature + separator)

/** How many digits a signature has. */
const signatureDigits = 2 * signatureBytes

/** Reads one line of a run; its JSON is a view of `line`. */
export const parseLine = (line: Buffer): PoolLine => {
  const ends = [0, 0, 0, 0, 0]
  let from = 0
  for (let part = 0; part < ends.length; part++) {
    from = line.indexOf(9, from)
    ends[part] = from++
  }
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = ends
  // JSON holds no tab, so one at this place ends a signature.
  const behind = fifth + 1 + signatureDigits
  const isSigned = line[behind] === 9
  const [facet = "", source] = line.toString("utf8", fourth + 1, fifth).split(behindFacet)
  return {
    key: line.toString("latin1", 0, first),
    mate: line.toString("latin1", first + 1, second),
    rival: line.toString("latin1", second + 1, third),
    answers: line.toString("latin1", third + 1, fourth),
    facet,
    ...(source === undefined ? {} : { source }),
    ...(isSigned ? { signature: line.toString("latin1", fifth + 1, behind) } : {}),
    json: line.subarray(isSigned ? behind + 1 : fifth + 1)
  }
}

/** Gives the next line, or undefined after the last one. */
export type LineSource = () => Promise<PoolLine | undefined>

/** A source of lines in memory, which must be sorted. */
export const sourceOf = (lines: ReadonlyArray<PoolLine>): LineSource => {
  let index = 0
  return () => Promise.resolve(lines[index++])
}

/** Merges sorted sources into one, by a binary heap of their heads. */
export const mergeSorted = async (sources: ReadonlyArray<LineSource>): Promise<LineSource> => {
  const heads: Array<{ line: PoolLine; readonly source: LineSource }> = []
  for (const source of sources) {
    const line = await source()
    if (line !== undefined) heads.push({ line, source })
  }
  heads.sort((a, b) => compareLines(a.line, b.line))
  const sink = () => {
    const moved = heads[0]
    if (moved === undefined) return
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const leftHead = heads[left]
      const rightHead = heads[left + 1]
      if (leftHead === undefined) break
      const isRight = rightHead !== undefined && compareLines(rightHead.line, leftHead.line) < 0
      const child = isRight ? rightHead : leftHead
      if (compareLines(moved.line, child.line) <= 0) break
      heads[at] = child
      at = isRight ? left + 1 : left
    }
    heads[at] = moved
  }
  return async () => {
    const head = heads[0]
    if (head === undefined) return undefined
    const line = head.line
    const next = await head.source()
    if (next === undefined) {
      const last = heads.pop()
      if (last !== undefined && last !== head) heads[0] = last
    } else head.line = next
    sink()
    return line
  }
}

/** Reads what a table bars. */
export const barredOf = async (
  table: Pick<Table, "pools" | "apartFrom" | "apartFromAnswers" | "hasRivals" | "repeats" | "reasonAgainst">,
  linesOf: (pool: string) => AsyncIterable<PoolLine>
): Promise<Barred> => {
  const { reasonAgainst = () => undefined } = table
  const staying = async function*(pools: ReadonlyArray<string>) {
    for (const pool of pools) {
      for await (const line of linesOf(pool)) if (reasonAgainst(pool, line.mate) === undefined) yield line
    }
  }
  const pick = async function*(pools: ReadonlyArray<string>, part: (line: PoolLine) => string) {
    for await (const line of staying(pools)) yield part(line)
  }
  const answered = async function*(pools: ReadonlyArray<string>) {
    for await (const { answers } of staying(pools)) if (answers !== "") yield answers
  }
  return {
    mates: await keySetOf(pick(table.apartFrom, ({ mate }) => mate)),
    // A set of keys looks at the last 16 digits, which are the last answer.
    answers: await keySetOf(answered(table.apartFromAnswers ?? [])),
    keys: await keySetOf(pick(table.hasRivals ? table.pools.slice(0, 1) : [], ({ key }) => key)),
    allows: table.repeats === null ? allowAll : await allowedOf(staying(table.repeats.pools), table.repeats.most),
    reasonAgainst
  }
}

export interface ArrangedPool {
  readonly name: string
  readonly lines: LineSource
  /** How many records are in the pool, including twins. */
  readonly count: number
}

export interface Arranged {
  /** Gives the next record of the file. */
  readonly next: () => Promise<PoolLine | undefined>
  readonly leftOut: () => Pick<TableSummary, "twins" | "contradicted" | "shared" | "answered" | "repeated" | "refused">
}

/**
 * What must not be in a file: mates and answers of records in other files, rivals of its own, answers once too often, and
 * what the table was given a reason against.
 */
export interface Barred {
  readonly mates: KeySet
  readonly answers: KeySet
  readonly keys: KeySet
  readonly allows: Allowed
  readonly reasonAgainst: NonNullable<Table["reasonAgainst"]>
}

/** Interleaves the pools in proportion to their sizes, and keeps mates apart where another record can stand between. */
export const arrange = (pools: ReadonlyArray<ArrangedPool>, barred: Barred): Arranged => {
  let twins = 0
  let contradicted = 0
  let shared = 0
  let answered = 0
  let repeated = 0
  const refused: Record<string, number> = {}
  const heads = pools.map((pool) => ({
    pool,
    head: undefined as PoolLine | undefined,
    key: "",
    given: 0,
    isOver: false
  }))
  const peek = async (slot: typeof heads[number]): Promise<PoolLine | undefined> => {
    while (slot.head === undefined && !slot.isOver) {
      const record = await slot.pool.lines()
      if (record === undefined) slot.isOver = true
      else {
        const isTwin = record.key === slot.key
        slot.key = record.key
        const reason = isTwin ? undefined : barred.reasonAgainst(slot.pool.name, record.mate)
        if (isTwin) twins++
        else if (reason !== undefined) refused[reason] = (refused[reason] ?? 0) + 1
        else if (record.rival !== "" && barred.keys.has(record.rival)) contradicted++
        else if (barred.mates.has(record.mate)) shared++
        else if (record.answers !== "" && barred.answers.has(record.answers)) answered++
        else if (!barred.allows(record)) repeated++
        else {
          slot.head = record
          continue
        }
        slot.given++
      }
    }
    return slot.head
  }
  let lastMate = ""
  let held: PoolLine | undefined
  const give = (record: PoolLine) => {
    lastMate = record.mate
    return record
  }
  const next = async (): Promise<PoolLine | undefined> => {
    if (held !== undefined && held.mate !== lastMate) {
      const record = held
      held = undefined
      return give(record)
    }
    // The pool that is furthest behind its share goes first; pools that are level go in their given order.
    const order = heads.slice().sort((a, b) => (a.given + 0.5) / a.pool.count - (b.given + 0.5) / b.pool.count)
    let fallback: typeof heads[number] | undefined
    for (const slot of order) {
      const record = await peek(slot)
      if (record === undefined) continue
      if (record.mate !== lastMate) {
        slot.head = undefined
        slot.given++
        return give(record)
      }
      fallback ??= slot
    }
    const blocked = fallback?.head
    if (fallback !== undefined && blocked !== undefined) {
      fallback.head = undefined
      fallback.given++
      if (held === undefined) {
        held = blocked
        return next()
      }
      return give(blocked)
    }
    const record = held
    held = undefined
    return record === undefined ? undefined : give(record)
  }
  return { next, leftOut: () => ({ twins, contradicted, shared, answered, repeated, refused }) }
}

/** Takes the records of a file in order and sums them up; those within the share go to `write`. */
export const takeShare = async (
  arranged: Arranged,
  limit: number,
  write: (json: Uint8Array) => Promise<void> | void
): Promise<Omit<TableSummary, "bytes" | "files">> => {
  const facets: Record<string, number> = {}
  const sources: Record<string, number> = {}
  let rows = 0
  let past = 0
  for (let record = await arranged.next(); record !== undefined; record = await arranged.next()) {
    if (rows < limit) {
      rows++
      facets[record.facet] = (facets[record.facet] ?? 0) + 1
      if (record.source !== undefined) sources[record.source] = (sources[record.source] ?? 0) + 1
      await write(record.json)
    } else past++
  }
  return { rows, ...arranged.leftOut(), past, facets, sources }
}
