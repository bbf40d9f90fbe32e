/** Questions that several tasks ask in the same words. */
import { outputFormatNames } from "../../../services/formats/output-format.ts"
import { usualMostFiles } from "../../../services/Git.ts"
import { languageSpelled } from "../../../services/text/language.ts"
import { toggle } from "./asked.ts"
import { file, listOf, number, oneOf, repeated, text, whole } from "./kinds.ts"
import { instant } from "./instant.ts"

export const concurrency = {
  kind: whole({ from: 1 }),
  heading: "Run",
  alias: "j",
  help: "Worker threads",
  otherwise: "one for each core"
} as const

export const quiet = toggle({
  heading: "Run",
  alias: "q",
  help: "No progress and no summary",
  onlyTyped: true
})

export const seed = {
  kind: whole(),
  heading: "Rows",
  help: "Seed of all random choices",
  more: "The same seed and commits give the same bytes, for any number of threads.",
  default: 42
} as const

export const split = {
  kind: number({ from: 0, to: 1 }, "SHARE"),
  heading: "Rows",
  help: "Share of rows to train on",
  more: "Groups of files stay whole, so it is reached as nearly as their sizes allow. 1 holds nothing out.",
  default: 0.9
} as const

export const resume = toggle({
  heading: "Output",
  help: "Go on with the unfinished run"
})

export const overwrite = toggle({
  heading: "Output",
  help: "Replace what an earlier run wrote"
})

export const rejectedFile = {
  kind: file(),
  heading: "Output",
  isRecorded: true,
  help: "Also write what was left out, with reasons"
} as const

export const outputFormat = {
  outputFormat: {
    kind: oneOf(outputFormatNames, { placeholder: "FORMAT" }),
    heading: "Output",
    help: "jsonl or parquet",
    otherwise: "jsonl"
  },
  shardRows: {
    kind: whole({ from: 1 }),
    heading: "Output",
    help: "Rows of a shard; without it, one file",
    more: "Shards are named as the Hugging Face Hub names them."
  }
} as const

/** Which commits of a history are read. */
export const commits = {
  rev: { kind: text("REV"), heading: "Input", help: "Revision to start from", default: "HEAD" },
  maxCommits: {
    kind: whole({ from: 1 }),
    heading: "Input",
    help: "Newest commits to read",
    more: "Merges do not count; the number is for each repository.",
    default: 1000
  },
  startDate: {
    kind: instant("00:00:00"),
    heading: "Input",
    help: "Only commits from this day on (UTC)",
    more: "A day such as 2024-01-31, or a time such as 2024-01-31T12:00:00Z."
  },
  endDate: {
    kind: instant("23:59:59"),
    heading: "Input",
    help: "Only commits up to this day (UTC)"
  }
} as const

/** How deep a file may nest. */
export const maxNesting = {
  kind: whole({ from: 1 }),
  heading: "Input",
  help: "Leave out files nested deeper",
  more: "In levels of the syntax tree. Of 9,536 files that people wrote, the deepest had 570; most have fewer than 30.",
  default: 1000
} as const

/** How many files a tree or a commit may have. */
export const maxFiles = {
  kind: whole({ from: 1 }),
  heading: "Input",
  help: "Most files of a commit",
  more:
    "A commit that has or changes more ends the run: a few objects of git are enough to name more files than memory can hold.",
  default: usualMostFiles,
  isRecorded: false
} as const

/** Repositories, as flag or argument. */
export const repositories = {
  kind: repeated({ ...text("REPOSITORY"), completes: "folders" as const, takes: "a path or a URL of a repository" }),
  heading: "Input",
  flag: "repo",
  alias: "r",
  help: "Repository: a folder, or a URL to clone",
  isRecorded: false
} as const

/** A file that lists repositories. */
export const repos = {
  kind: file(),
  heading: "Input",
  help: "A list of them, a path or URL a line",
  more:
    "A revision may follow, and a # starts a comment. Paths are relative to the folder of the list; what holds blanks stands in quotes. - reads standard input. A repository of the list that cannot be opened is left out and counted.",
  isRecorded: false
} as const

/** A list of some of the languages there are, in any of their usual spellings. */
export const languagesOf = (names: ReadonlyArray<string>) =>
  listOf(
    oneOf(names, {
      placeholder: "LIST",
      spelled: languageSpelled,
      summary: "a language that is listed under --help languages"
    })
  )
