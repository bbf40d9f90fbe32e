/** The history of a repository from one `git log --raw -z`, parsed as it arrives. */
import { once } from "node:events"
import { type Commit, type CommitRange, type FileChange, TooManyFiles } from "../../services/Git.ts"
import { cutOffAmong } from "./cut-off.ts"
import { gitEndingOf, isOverLimit, startGit } from "./git-process.ts"
import { hear } from "./git-warnings.ts"
import { type ObjectReader, openObjectReader } from "./object-reader.ts"
import { type BlobReader, isBeyondGit, isBeyondUs, pairRenames } from "./renames.ts"

const headerMark = "\u0001"
const fieldMark = "\u0002"

export interface HistorySource {
  readonly gitDirectory: string
  /** Only changes below this folder count; it has its final slash, or is "" for all. */
  readonly folder: string
  /** No commit changes more files. */
  readonly mostFiles: number
}

/**
 * Yields batches of commits, newest first. Where an object is missing that rename detection wants to read, the log
 * starts again behind the commits that were already given, and finds exact renames only.
 */
export async function* readCommits(source: HistorySource, range: CommitRange): AsyncGenerator<ReadonlyArray<Commit>> {
  const blobs = openBlobs(source.gitDirectory)
  try {
    for await (const commits of readLog(source, range)) {
      yield await withRenames(await withCutOff(source.gitDirectory, commits), blobs.read)
    }
  } finally {
    blobs.close()
  }
}

async function* readLog(source: HistorySource, range: CommitRange): AsyncGenerator<ReadonlyArray<Commit>> {
  let given = 0
  for (const renames of ["-M", "-M100%"]) {
    const git = startGit({ _tag: "repository", gitDirectory: source.gitDirectory }, [
      "log",
      "--raw",
      "-z",
      "--no-abbrev",
      "--no-color",
      "--no-ext-diff",
      "--ignore-submodules=none",
      "--no-textconv",
      "--no-mailmap",
      "--encoding=UTF-8",
      renames,
      `--format=${headerMark}%H${fieldMark}%P${fieldMark}%ct${fieldMark}%ae${fieldMark}%s`,
      ...(range.startDate === null ? [] : [`--since=${range.startDate}`]),
      ...(range.endDate === null ? [] : [`--until=${range.endDate}`]),
      range.rev,
      "--",
      ...(source.folder === "" ? [] : [`:(top,literal)${source.folder}`])
    ])
    git.child.stdin.end()
    const exited = once(git.child, "close")
    let left = range.maxCommits
    let skip = given
    let signal: NodeJS.Signals | null = null
    try {
      for await (const batch of parseLog(git.child.stdout, source)) {
        const fresh: Array<Commit> = []
        for (const commit of batch) {
          if (left === 0) break
          if (commit.parents.length < 2) left--
          if (skip > 0) skip--
          else fresh.push(commit)
        }
        given += fresh.length
        if (fresh.length > 0) yield fresh
        if (left === 0) return git.succeeded()
      }
      const [code, killed] = await exited
      if (code === 0) return
      signal = killed
    } finally {
      git.child.kill("SIGKILL")
    }
    const words = git.lastWords()
    if (isOverLimit(words) && renames !== "-M") throw new TooManyFiles({ command: "log", most: source.mostFiles })
    if (
      renames !== "-M" || !(isOverLimit(words) || /unable to read|missing|promisor|bad object|not find/i.test(words))
    ) {
      throw gitEndingOf("log", signal, words)
    }
    if (renames === "-M") {
      hear("renames of edited files are not found where an object is missing or does not fit in memory")
    }
  }
}

/** Marks the commits that git shows without a parent although they have one. */
const withCutOff = async (gitDirectory: string, commits: ReadonlyArray<Commit>): Promise<ReadonlyArray<Commit>> => {
  const roots = commits.filter(({ parents }) => parents.length === 0).map(({ sha }) => sha)
  if (roots.length === 0) return commits
  const cutOff = await cutOffAmong(gitDirectory, roots)
  return commits.map((commit) => cutOff.has(commit.sha) ? { ...commit, isCutOff: true } : commit)
}

/** Finds the renames of commits that have too many of them for git. */
const withRenames = async (commits: ReadonlyArray<Commit>, read: BlobReader): Promise<ReadonlyArray<Commit>> => {
  if (!commits.some(({ changes }) => isBeyondGit(changes))) return commits
  const paired: Array<Commit> = []
  for (const commit of commits) {
    if (isBeyondUs(commit.changes)) hear(`commit ${commit.sha} moves so many files that some renames are not found`)
    paired.push(isBeyondGit(commit.changes) ? { ...commit, changes: await pairRenames(commit.changes, read) } : commit)
  }
  return paired
}

