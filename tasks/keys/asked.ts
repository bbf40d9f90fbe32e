/** All that keys can be asked. */
import { declare, toggle } from "../shared/asked/asked.ts"
import { concurrency } from "../shared/asked/common.ts"
import { file, text } from "../shared/asked/kinds.ts"
import { sandboxAsked } from "../shared/asked/sandbox.ts"
import { keysAsked, notation, textAsked } from "../shared/asked/text.ts"

export const asked = declare({
  task: "keys",
  summary: "keystrokes typed into a text, in a Vim that can touch nothing else",
  sentence: "Type keystrokes into a text, in a Vim that can touch nothing else, and print what becomes of it.",
  examples: [
    "--text 'hello world' --keys 'fwcwthere<Esc>'",
    "--source a.py --keys ':%s/x/y/g<CR>'",
    "--batch items.jsonl > outcomes.jsonl"
  ],
  questions: {
    keys: keysAsked,
    notation,
    ...textAsked,
    target: {
      kind: file(),
      heading: "Text",
      help: "File with the wanted text",
      more: "Without --keys, keystrokes that make it are found; with them, the outcome is compared with it."
    },
    targetText: {
      kind: text(),
      heading: "Text",
      help: "The wanted text itself, instead of a file"
    },
    batch: {
      kind: file(),
      heading: "Text",
      help: "JSON Lines instead, each with source and keys",
      more: "A row may have transform in place of keys, and target to be compared with; - reads standard input."
    },
    json: toggle({
      heading: "Output",
      help: "Print the outcome as JSON",
      more: "How it ended, text, mode, cursor and keystrokes."
    }),
    ...sandboxAsked,
    concurrency: { ...concurrency, help: "Vims at a time" }
  }
})
