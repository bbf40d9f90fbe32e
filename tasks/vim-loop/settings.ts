/** What a run of vim-loop is asked, checked and complete. */
import type { SplitSettings } from "../../services/history/split.ts"
import type { VimOptionsName } from "../../services/keys/vim-options.ts"

export interface EditSettings {
  /** Changed lines of an edit at the most. */
  readonly maxLines: number
  /** UTF-16 units of each of its texts at the most. */
  readonly maxChars: number
  /** Levels of the syntax tree of a file: one that nests deeper is left out. */
  readonly maxNesting: number
}

export interface VimLoopSettings extends EditSettings, SplitSettings {
  /** So many edits are drawn at the most; null for all. */
  readonly maxEdits: number | null
  readonly rounds: number
  /** Candidates for one edit in one round. */
  readonly candidates: number
  /** Solved edits that a model is shown. */
  readonly examples: number
  /** Wrong variants of a right answer that are looked for where a predictor gave none. */
  readonly nearMisses: number
  /** Tokens that all requests may take together; null for no bound. */
  readonly tokenBudget: number | null
  /** Options of the Vim that keys are tried in. */
  readonly vimOptions: VimOptionsName
}
