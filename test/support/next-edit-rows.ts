/** Rows of next edits as runs write them, from an invented example: a parameter came, and is not used yet. */
import { renderChatMl } from "../../services/formats/chat-ml.ts"
import type { Dialect } from "../../services/next-edit/dialect.ts"
import type { NextEditExample } from "../../services/next-edit/example.ts"

const before = "def area(w):\n    return w\nprint(area(2))\n"
const now = "def area(w, h):\n    return w\nprint(area(2))\n"

/** The user has given `area` a parameter; what comes next is its use. */
export const areaExample: NextEditExample = {
  file: { path: "src/area.py", text: now },
  cursor: now.indexOf("return w") + "return w".length,
  events: [{ path: "src/unit.py", before: "M = 0\n", after: "M = 1\n" }, { path: "src/area.py", before, after: now }],
  related: [{ path: "src/sides.py", text: "SIDES = 4\n", from: 0, to: 1, fileLines: 1 }],
  ancestors: [],
  wanted: now.replace("return w\n", "return w * h\n"),
  wantedCursor: null
}

/** The example where nothing is left to do. */
export const quietExample: NextEditExample = { ...areaExample, wanted: now }

/** Returns the prompt and the answer of an example as a row holds them. */
export const promptAndAnswer = (dialect: Dialect, example: NextEditExample = areaExample) => {
  const made = dialect.render(example)
  if (made._tag === "refused") throw new Error(made.reason)
  const { completion, prompt, system } = made.rendered
  return system === null
    ? { prompt, completion }
    : { prompt: renderChatMl({ system, user: prompt }), completion: `${completion}<|im_end|>` }
}

/** The metadata of a row. */
export const nextEditMetadata = (dialect: Dialect, kind: string, negative = "") => ({
  repo: "shop",
  filepath: "src/area.py",
  language: "python",
  kind,
  negative,
  format: dialect.name
})
