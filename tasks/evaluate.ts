/** `pnpm task evaluate`: whether a model is better on held-out rows than another one. */
import { asked } from "./evaluate/asked.ts"
import { taskOf } from "./shared/asked/command.ts"

export const task = taskOf(asked, async () => (await import("./evaluate/handle.ts")).handle)
