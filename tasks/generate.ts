/** `pnpm task generate`: git history and source trees become fill-in-the-middle and preference data. */
import { asked } from "./generate/asked.ts"
import { taskOf } from "./shared/asked/command.ts"

export const task = taskOf(asked, async () => (await import("./generate/handle.ts")).handle)
