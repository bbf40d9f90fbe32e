/** `pnpm task lintseq`: programs become sequences of edits, each of which leaves a clean state. */
import { asked } from "./lintseq/asked.ts"
import { taskOf } from "./shared/asked/command.ts"

export const task = taskOf(asked, async () => (await import("./lintseq/handle.ts")).handle)
