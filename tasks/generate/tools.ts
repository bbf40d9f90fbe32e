/** What the jobs need beyond their input: opened once a thread, by the composition root. */
import type * as Effect from "effect/Effect"
import type { Benchmarks } from "../../services/hygiene/decontamination.ts"
import type { LicenceTexts } from "../../services/hygiene/licence-texts.ts"
import type { ProjectIndex } from "../../services/Index.ts"

import type { BenchmarkFile } from "./hygiene/settings.ts"

export interface ProjectPlace {
  /** What opens the repository on this machine. */
  readonly location: string
  /** Null for a plain folder. */
  readonly commit: string | null
  readonly includePaths: ReadonlyArray<string>
  /** Globs of paths that nothing is shown of. */
  readonly excludedPaths: ReadonlyArray<string>
  /** No commit has more files. */
  readonly mostFiles: number
}

/** What is asked of a project at a commit. */
export type ProjectAt = Pick<ProjectIndex, "context" | "lines">

export type ContextOf = (place: ProjectPlace) => Effect.Effect<ProjectAt, Error>

export interface JobTools {
  /** Moves the index of this thread to a commit, or to a folder's files, and returns what it answers there. */
  readonly contextAt: ContextOf
  /** Knows licences by their texts: about half a second of work, once for each thread. */
  readonly openLicenceTexts: Effect.Effect<LicenceTexts>
  /** Reads the tasks that no row may hold a piece of, once for each thread. */
  readonly openBenchmarks: (files: ReadonlyArray<BenchmarkFile>) => Effect.Effect<Benchmarks, Error>
  /** Returns a counter of tokens for the content of a tokenizer.json at a path. */
  readonly openTokenizer: (path: string) => Effect.Effect<(text: string) => number, Error>
}
