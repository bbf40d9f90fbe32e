/** `pnpm task record`: types keystrokes into a text and writes what the terminal shows as an asciicast. */
import { asked } from "./record/asked.ts"
import { taskOf } from "./shared/asked/command.ts"

export const task = taskOf(asked, async () => (await import("./record/handle.ts")).handle)
