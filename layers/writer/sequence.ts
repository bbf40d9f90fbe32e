/**
 * Files of JSON Lines that grow in the order of the work. Each is written beside its name and renamed when all is
 * there; a state file says how much of each is safe, so that a run that was interrupted cuts off the rest and goes on.
 */
import { type FileHandle, readdir, readFile, rename, rm, stat } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { metadataOfFile, plainOutput } from "../../services/formats/output-format.ts"
import { addLedger, type Ledger } from "../../services/rows/ledger.ts"
import { CannotWrite, type Sequence, type SequenceRequest } from "../../services/Writer.ts"
import { draftOf, exists, flushMillis, onDisk, openOwn, readJson, replaceFile, writeDraft } from "../disk/disk.ts"
import { finishSealing, removeAll } from "./finish-sealing.ts"
import { type Lock, lock } from "./lock.ts"
import { makeFolder } from "../disk/make-folder.ts"
import { decideOpening, isMetadata } from "./opening.ts"
import { ownFiles } from "./own-files.ts"
import { publish } from "./publish.ts"
import { wellFormedLines } from "./well-formed-lines.ts"

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
  metadata: metadataOfFile(main)
})

export const openSequence = Effect.fn("Writer.openSequence")(function*(request: SequenceRequest) {
  const { paths } = request
  const [main] = paths
  const lockPath = `${main}.lock`
  for (const path of paths) yield* onDisk(dirname(path), () => makeFolder(dirname(path)))
  // What is finished, or somebody else's, is not locked: a kill would leave the lock there.
  if (!(yield* onDisk(lockPath, () => exists(lockPath)))) {
    const found = yield* examine(request)
    if (found.opening._tag === "sealed" && found.isTidy) return yield* sequenceIn(request, found)
  }
  const held = yield* lock(lockPath, main)
  const found = yield* examine(request)
  // It may have been killed before it removed its own state, and what it replaced.
  if (found.opening._tag === "sealed") {
    const replaced = found.begunFiles.filter((name) => !found.sealedFiles.includes(name))
    yield* onDisk(main, () => finishSequence(main, replaced, held, found.isNamed))
  }
  return yield* sequenceIn(request, found, held)
})

/** Looks at what lies there: what a sequence may do, and which files are an earlier one's. */
const examine = Effect.fnUntraced(function*(request: SequenceRequest) {
  const { paths } = request
  const [main] = paths
  const { metadata: metadataPath, part, state: statePath } = filesOfSequence(main)
  const existing: Array<string> = []
  for (const path of paths) {
    const found = yield* onDisk(path, () => stat(path).catch(() => null))
    if (found?.isDirectory() === true) {
      return yield* new CannotWrite({ path, detail: "it is a folder; name a file in it" })
    }
    if (found !== null && !found.isFile()) {
      return yield* new CannotWrite({ path, detail: "it is a device or a pipe, and a file would replace it" })
    }
    if (found !== null) existing.push(path)
  }
  const names = yield* onDisk(dirname(main), () => readdir(dirname(main)))
  const state = yield* readJson(statePath)
  const metadata = yield* readJson(metadataPath)
  const draft = yield* readJson(draftOf(metadataPath))
  const sealedFiles = ownFiles(names, undefined, metadata ?? draft).files
  const begunFiles = ownFiles(names, state, undefined).files
  // Shards and Parquet files have other names: only the metadata tells that they are there.
  const isThere = existing.includes(main) || sealedFiles.length > 0 || (request.format?.shardRows ?? null) !== null
  const opening = yield* decideOpening<SequenceState>({ ...request, directory: main }, {
    state,
    metadata: isThere ? metadata : undefined,
    draft: isThere ? draft : undefined,
    hasResults: existing.length > 0
  })
  const needed = [part, draftOf(part), statePath, draftOf(statePath), draftOf(metadataPath)]
  const own = new Set(needed.map((path) => basename(path)))
  const isTidy = !names.some((name) => own.has(name) || name.startsWith(`${basename(main)}.lock`))
  return { opening, sealedFiles, begunFiles, isTidy, isNamed: isMetadata(metadata) }
})

