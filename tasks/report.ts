/** `pnpm task report`: a page of figures, a dataset card, and the measures that a dataset is judged by. */
import { asked } from "./report/asked.ts"
import { taskOf } from "./shared/asked/command.ts"

export const task = taskOf(asked, async () => (await import("./report/handle.ts")).handle)
