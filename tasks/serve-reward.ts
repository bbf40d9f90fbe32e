/** `pnpm task serve-reward`: an HTTP server that types what models answer and says what it is worth. */
import { asked } from "./serve-reward/asked.ts"
import { commandOf } from "./shared/asked/command.ts"

export const command = commandOf(asked, async () => (await import("./serve-reward/serve.ts")).serveReward)
