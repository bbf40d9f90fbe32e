/** `pnpm task view`: look at the rows of a dataset, in the terminal or in a browser. */
import { asked } from "./view/asked.ts"
import { taskOf } from "./shared/asked/command.ts"

export const task = taskOf(asked, async () => (await import("./view/handle.ts")).handle)
