/** Git: gives the history of a repository as a list of changes, its trees, and its blobs. It only reads. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import { ExitCode } from "./faults/exit-code.ts"
import { withoutPasswordOf, withoutPasswords } from "./text/showable.ts"

/** Opens repositories. */
export class Git extends Context.Tag("retrace/Git")<Git, {
  /**
   * Opens a repository. `location` is a path to one, a folder inside one, of which only that folder counts, or a URL,
   * which is cloned bare into the cache folder or brought up to date there; with `asKept` one that is there is opened as
   * it is, without the network. With `orFolder` it may be any folder of files, which is read as one tree. No tree, and no
   * commit, has more than `mostFiles`, which is `usualMostFiles` when it is left out.
   */
  readonly open: (
    location: string,
    options: { readonly orFolder: boolean; readonly mostFiles?: number; readonly asKept?: boolean }
  ) => Effect.Effect<Repository, NotARepository | TooManyFiles | GitFailed | GitLost, Scope.Scope>
  /**
   * Paths of the files that lie in a folder now, relative to it and in order: those that a repository around it tracks
   * or would track or, without a repository, all that no .gitignore rules out, those of clones inside included. Deleted
   * files are included while they are still tracked. A repository inside a repository is one path with a final slash.
   */
  readonly workingFiles: (
    folder: string,
    mostFiles?: number
  ) => Effect.Effect<ReadonlyArray<string>, NotARepository | TooManyFiles | GitFailed | GitLost>
  /** Sizes in bytes of files that lie in a folder now, in the order asked, or why one is not read. */
  readonly workingSizes: (
    folder: string,
    paths: ReadonlyArray<string>
  ) => Effect.Effect<ReadonlyArray<number | Unreadable>>
  /**
   * Contents of files that lie in a folder now, in the order asked, or why one is not read. Each has `mostBytes` at the
   * most, and its real path lies in the folder's.
   */
  readonly workingContents: (
    folder: string,
    paths: ReadonlyArray<string>,
    mostBytes: number
  ) => Effect.Effect<ReadonlyArray<Uint8Array | Unreadable>>
  /** Takes what was warned of since it was asked for last, each kind once. */
  readonly warnings: Effect.Effect<ReadonlyArray<GitWarning>>
}>() {}

/** Something that git, or whoever asked it, said while all went on; safe to show. */
export interface GitWarning {
  /** One line of a few hundred characters; names and numbers in it are those of the first time. */
  readonly text: string
  readonly count: number
}

/** Why a path of a folder is not read: it leads out of the folder, say, or to a pipe. */
export type Unreadable = "gone" | "outside the folder" | "no regular file" | "too large" | "unreadable"

/** An open repository. Its processes end with the scope that it was opened in. */
export interface Repository {
  /** The normalised origin (host/owner/name) or, without an origin, the name of the folder; never a path. */
  readonly name: string
  /**
   * A path on this machine that opens the same repository again without the network, such as in another thread. That of
   * the clone of a URL is there for as long as the repository is open.
   */
  readonly location: string
  /**
   * Commits that can be reached from `rev`, the newest committer date first. Merges come without changes, and do not
   * count towards `maxCommits`. Renames are found by content, as git finds them.
   */
  readonly commits: (range: CommitRange) => Stream.Stream<Commit, NoSuchRevision | TooManyFiles | GitFailed | GitLost>
  /** Ids of the commits that can be reached from `rev` and not from `base`, merges included. */
  readonly commitsSince: (
    base: string,
    rev: string
  ) => Effect.Effect<ReadonlySet<string>, NoSuchRevision | GitFailed | GitLost>
  /** The files of a revision, in the order of their paths; `commit` is null for a plain folder. */
  readonly files: (
    rev: string
  ) => Effect.Effect<
    { readonly commit: string | null; readonly files: ReadonlyArray<TreeFile> },
    NoSuchRevision | TooManyFiles | GitFailed | GitLost
  >
  /** What turns the files of one commit into those of another, in no particular order; both must be there. */
  readonly treeChanges: (
    from: string,
    to: string
  ) => Effect.Effect<ReadonlyArray<TreeChange>, TooManyFiles | GitFailed | GitLost>
  /**
   * For each place, in the order asked: the files in its folder whose names are wanted or, where there are none, those in
   * the nearest folder above that has any. Links are among them, and no place has any where a tree is not there.
   */
  readonly nearestFiles: (
    places: ReadonlyArray<FilePlace>,
    isWanted: (name: string) => boolean
  ) => Effect.Effect<ReadonlyArray<ReadonlyArray<TreeFile>>, GitFailed | GitLost>
  /** Sizes of blobs in bytes, in the order asked; null for an object that is not there. */
  readonly sizes: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<number | null>, GitFailed | GitLost>
  /** Contents of blobs, in the order asked; null for an object that is not there. */
  readonly blobs: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Uint8Array | null>, GitFailed | GitLost>
  /**
   * Makes sure that a commit is there, given by its whole id. One that the clone of a URL lacks, because its branch was
   * rewritten since another machine read it, is fetched from there.
   */
  readonly ensure: (commit: string) => Effect.Effect<void, CommitGone | GitFailed | GitLost>
}

