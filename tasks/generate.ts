/** `pnpm task generate`: git history and source trees become fill-in-the-middle and preference data. */
import { asked } from "./generate/asked.ts"
import { commandOf } from "./shared/asked/command.ts"

export const command = commandOf(asked, async () => (await import("./generate/handle.ts")).handle)
