/** `pnpm task serve-reward`: an HTTP server that types what models answer and says what it is worth. */
import { asked } from "./serve-reward/asked.ts"
import { taskOf } from "./shared/asked/command.ts"

export const task = taskOf(asked, async () => (await import("./serve-reward/serve.ts")).serveReward)