/** Which commits to read. */
export interface CommitRange {
  readonly rev: string
  readonly maxCommits: number
  /** Dates as git reads them, such as 2024-01-31 or "2 weeks ago"; null for no bound. */
  readonly startDate: string | null
  readonly endDate: string | null
}

/** A commit, and what it changed since its first parent. */
export interface Commit {
  readonly sha: string
  readonly parents: ReadonlyArray<string>
  /** Whether the commit was cut off from its parents, as in a shallow clone, so that its changes cannot be known. */
  readonly isCutOff: boolean
  /** Committer date, seconds since 1970. */
  readonly seconds: number
  /** The author's e-mail address as the commit has it: it tells authors apart, and is written nowhere. */
  readonly author: string
  readonly subject: string
  readonly changes: ReadonlyArray<FileChange>
}

/** What a commit did to one path. */
export interface FileChange {
  readonly status: "added" | "modified" | "deleted" | "renamed" | "copied" | "type-changed" | "other"
  readonly path: string
  /** The path before a rename or copy; otherwise the path. */
  readonly oldPath: string
  readonly kind: "file" | "symlink" | "submodule"
  /** Ids of the blobs; null where the side does not exist. */
  readonly oldBlob: string | null
  readonly newBlob: string | null
}

/** A path at a commit, which is given by its id; null for a plain folder. */
export interface FilePlace {
  readonly commit: string | null
  readonly path: string
}

/** A path of a revision. */
export interface TreeFile {
  readonly path: string
  readonly kind: "file" | "symlink" | "submodule"
  readonly blob: string
  /** Why a file of a plain folder cannot be read, where it cannot. */
  readonly unread?: Unreadable
}

/** A path of a tree and what lies there now; `blob` is null where nothing is left. */
export interface TreeChange {
  readonly path: string
  readonly kind: "file" | "symlink" | "submodule"
  readonly blob: string | null
}

const faults = [
  "no repository there",
  "login needed",
  "not trusted",
  "protocol not allowed",
  "host not reached",
  "connection lost",
  "timed out",
  "server failed",
  "no space left",
  "cache not writable",
  "git failed"
] as const
/** Why a location could not be opened, in the words in which it is counted. */
export type RepositoryFault = (typeof faults)[number]

/** There is no repository at the location, or a URL that cannot be cloned. */
export class NotARepository extends Schema.TaggedError<NotARepository>()("NotARepository", {
  location: Schema.String,
  detail: Schema.String,
  fault: Schema.Literal(...faults).pipe(
    Schema.propertySignature,
    Schema.withConstructorDefault((): RepositoryFault => "no repository there")
  )
}) {
  readonly exitCode = ExitCode.MissingInput
  override get message() {
    return `Cannot open "${withoutPasswords(this.location)}" as a git repository: ${
      withoutPasswordOf(this.location, this.detail)
    }`
  }
}

/** The largest repositories have half as many files. */
export const usualMostFiles = 1_000_000

/** A tree or a commit has more files than the user allows; a few objects are enough to name as many as there are atoms. */
export class TooManyFiles extends Schema.TaggedError<TooManyFiles>()("TooManyFiles", {
  command: Schema.String,
  most: Schema.Number
}) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    return `Cannot finish "git ${this.command}": it names more than ${this.most} files; ` +
      "pass a larger --max-files, or a folder inside the repository"
  }
}

/** The revision does not exist; in a repository without commits none does. */
export class NoSuchRevision extends Schema.TaggedError<NoSuchRevision>()("NoSuchRevision", {
  repository: Schema.String,
  rev: Schema.String,
  /** The flag that names it. */
  flag: Schema.String.pipe(Schema.propertySignature, Schema.withConstructorDefault(() => "--rev"))
}) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    const remedy = `${this.flag === "--rev" ? "commit something first, or " : ""}pass another ${this.flag}`
    return `Cannot find revision "${this.rev}" in "${this.repository}": ${remedy}`
  }
}

/** A commit that was read before is no longer there, nor where it came from. */
export class CommitGone extends Schema.TaggedError<CommitGone>()("CommitGone", {
  repository: Schema.String,
  sha: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    return `Cannot find commit ${this.sha} in "${this.repository}": ${this.detail}`
  }
}

/** A git process ended before it answered, by a signal or without a word. When asked again, another one answers. */
export class GitLost extends Schema.TaggedError<GitLost>()("GitLost", {
  command: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.Unavailable
  override get message() {
    return `Cannot finish "git ${this.command}": ${this.detail}`
  }
}

/** Git refused a request, or gave an answer that no git we know would give. */
export class GitFailed extends Schema.TaggedError<GitFailed>()("GitFailed", {
  command: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.Unavailable
  override get message() {
    return `Cannot run "git ${this.command}": ${this.detail}`
  }
}
