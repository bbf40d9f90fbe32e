/** Hostile answers, documents and questions: an edit that fits the document, or none, and the session goes on. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TextDocument } from "vscode-languageserver-textdocument"
import { dialects } from "../../../services/next-edit/dialects/all.ts"
import { randomOf } from "../../../services/text/random.ts"
import { makeEditor, said, scriptedModel, toldWorkspace } from "../../support/edit-session.ts"
import { startSession } from "../../support/session.ts"

const seed = 20261127
const random = randomOf("edits", seed)
const one = <A>(values: ReadonlyArray<A>): A => values[random.below(values.length)] as A

const lines = ["def area(w):\n", "    return w\n", "\n", "x = '🙂é'\n", "    if w: pass\r\n", "\t}\n", "# a\rb\n"]
const documentOf = () => Array.from({ length: random.below(60) }, () => one(lines)).join("") + one(["", "end"])

/** An answer made of the region that was shown, marks, line ends of every kind, and what no text holds. */
const answerTo = (prompt: string, controls: ReadonlyArray<string>): string => {
  const from = random.below(prompt.length + 1)
  const piece = prompt.slice(from, from + random.below(200))
  const odd = [
    "\0",
    "\ud800",
    "\r",
    "\r\n",
    "\n",
    "NO_EDITS\n",
    "KEEP_PREVIOUS",
    "```\n",
    ">>>>>>> UPDATED\n",
    "=======\n"
  ]
  const tags = ["<|marker_1|>", "<|marker_2|>", "<|marker_99|>", "<|marker_|>", "<|user_cursor|>", ...controls]
  const parts = Array.from(
    { length: random.below(6) },
    () => one<() => string>([() => piece, () => one(odd), () => one(tags), () => one(lines), () => ""])()
  )
  return parts.join("") + one(["", "\n", "\n>>>>>>> UPDATED\n", "<|marker_2|>", "<|im_end|>"])
}

const open = async (dialect: typeof dialects[number], answer: (prompt: string) => string) => {
  const model = scriptedModel({ dialect }, (question) => {
    const prompt = question.asked._tag === "raw" ? question.asked.prompt : ""
    return Effect.succeed(said(answer(prompt), one(["stop", "stop", "unknown", "length"] as const)))
  })
  const session = startSession({ edits: model }, () => Effect.succeed(toldWorkspace(() => [])))
  await session.ask("initialize", { rootUri: "file:///project", capabilities: {} })
  return session
}

describe.each(dialects.map((dialect) => [dialect.name, dialect] as const))(`%s, seed ${seed}`, (_, dialect) => {
  it("offers what fits the document and changes it, whatever the model says", async () => {
    const session = await open(dialect, (prompt) => answerTo(prompt, dialect.controls))
    const editor = makeEditor(session)
    let offered = 0
    for (let at = 0; at < 300; at++) {
      const path = one(["a.py", "b.ts", "notes"])
      editor.open(path, documentOf())
      editor.edit(path, documentOf())
      const text = editor.textOf(path) ?? ""
      const place = editor.at(path, random.below(text.length + 1))
      const document = TextDocument.create(place.textDocument.uri, "", place.textDocument.version ?? 0, text)
      const { edits } = (await session.ask("textDocument/copilotInlineEdit", place)).result
      const { items } = (await session.ask("textDocument/inlineCompletion", place)).result
      for (const { range, text: fresh, textDocument: { version } } of edits) {
        offered++
        assert.strictEqual(version, document.version)
        const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)]
        assert.deepStrictEqual([document.positionAt(start), document.positionAt(end)], [range.start, range.end])
        assert.notStrictEqual(document.getText(range), fresh)
        assert.isFalse(/\p{Surrogate}/u.test(fresh))
        for (const control of dialect.controls) {
          const before = text.split(control).length
          const after = (text.slice(0, start) + fresh + text.slice(end)).split(control).length
          assert.isAtMost(after, before, control)
        }
        // Line ends are the document's own.
        assert.isFalse(!text.includes("\r\n") && fresh.includes("\r"))
      }
      for (const { range: { end, start } } of items) {
        assert.deepStrictEqual([start.line, end.line], [place.position.line, place.position.line])
        assert.isTrue(start.character <= place.position.character && place.position.character <= end.character)
      }
    }
    assert.isAbove(offered, 0)
    await session.close()
  }, 60_000)

  it("answers in a buffer of a megabyte", async () => {
    const session = await open(dialect, () => "x")
    const editor = makeEditor(session)
    const long = "def area(width, height):\n    return width * height\n\n".repeat(20_000)
    const oneLine = `x = "${"é".repeat(1_000_000)}"\n`
    for (const text of [long, oneLine]) {
      editor.open("long.py", text)
      for (let key = 1; key <= 3; key++) editor.edit("long.py", `${"y".repeat(key)}\n${text}`)
      const { result } = await session.ask("textDocument/copilotInlineEdit", editor.at("long.py", text.length >> 1))
      assert.isArray(result.edits)
    }
    await session.close()
  }, 60_000)
})

describe("questions that make no sense", () => {
  it("are refused by name or answered without an edit, and the session goes on", async () => {
    const session = await open(dialects[0] as typeof dialects[number], () => "x")
    const values = () =>
      one([null, 1, -1, 1.5, "a", {}, [], { line: -1, character: 0 }, { line: 1e9, character: 1e9 }, {
        uri: "file:///project/a.py"
      }])
    for (let at = 0; at < 500; at++) {
      const params = {
        ...(random.below(4) > 0 ? { textDocument: one([{ uri: "file:///project/a.py" }, values()]) } : {}),
        ...(random.below(4) > 0 ? { position: one([{ line: 0, character: 0 }, values()]) } : {}),
        ...(random.below(2) > 0
          ? { context: one([{ triggerKind: 1 }, { selectedCompletionInfo: values() }, values()]) }
          : {})
      }
      const method = one([
        "textDocument/copilotInlineEdit",
        "textDocument/inlineCompletion",
        "workspace/executeCommand"
      ])
      const { error, result } = await session.ask(method, params)
      if (error !== undefined) assert.include([-32602, -32600], error.code)
      else assert.include([JSON.stringify({ edits: [] }), JSON.stringify({ items: [] })], JSON.stringify(result))
    }
    await session.close()
  })
})
