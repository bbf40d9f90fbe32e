/** A folder for temporary files that cannot be made, in words that a user can act on. */
import { systemWords } from "./system-words.ts"

/** Returns why no folder can be made among the temporary files, and what helps. */
export const noTemporaryFolder = (parent: string, cause: unknown): string =>
  `no temporary folder can be made in ${parent}: ${systemWords(cause)}; ${temporaryAdvice}`

/** What helps where nothing can be written among the temporary files. */
export const temporaryAdvice = "set TMPDIR to a folder that can be written to"
