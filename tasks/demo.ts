/** `pnpm task demo`: every task on a small repository that it builds itself. */
import { asked } from "./demo/asked.ts"
import { commandOf } from "./shared/asked/command.ts"

export const command = commandOf(asked, async () => (await import("./demo/handle.ts")).handle)
