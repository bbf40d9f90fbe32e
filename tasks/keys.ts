/** `pnpm task keys`: types keystrokes into a text, in a sandboxed Vim, and gives the text back. */
import { asked } from "./keys/asked.ts"
import { taskOf } from "./shared/asked/command.ts"

export const task = taskOf(asked, async () => (await import("./keys/handle.ts")).handle)
