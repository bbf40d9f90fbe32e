/** `pnpm task vim-loop`: predict keystrokes for real edits, type them in the sandbox, keep and show what worked. */
import { asked } from "./vim-loop/asked.ts"
import { taskOf } from "./shared/asked/command.ts"

export const task = taskOf(asked, async () => (await import("./vim-loop/handle.ts")).handle)
