/** Which changes of a history, or files of a revision, a task works on, and on which side of the split each falls. */
import type { SplitSettings } from "./split.ts"
import type { TestAfter } from "./split-in-time.ts"

/** Which files are looked at. */
export interface SelectionSettings {
  /** Lower-case extensions with their dots, or null for all that we know. */
  readonly extensions: ReadonlyArray<string> | null
  /** Names of languages, or null for all. */
  readonly languages: ReadonlyArray<string> | null
  readonly qualityFilter: boolean
  readonly testedOnly: boolean
  /** Globs of paths that are left out, as in .gitignore; none when it is left out. */
  readonly excludedPaths?: ReadonlyArray<string>
}

/** Which changes are looked at, and how they are split. */
export interface HistorySettings extends SelectionSettings, SplitSettings {
  readonly rev: string
  readonly maxCommits: number
  readonly startDate: string | null
  readonly endDate: string | null
  readonly maxFileBytes: number
  /** No revision and no commit has more files. */
  readonly maxFiles: number
  readonly groupBy: "file" | "repo"
  /** E-mail addresses, or "@" and a domain, of authors who are left out; none when it is left out. */
  readonly excludedAuthors?: ReadonlyArray<string>
  /** Splits the history in time; null for a split by groups. */
  readonly testAfter: TestAfter | null
}
