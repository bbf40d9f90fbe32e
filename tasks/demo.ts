/** `pnpm task demo`: every task on a small repository that it builds itself. */
import { asked } from "./demo/asked.ts"
import { taskOf } from "./shared/asked/command.ts"

export const task = taskOf(asked, async () => (await import("./demo/handle.ts")).handle)
