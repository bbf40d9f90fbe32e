/** The scripts of a Vim that runs one attempt behind a terminal. */
import type { VimOptionsName } from "../../../services/keys/vim-options.ts"
import type { Attempt } from "../../../services/Sandbox.ts"
import attemptScript from "../attempt.vim"
import { optionsScript } from "../options/options-script.ts"
import { renderAttemptByKey, renderSession } from "../report.ts"
import { fillScript } from "../vim-script.ts"
import record from "./record.vim"
import say from "./say.vim"
import type from "./type.vim"

/** What a script of a session is made for. */
export interface SessionScript {
  readonly options: VimOptionsName
  /** Of the text, as Vim finds it. */
  readonly path: string
  readonly attempt: Attempt
  readonly nonce: string
}

/** Returns the script that opens a file, types an attempt into it, and reports. */
export const typeScript = ({ attempt, nonce, options, path }: SessionScript): string =>
  fillScript([attemptScript, optionsScript[options], say, type], { path, attempt: renderSession(attempt, nonce) })

/** Returns the script that types an attempt key by key and says where each begins; see recording.ts. */
export const recordScript = ({ attempt, nonce, options, path }: SessionScript): string =>
  fillScript([attemptScript, optionsScript[options], say, record], {
    path,
    attempt: renderAttemptByKey(attempt, nonce)
  })
