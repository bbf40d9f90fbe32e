/** `pnpm task view`: look at the rows of a dataset, in the terminal or in a browser. */
import { asked } from "./view/asked.ts"
import { commandOf } from "./shared/asked/command.ts"

export const command = commandOf(asked, async () => (await import("./view/handle.ts")).handle)
