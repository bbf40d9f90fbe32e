/** What serve-context's page shows: an editor's three messages, and what the server answers. */
import { join } from "node:path"
import { retrace } from "./program.ts"
import { withShop } from "./shop.ts"

/** How much of the context is shown, of its last file. */
const shownCharacters = 160

export const sampleSession = (): Promise<string> =>
  withShop(async ({ folder, told }) => {
    const root = join(folder, "shop")
    const content = "from shop.basket import Basket\n\nBasket()."
    const asked = [
      { jsonrpc: "2.0", id: 1, method: "initialize", params: { project_root: root, bm25: true } },
      {
        jsonrpc: "2.0",
        id: 2,
        method: "getContext",
        params: { filepath: join(root, "till.py"), content, cursor_offset: content.length }
      },
      { jsonrpc: "2.0", id: 3, method: "shutdown" }
    ].map((message) => JSON.stringify(message))
    const { stdout } = await retrace({
      folder,
      args: ["serve-context", "--no-cache", "--no-watch"],
      input: asked.map((line) => `${line}\n`).join("")
    })
    const answered = stdout.trim().split("\n").map(shortened)
    const lines = asked.flatMap((line, index) => [`→ ${line}`, `← ${answered[index]}`])
    return `\`\`\`\n${told(lines.join("\n"))}\n\`\`\``
  })

const shortened = (line: string): string => {
  const message = JSON.parse(line)
  const context = message.result?.context
  if (typeof context !== "string") return line
  // What matters most stands nearest to the cursor: at the end.
  const last = context.slice(context.lastIndexOf("# --- "))
  const cut = `…${last.slice(0, last.lastIndexOf("\n", shownCharacters) + 1)}…`
  return JSON.stringify({ ...message, result: { ...message.result, context: cut } })
}
