/** `pnpm task doctor`: which tools this machine has, and what does not work without the others. */
import { asked } from "./doctor/asked.ts"
import { taskOf } from "./shared/asked/command.ts"

export const task = taskOf(asked, async () => (await import("./doctor/examine.ts")).examine)
