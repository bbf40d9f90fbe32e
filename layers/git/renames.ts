/**
 * Renames of edited files in commits that rename so many that git gives up comparing each with each. Here a file is
 * compared only with those that share lines with it which few others have, and with those of its name, so that the work
 * grows with the number of files and not with its square. What counts as a rename is what counts for git.
 */
import type { FileChange } from "../../services/Git.ts"

/** Git compares as long as added times deleted files do not exceed the square of this. It is git's own default. */
export const renameLimit = 1000

/** Reads blobs of at most `mostBytes`, in the order asked; null for one that is larger or not there. */
export type BlobReader = (ids: ReadonlyArray<string>, mostBytes: number) => Promise<ReadonlyArray<Uint8Array | null>>

/** Larger files are data. */
const mostBytes = 1024 * 1024

/** More files than that of one commit are not compared. */
const mostCompared = 50_000

/** How many blobs are read at once; only what is made of them is kept. */
const batchSize = 256

/** How many lines stand for a file where those that are like it are looked for. */
const linesOfFile = 24

/** A line that more of the deleted files have tells nothing. */
const mostSharing = 16

/** How many deleted files each added one is compared with. */
const mostCandidates = 12

/** Half of the larger file must be the same, as git has it. */
const leastAlike = 0.5

/** Whether a commit of these changes had too many of them for git to look for renames of edited files. */
export const isBeyondGit = (changes: ReadonlyArray<FileChange>): boolean => {
  let added = 0
  let deleted = 0
  for (const { status } of changes) {
    if (status === "added") added++
    else if (status === "deleted") deleted++
  }
  return added * deleted > renameLimit * renameLimit
}

/** Whether a commit has more files than are compared here. */
export const isBeyondUs = (changes: ReadonlyArray<FileChange>): boolean =>
  changes.filter(({ status }) => status === "added" || status === "deleted").length > 2 * mostCompared

/** Returns the changes with each rename in place of what was added and deleted. */
export const pairRenames = async (
  changes: ReadonlyArray<FileChange>,
  read: BlobReader
): Promise<ReadonlyArray<FileChange>> => {
  const added = await signaturesOf(changes.filter(({ status }) => status === "added"), ({ newBlob }) => newBlob, read)
  const deleted = await signaturesOf(
    changes.filter(({ status }) => status === "deleted"),
    ({ oldBlob }) => oldBlob,
    read
  )
  const renames = match(added, deleted)
  const gone = new Set([...renames.values()].map(({ path }) => path))
  return changes.flatMap((change): ReadonlyArray<FileChange> => {
    if (change.status === "deleted" && gone.has(change.path)) return []
    const from = change.status === "added" ? renames.get(change.path) : undefined
    return [from === undefined ? change : { ...change, status: "renamed", oldPath: from.path, oldBlob: from.oldBlob }]
  })
}

interface Signed {
  readonly change: FileChange
  readonly size: number
  /** A number for each line, or piece of a long one, with its length in it; sorted. */
  readonly pieces: Float64Array
}

const signaturesOf = async (
  changes: ReadonlyArray<FileChange>,
  blobOf: (change: FileChange) => string | null,
  read: BlobReader
): Promise<ReadonlyArray<Signed>> => {
  const files = changes.filter(({ kind }) => kind === "file").slice(0, mostCompared)
  const signed: Array<Signed> = []
  for (let from = 0; from < files.length; from += batchSize) {
    const batch = files.slice(from, from + batchSize)
    const blobs = await read(batch.map((change) => blobOf(change) ?? ""), mostBytes)
    for (const [place, change] of batch.entries()) {
      const bytes = blobs[place] ?? null
      if (bytes !== null && bytes.length > 0) signed.push({ change, size: bytes.length, pieces: piecesOf(bytes) })
    }
  }
  return signed
}

/** Lines are cut into pieces of this many bytes, as git does. */
const mostPieceBytes = 64

