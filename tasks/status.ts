/** `pnpm task status`: how far a run has come that machines share. */
import { taskOf } from "./shared/asked/command.ts"
import { asked } from "./status/asked.ts"

export const task = taskOf(asked, async () => (await import("./status/handle.ts")).handle)