/** Reads blobs, by processes that the first question starts. */
const openBlobs = (gitDirectory: string) => {
  let sizes: ObjectReader | undefined
  let contents: ObjectReader | undefined
  const read: BlobReader = async (ids, mostBytes) => {
    sizes ??= openObjectReader(gitDirectory, "sizes")
    contents ??= openObjectReader(gitDirectory, "blobs")
    const found = await sizes.ask(ids)
    const isSmall = ids.map((_, place) => Number(found[place] ?? mostBytes + 1) <= mostBytes)
    const texts = await contents.ask(ids.filter((_, place) => isSmall[place]))
    let next = 0
    return isSmall.map((is) => {
      const text = is ? texts[next++] : null
      return text instanceof Uint8Array ? text : null
    })
  }
  return {
    read,
    close: () => {
      sizes?.close()
      contents?.close()
    }
  }
}

async function* parseLog(
  chunks: AsyncIterable<Buffer>,
  { mostFiles }: HistorySource
): AsyncGenerator<ReadonlyArray<Commit>> {
  let rest: Buffer = Buffer.alloc(0)
  let open: OpenCommit | undefined
  /** Raw records whose paths are still to come. */
  let pending: { readonly meta: ReadonlyArray<string>; readonly paths: Array<string>; wanted: number } | undefined
  for await (const chunk of chunks) {
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const done: Array<Commit> = []
    let from = 0
    for (let stop = data.indexOf(0, from); stop !== -1; stop = data.indexOf(0, from)) {
      const token = data.toString("utf8", from, stop)
      from = stop + 1
      if (pending !== undefined) {
        pending.paths.push(token)
        if (pending.paths.length === pending.wanted) {
          open?.changes.push(changeOf(pending.meta, pending.paths))
          if ((open?.changes.length ?? 0) > mostFiles) throw new TooManyFiles({ command: "log", most: mostFiles })
          pending = undefined
        }
      } else if (token.startsWith(headerMark)) {
        if (open !== undefined) done.push(open)
        open = commitOf(token)
      } else {
        const colon = token.indexOf(":")
        if (colon === -1) continue
        const meta = token.slice(colon + 1).split(" ")
        pending = { meta, paths: [], wanted: /^[RC]/.test(meta[4] ?? "") ? 2 : 1 }
      }
    }
    rest = data.subarray(from)
    if (done.length > 0) yield done
  }
  // If the last commit changed nothing, its header has no NUL behind it.
  const last = rest.toString("utf8")
  if (last.startsWith(headerMark)) {
    if (open !== undefined) yield [open]
    open = commitOf(last)
  }
  if (open !== undefined) yield [open]
}

type OpenCommit = Commit & { readonly changes: Array<FileChange> }

const commitOf = (token: string): OpenCommit => {
  const [sha = "", parents = "", seconds = "0", author = "", ...subject] = token.slice(1).split(fieldMark)
  return {
    sha,
    parents: parents === "" ? [] : parents.split(" "),
    isCutOff: false,
    seconds: Number(seconds),
    author,
    subject: subject.join(fieldMark),
    changes: []
  }
}

const statuses: Readonly<Record<string, FileChange["status"]>> = {
  A: "added",
  M: "modified",
  D: "deleted",
  R: "renamed",
  C: "copied",
  T: "type-changed"
}

const changeOf = (meta: ReadonlyArray<string>, paths: ReadonlyArray<string>): FileChange => {
  const [oldMode = "", newMode = "", oldBlob = "", newBlob = "", status = ""] = meta
  const oldPath = paths[0] ?? ""
  return {
    status: statuses[status[0] ?? ""] ?? "other",
    path: paths[1] ?? oldPath,
    oldPath,
    kind: kindOfMode(newMode === "000000" ? oldMode : newMode),
    oldBlob: blobOrNull(oldBlob),
    newBlob: blobOrNull(newBlob)
  }
}

/** Returns what a file mode of git stands for: 160000 is a commit of another repository, 120000 a symbolic link. */
export const kindOfMode = (mode: string): FileChange["kind"] =>
  mode === "160000" ? "submodule" : mode === "120000" ? "symlink" : "file"

const blobOrNull = (id: string): string | null => (/^0+$/.test(id) ? null : id)
