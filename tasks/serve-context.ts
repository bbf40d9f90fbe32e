/** `pnpm task serve-context`: cross-file context for editors, over JSON-RPC, from the index that makes training rows. */
import { asked } from "./serve-context/asked.ts"
import { taskOf } from "./shared/asked/command.ts"

export const task = taskOf(asked, async () => (await import("./serve-context/handle.ts")).handle)
