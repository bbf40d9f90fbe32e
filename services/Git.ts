/** Git: a repository's history as a list of changes, its trees, and its blobs. Reads only. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import { ExitCode } from "./faults/exit-code.ts"

/** Opens repositories. */
export class Git extends Context.Tag("retrace/Git")<Git, {
  /**
   * Opens a repository: a path to one, a folder inside one (then only that folder counts), a URL (cloned bare into
   * the cache folder, or brought up to date there), or, with `orFolder`, any folder of files, read as one tree.
   */
  readonly open: (
    location: string,
    options: { readonly orFolder: boolean }
  ) => Effect.Effect<Repository, NotARepository | GitFailed | GitLost, Scope.Scope>
  /**
   * Paths of the files that lie in a folder now, relative to it and in order: those that a repository around it tracks
   * or would track, or, without one, all that no .gitignore rules out. A tracked file that was deleted is among them.
   */
  readonly workingFiles: (folder: string) => Effect.Effect<ReadonlyArray<string>, NotARepository | GitFailed | GitLost>
}>() {}

/** An open repository. Its processes end with the scope it was opened in. */
export interface Repository {
  /** The normalised origin (host/owner/name) or, without one, the name of the folder; never a path. */
  readonly name: string
  /** A path on this machine that `open` takes to open the same again, in another thread say, without the network. */
  readonly location: string
  /**
   * Commits reachable from `rev`, newest first by committer date, merges among them without changes; ends when
   * `maxCommits` that are no merges were given. Renames are found by content as git does.
   */
  readonly commits: (range: CommitRange) => Stream.Stream<Commit, NoSuchRevision | GitFailed | GitLost>
  /** The files of a revision, in the order of their paths; `commit` is null for a plain folder. */
  readonly files: (
    rev: string
  ) => Effect.Effect<
    { readonly commit: string | null; readonly files: ReadonlyArray<TreeFile> },
    NoSuchRevision | GitFailed | GitLost
  >
  /** What turns the files of one commit into those of another, in no order; both must be there. */
  readonly treeChanges: (from: string, to: string) => Effect.Effect<ReadonlyArray<TreeChange>, GitFailed | GitLost>
  /** Sizes of blobs in bytes, in the order asked; null for an object that is not there. */
  readonly sizes: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<number | null>, GitFailed | GitLost>
  /** Contents of blobs, in the order asked; null for an object that is not there. */
  readonly blobs: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Uint8Array | null>, GitFailed | GitLost>
}

/** Which commits to read. */
export interface CommitRange {
  readonly rev: string
  readonly maxCommits: number
  /** Dates as git reads them: 2024-01-31, "2 weeks ago"; null for no bound. */
  readonly startDate: string | null
  readonly endDate: string | null
}

/** A commit, and what it changed since its first parent. */
export interface Commit {
  readonly sha: string
  readonly parents: ReadonlyArray<string>
  /** Whether the commit has a parent that this clone does not hold, so that its changes cannot be known. */
  readonly isShallowBoundary: boolean
  /** Committer date, seconds since 1970. */
  readonly seconds: number
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

/** A path of a revision. */
export interface TreeFile {
  readonly path: string
  readonly kind: "file" | "symlink" | "submodule"
  readonly blob: string
}

/** A path of a tree and what lies there now; `blob` is null where nothing does any more. */
export interface TreeChange {
  readonly path: string
  readonly kind: "file" | "symlink" | "submodule"
  readonly blob: string | null
}

/** There is no repository at the location, or a URL that cannot be cloned. */
export class NotARepository extends Schema.TaggedError<NotARepository>()("NotARepository", {
  location: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.MissingInput
  override get message() {
    return `Cannot open "${this.location}" as a git repository: ${this.detail}`
  }
}

/** The revision does not exist; in a repository without commits none does. */
export class NoSuchRevision extends Schema.TaggedError<NoSuchRevision>()("NoSuchRevision", {
  repository: Schema.String,
  rev: Schema.String
}) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    return `Cannot find revision "${this.rev}" in "${this.repository}": commit something first, or pass another --rev`
  }
}

/** A git process ended before it had answered, by a signal or without a word. Asked again, another one answers. */
export class GitLost extends Schema.TaggedError<GitLost>()("GitLost", {
  command: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.Unavailable
  override get message() {
    return `Cannot finish "git ${this.command}": ${this.detail}`
  }
}

/** Git refused what it was asked, or answered what no git we know answers. */
export class GitFailed extends Schema.TaggedError<GitFailed>()("GitFailed", {
  command: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.Unavailable
  override get message() {
    return `Cannot run "git ${this.command}": ${this.detail}`
  }
}
