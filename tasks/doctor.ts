/** `pnpm task doctor`: which tools this machine has, and what does not work without the others. */
import { asked } from "./doctor/asked.ts"
import { commandOf } from "./shared/asked/command.ts"

export const command = commandOf(asked, async () => (await import("./doctor/examine.ts")).examine)
