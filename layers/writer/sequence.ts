/**
 * Files of JSON Lines that grow in the order of the work. Each is written beside its name and renamed when all is
 * there; a state file says how much of each is safe, so that a run that was interrupted cuts off the rest and goes on.
 */
import { type FileHandle, open, readdir, readFile, rename, rm, stat } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { plainOutput } from "../../services/formats/output-format.ts"
import { addLedger, type Ledger } from "../../services/rows/ledger.ts"
import { CannotWrite, type Sequence, type SequenceRequest } from "../../services/Writer.ts"
import { flushMillis, lock, onDisk, readJson, replaceFile } from "./disk.ts"
import { makeFolder } from "./make-folder.ts"
import { decideOpening } from "./opening.ts"
import { ownFiles } from "./own-files.ts"
import { publish } from "./publish.ts"

interface SequenceState {
  readonly version: 1
  readonly identity: unknown
  readonly next: number
  readonly ledger: Ledger
  /** How many bytes of each file are safe, in the order of the paths. */
  readonly lengths: ReadonlyArray<number>
  /**
   * Names of the files that the first path is written to, and of those that it replaces; each is listed before it
   * exists.
   */
  readonly files: ReadonlyArray<string>
}

/**
 * Where a sequence keeps what is not finished, and what it says about itself in the end; named after its first path.
 */
export const filesOfSequence = (main: string) => ({
  part: `${main}.part`,
  state: `${main}.run.part`,
  metadata: `${main.replace(/\.(?:jsonl|parquet)$/, "")}.metadata.json`
})

export const openSequence = Effect.fn("Writer.openSequence")(function*(request: SequenceRequest) {
  const { paths } = request
  const [main] = paths
  const { metadata: metadataPath, part: mainPart, state: statePath } = filesOfSequence(main)
  for (const path of paths) yield* onDisk(dirname(path), () => makeFolder(dirname(path)))
  yield* lock(`${main}.lock`, main)
  const existing: Array<string> = []
  for (const path of paths) {
    const found = yield* onDisk(path, () => stat(path).catch(() => null))
    if (found?.isDirectory() === true) {
      return yield* new CannotWrite({ path, detail: "it is a folder; name a file in it" })
    }
    if (found !== null) existing.push(path)
  }
  const names = yield* onDisk(dirname(main), () => readdir(dirname(main)))
  const foundState = yield* readJson(statePath)
  const foundMetadata = yield* readJson(metadataPath)
  const sealedFiles = ownFiles(names, undefined, foundMetadata).files
  const begunFiles = ownFiles(names, foundState, undefined).files
  // Shards and Parquet files have other names: only the metadata tells that they are there.
  const isThere = existing.includes(main) || sealedFiles.length > 0 || (request.format?.shardRows ?? null) !== null
  const opening = yield* decideOpening<SequenceState>({ ...request, directory: main }, {
    state: foundState,
    metadata: isThere ? foundMetadata : undefined,
    hasResults: existing.length > 0
  })
  const isSealed = opening._tag === "sealed"
  const state = opening._tag === "resumed" ? opening.state : undefined
  const beside = (name: string) => join(dirname(main), name)
  const remove = async (gone: ReadonlyArray<string>) => {
    for (const path of gone) await rm(path, { force: true })
  }
  // It may have been killed before it removed its own state, and what it replaced.
  if (isSealed) {
    const replaced = begunFiles.filter((name) => !sealedFiles.includes(name)).map(beside)
    yield* onDisk(main, () => remove([...replaced, mainPart, statePath]))
  }
  /** Names of the files that the first path is written to, and of those that it replaces. */
  const own = new Set([...sealedFiles, ...begunFiles])
  const ledger: Ledger = {}
  addLedger(ledger, state?.ledger ?? {})
  const files: Array<FileHandle> = []
  const lengths = paths.map((_, index) => state?.lengths[index] ?? 0)
  for (const [index, path] of isSealed ? [] : paths.entries()) {
    const part = `${path}.part`
    if (state !== undefined) yield* onDisk(part, () => recover(path, part, lengths[index] ?? 0))
    const file = yield* Effect.acquireRelease(
      onDisk(part, () => open(part, state === undefined ? "w" : "a")),
      (file) => Effect.promise(() => file.close().catch(() => undefined))
    )
    yield* onDisk(part, () => file.truncate(lengths[index]))
    files.push(file)
  }
  const turn = yield* Effect.makeSemaphore(1)
  const waiting: Array<Array<Uint8Array>> = paths.map(() => [])
  let waitingBytes = 0
  let next = state?.next ?? 0
  let flushed = yield* Clock.currentTimeMillis

  const writeState = () =>
    replaceFile(statePath, { version: 1, identity: request.identity, next, ledger, lengths, files: [...own] })

  const flush = async () => {
    for (const [index, file] of files.entries()) {
      const data = Buffer.concat(waiting[index] ?? [])
      waiting[index] = []
      if (data.length === 0) continue
      await file.writeFile(data)
      await file.datasync()
      lengths[index] = (lengths[index] ?? 0) + data.length
    }
    waitingBytes = 0
    await writeState()
  }

  const append: Sequence["append"] = (lines, added) =>
    turn.withPermits(1)(Effect.gen(function*() {
      for (const [index, piece] of lines.entries()) {
        waiting[index]?.push(piece)
        waitingBytes += piece.length
      }
      addLedger(ledger, added)
      next++
      const now = yield* Clock.currentTimeMillis
      if (waitingBytes < request.bufferBytes && now - flushed < flushMillis) return
      yield* onDisk(main, flush)
      flushed = now
    }))

  const seal: Sequence["seal"] = (metadata) =>
    turn.withPermits(1)(onDisk(main, async () => {
      await flush()
      await rm(metadataPath, { force: true })
      // The main file gets its name last, together with the metadata that says what it is.
      for (const path of paths.slice(1)) await rename(`${path}.part`, path)
      const published = await publish(mainPart, main, request.format ?? plainOutput, async (announced) => {
        for (const path of announced) own.add(basename(path))
        await writeState()
      })
      const written = published.map((path) => basename(path)).sort()
      await replaceFile(metadataPath, { ...metadata, written })
      const replaced = [...own].filter((name) => !written.includes(name)).map(beside)
      await remove([...replaced, ...replaced.map((path) => `${path}.part`), mainPart, statePath])
    }))

  const written: Sequence["written"] = turn.withPermits(1)(onDisk(main, async () => {
    const pieces: Array<Uint8Array> = []
    for (const [index, path] of paths.entries()) {
      const safe = await readFile(isSealed ? path : `${path}.part`)
      pieces.push(Buffer.concat([isSealed ? safe : safe.subarray(0, lengths[index]), ...(waiting[index] ?? [])]))
    }
    return pieces
  }))

  const discard: Sequence["discard"] = onDisk(main, async () => {
    await remove([...paths.map((path) => `${path}.part`), statePath])
  })

  if (!isSealed && state === undefined) yield* onDisk(statePath, writeState)
  const sequence: Sequence = {
    isSealed,
    isResumed: state !== undefined,
    next,
    ledger: () => ledger,
    written,
    append,
    seal,
    discard
  }
  return sequence
})

/** Gives files their old names again: a run that was killed while files got their names has renamed some already. */
const recover = async (path: string, part: string, length: number): Promise<void> => {
  const sizeOf = (file: string) => stat(file).then(({ size }) => size, () => -1)
  if (await sizeOf(part) === -1 && await sizeOf(path) === length) await rename(path, part)
  if (await sizeOf(part) < length) throw new Error("it is shorter than it was; start again with --overwrite")
}
