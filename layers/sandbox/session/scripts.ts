/** The scripts of a Vim that runs one attempt behind a terminal. */
import type { Attempt } from "../../../services/Sandbox.ts"
import attemptScript from "../attempt.vim"
import { renderAttemptByKey, renderSession } from "../report.ts"
import { fillScript } from "../vim-script.ts"
import record from "./record.vim"
import say from "./say.vim"
import type from "./type.vim"

/** Returns the script that opens a file, types an attempt into it, and reports. */
export const typeScript = (path: string, attempt: Attempt, nonce: string): string =>
  fillScript([attemptScript, say, type], { path, attempt: renderSession(attempt, nonce) })

/** Returns the script that types an attempt key by key and says where each begins; see recording.ts. */
export const recordScript = (path: string, attempt: Attempt, nonce: string): string =>
  fillScript([attemptScript, say, record], { path, attempt: renderAttemptByKey(attempt, nonce) })
