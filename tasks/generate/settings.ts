/** What a run of generate is asked, checked and complete: the command line and the library both end here. */
import type { Trainer } from "../../services/formats/trainers.ts"
import type { DatasetType } from "../../services/rows/shapes.ts"
import { type Preset, presets } from "../../services/formats/presets.ts"
import type { ContextSource } from "../../services/Index.ts"
import type { FormatShare } from "../../services/formats/format-name.ts"
import type { HistorySettings } from "../../services/history/settings.ts"
import type { EditShares } from "../../services/next-edit/mine.ts"
import type { HygieneSettings } from "./hygiene/settings.ts"
import type { WrongEditShares } from "./next-edits/wrong-edits.ts"

export interface GenerateSettings extends HistorySettings {
  readonly source: "history" | "tree"
  readonly datasetTypes: ReadonlyArray<DatasetType>
  readonly trainer: Trainer
  readonly baseModel: string
  /** How next edits are mined from whole commits; null for rows that are cut from one file at a time. */
  readonly nextEdits: NextEditSettings | null
  /** How cuts are rendered; at least one, unless next edits are mined. */
  readonly formats: ReadonlyArray<FormatShare>
  /** Levels of a syntax tree: what stands deeper is left out. */
  readonly maxNesting: number
  readonly maxMiddleLines: number
  /** UTF-16 units of one example that is cut from a file. */
  readonly maxTotalChars: number
  /** Tokens of one example by the tokenizer, or null. */
  readonly maxTokens: number | null
  /** Path of a tokenizer.json, or null. Its content, not its path, counts for the run's identity. */
  readonly tokenizer: string | null
  /** What rows see of other files, or null for nothing. */
  readonly context: ContextSettings | null
  /** Share of random spans among the cuts. */
  readonly characterShare: number
  /** Places with one right answer, in all rows of a type together. */
  readonly maxRepeats: number
  /** Whether rows that are nearly alike all stay. */
  readonly nearDuplicates: boolean
  readonly curriculum: boolean
  /** Percentage of the hardest rows that is kept, or null for all. */
  readonly curriculumTopPercent: number | null
  /** Whether the reasons of what was left out are also written as rows. */
  readonly keepRejected: boolean
  readonly excludedPaths: ReadonlyArray<string>
  readonly excludedAuthors: ReadonlyArray<string>
  readonly hygiene: HygieneSettings
}

/** How next edits are mined. */
export interface NextEditSettings {
  /** The name of the dialect that they are written in. */
  readonly dialect: string
  /** How often each kind of edit is drawn. */
  readonly targets: EditShares
  /** Share of rows in which nothing is left to do. */
  readonly noEditShare: number
  /** How many earlier commits of its author a commit remembers. */
  readonly history: number
  /** UTF-16 units of one example; null for what the dialect allows. */
  readonly maxTotalChars: number | null
  /** How often each way to go wrong is drawn. */
  readonly wrong: WrongEditShares
}

/** How often each kind of edit is drawn, where nobody says another. */
export const usualTargets: EditShares = { "same line": 3, near: 3, far: 1, "other file": 2 }
/** Share of rows in which nothing is left to do, where nobody says another. */
export const usualNoEditShare = 0.2

/** Share of random spans among the cuts, where nobody says another. */
export const characterShares = { history: 0, tree: 0.1 } as const
/** UTF-16 units of one example that is cut from a file, where nobody says another. */
export const usualTotalChars = 8192
/** The model whose tokens are written, where nobody names one. */
export const usualBaseModel = "qwen2.5-coder"
/** Share of rows without context, where nobody says another. */
export const usualNoContextShare = 0.2

export interface ContextSettings {
  readonly sources: ReadonlyArray<ContextSource>
  /** UTF-16 units. */
  readonly budget: number
  /** Share of rows that get none, so that a model also works where there is none. */
  readonly noContextShare: number
  /** Absolute paths of folders beside the repository; their content, not their paths, counts for the run's identity. */
  readonly includePaths: ReadonlyArray<string>
}

/** Returns the model's preset. The name was checked when the settings were made, so a miss is a bug. */
export const presetOf = (settings: GenerateSettings): Preset => {
  const preset = presets.get(settings.baseModel)
  if (preset === undefined) throw new Error(`no preset "${settings.baseModel}"`)
  return preset
}

/** Whether a batch is done faster by the thread that did the one before it: an index moves through history once. */
export const isContinued = ({ context, source }: GenerateSettings): boolean => context !== null && source === "history"
