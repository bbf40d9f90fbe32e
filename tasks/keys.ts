/** `pnpm task keys`: types keystrokes into a text, in a sandboxed Vim, and gives the text back. */
import { asked } from "./keys/asked.ts"
import { commandOf } from "./shared/asked/command.ts"

export const command = commandOf(asked, async () => (await import("./keys/handle.ts")).handle)
