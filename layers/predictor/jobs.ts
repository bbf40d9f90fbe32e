/** The search as a job: it takes time, so several edits are searched side by side. */
import { job } from "../../services/Compute.ts"
import type { Keystrokes } from "../../services/keys/keystrokes.ts"
import type { VimOptionsName } from "../../services/keys/vim-options.ts"

export interface SearchInput {
  readonly source: string
  readonly target: string
  readonly count: number
  /** Options of the Vim that the keys are for. */
  readonly vimOptions: VimOptionsName
}

export const searchJob = job<SearchInput, ReadonlyArray<Keystrokes>>("predictor.search")