const piecesOf = (bytes: Uint8Array): Float64Array => {
  const pieces: Array<number> = []
  let hash = 0x811c9dc5
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    hash = Math.imul(hash ^ byte, 0x01000193)
    length++
    if (byte !== 10 && length < mostPieceBytes && at < bytes.length - 1) continue
    pieces.push((mixed(hash) * mostPieceBytes) + length - 1)
    hash = 0x811c9dc5
    length = 0
  }
  return Float64Array.from(pieces).sort()
}

/** Spreads a hash, so that its smallest values are drawn from all lines alike. */
const mixed = (hash: number): number => {
  const half = Math.imul(hash ^ (hash >>> 16), 0x7feb352d)
  const whole = Math.imul(half ^ (half >>> 15), 0x846ca68b)
  return (whole ^ (whole >>> 16)) >>> 0
}

/** Returns which share of the larger file is in the other one too. */
const likeness = (one: Signed, other: Signed): number => {
  let shared = 0
  let at = 0
  for (const piece of one.pieces) {
    while (at < other.pieces.length && (other.pieces[at] ?? 0) < piece) at++
    if (other.pieces[at] !== piece) continue
    shared += piece % mostPieceBytes + 1
    at++
  }
  return shared / Math.max(one.size, other.size)
}

/** The lines that stand for a file: the smallest of its numbers, each once, which files that are alike share. */
const sampleOf = ({ pieces }: Signed): ReadonlyArray<number> => {
  const sample: Array<number> = []
  for (const piece of pieces) {
    if (sample[sample.length - 1] !== piece) sample.push(piece)
    if (sample.length === linesOfFile) break
  }
  return sample
}

/** "a/b/parser.test.js" gives "parser". */
const stemOf = (path: string): string => {
  const name = path.slice(path.lastIndexOf("/") + 1)
  const dot = name.indexOf(".", 1)
  return (dot === -1 ? name : name.slice(0, dot)).toLowerCase()
}

const addTo = <Key>(index: Map<Key, Array<number>>, key: Key, place: number): void => {
  const places = index.get(key)
  if (places === undefined) index.set(key, [place])
  else if (places.length <= mostSharing) places.push(place)
}

/** Finds for each added path the deletion that it is a rename of; the most alike first, each once. */
const match = (added: ReadonlyArray<Signed>, deleted: ReadonlyArray<Signed>): ReadonlyMap<string, FileChange> => {
  const byPiece = new Map<number, Array<number>>()
  const byStem = new Map<string, Array<number>>()
  for (const [place, file] of deleted.entries()) {
    for (const piece of sampleOf(file)) addTo(byPiece, piece, place)
    addTo(byStem, stemOf(file.change.path), place)
  }
  const pairs: Array<
    { readonly from: Signed; readonly to: Signed; readonly alike: number; readonly isNamesake: boolean }
  > = []
  for (const to of added) {
    const stem = stemOf(to.change.path)
    const votes = new Map<number, number>()
    const vote = (places: ReadonlyArray<number> | undefined) => {
      if (places === undefined || places.length > mostSharing) return
      for (const place of places) votes.set(place, (votes.get(place) ?? 0) + 1)
    }
    vote(byStem.get(stem))
    for (const piece of sampleOf(to)) vote(byPiece.get(piece))
    const candidates = [...votes].sort(([a, some], [b, more]) => more - some || a - b).slice(0, mostCandidates)
    for (const [place] of candidates) {
      const from = deleted[place]
      if (from === undefined) continue
      const alike = likeness(from, to)
      if (alike >= leastAlike) pairs.push({ from, to, alike, isNamesake: stemOf(from.change.path) === stem })
    }
  }
  pairs.sort((a, b) => b.alike - a.alike || Number(b.isNamesake) - Number(a.isNamesake))
  const renames = new Map<string, FileChange>()
  const taken = new Set<string>()
  for (const { from, to } of pairs) {
    if (renames.has(to.change.path) || taken.has(from.change.path)) continue
    renames.set(to.change.path, from.change)
    taken.add(from.change.path)
  }
  return renames
}