type Found = Effect.Effect.Success<ReturnType<typeof examine>>

/** Ends a sequence whose metadata is written beside its place. */
const finishSequence = (
  main: string,
  replaced: ReadonlyArray<string>,
  held: Lock,
  isNamed: boolean
): Promise<void> => {
  const { metadata, part, state } = filesOfSequence(main)
  const gone = replaced.map((name) => join(dirname(main), name))
  const parts = gone.map((path) => `${path}.part`)
  return finishSealing(metadata, [...gone, ...parts, part, draftOf(part), draftOf(state), state], held, isNamed)
}

const sequenceIn = Effect.fnUntraced(function*(
  request: SequenceRequest,
  { begunFiles, opening, sealedFiles }: Found,
  held?: Lock
) {
  const { paths } = request
  const [main] = paths
  const { metadata: metadataPath, part: mainPart, state: statePath } = filesOfSequence(main)
  const isSealed = opening._tag === "sealed"
  const state = opening._tag === "resumed" ? opening.state : undefined
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
      onDisk(part, () => openOwn(part, state === undefined ? "w" : "a")),
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
      const written = wellFormedLines(lines, added)
      for (const [index, piece] of written.pieces.entries()) {
        waiting[index]?.push(piece)
        waitingBytes += piece.length
      }
      addLedger(ledger, written.ledger)
      next++
      const now = yield* Clock.currentTimeMillis
      if (waitingBytes < request.bufferBytes && now - flushed < flushMillis) return
      yield* onDisk(main, flush)
      flushed = now
    }))

  const seal: Sequence["seal"] = (metadata, arrange) =>
    turn.withPermits(1)(onDisk(main, async () => {
      await flush()
      if (arrange !== undefined) await replaceBytes(mainPart, arrange(await readFile(mainPart)))
      await rm(metadataPath, { force: true })
      // The main file gets its name last, together with the metadata that says what it is.
      for (const path of paths.slice(1)) await rename(`${path}.part`, path)
      const published = await publish(mainPart, main, request.format ?? plainOutput, async (announced) => {
        for (const path of announced) own.add(basename(path))
        await writeState()
      })
      const written = published.map((path) => basename(path)).sort()
      await writeDraft(metadataPath, { ...metadata, written })
      const replaced = [...own].filter((name) => !written.includes(name))
      if (held !== undefined) await finishSequence(main, replaced, held, false)
    }))

  const written: Sequence["written"] = turn.withPermits(1)(onDisk(main, async () => {
    const pieces: Array<Uint8Array> = []
    for (const [index, path] of paths.entries()) {
      const safe = await readFile(isSealed ? path : `${path}.part`)
      pieces.push(Buffer.concat([isSealed ? safe : safe.subarray(0, lengths[index]), ...(waiting[index] ?? [])]))
    }
    return pieces
  }))

  const discard: Sequence["discard"] = onDisk(
    main,
    () => removeAll([...paths.map((path) => `${path}.part`), statePath])
  )

  if (!isSealed && state === undefined) {
    yield* onDisk(statePath, async () => {
      await writeState()
      // What a sequence of other options had written when it was killed, which now is this one's to replace.
      await rm(draftOf(metadataPath), { force: true })
    })
  }
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

/** Replaces the bytes of a file by as many others. */
const replaceBytes = async (path: string, bytes: Uint8Array): Promise<void> => {
  const file = await openOwn(draftOf(path), "w")
  try {
    await file.writeFile(bytes)
    await file.datasync()
  } finally {
    await file.close()
  }
  await rename(draftOf(path), path)
}

/** Gives files their old names again: a run that was killed while files got their names has renamed some already. */
const recover = async (path: string, part: string, length: number): Promise<void> => {
  const sizeOf = (file: string) => stat(file).then(({ size }) => size, () => -1)
  if (await sizeOf(part) === -1 && await sizeOf(path) === length) await rename(path, part)
  if (await sizeOf(part) < length) throw new Error("it is shorter than it was; start again with --overwrite")
}
