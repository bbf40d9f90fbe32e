/** Edits that editors are offered: what the model is asked, what of its answers is shown, and what ends a question. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import { CompleterUnavailable, type ModelQuestion } from "../../../services/Completer.ts"
import type { EditMoment } from "../../../services/next-edit/example.ts"
import { instinct } from "../../../services/next-edit/dialects/instinct.ts"
import { sweep } from "../../../services/next-edit/dialects/sweep.ts"
import { zeta21 } from "../../../services/next-edit/dialects/zeta2-1.ts"
import { zeta2 } from "../../../services/next-edit/dialects/zeta2.ts"
import { makeEditor, said, scriptedModel, toldWorkspace } from "../../support/edit-session.ts"
import { eventually } from "../../support/server.ts"
import { startSession } from "../../support/session.ts"

const before = "def area(w):\n    return w\nprint(area(2))\n"
const now = "def area(w, h):\n    return w\nprint(area(2))\n"
const cursor = now.indexOf("return w") + "return w".length
const wanted = now.replace("return w\n", "return w * h\n")
const path = "src/area.py"
const related = [{ path: "src/unit.py", text: "M = 1\n", from: 0, to: 1, fileLines: 1 }]

type Answer = Parameters<typeof scriptedModel>[1]

const openArea = async (
  answer: Answer,
  options: Partial<Parameters<typeof scriptedModel>[0]> & {
    readonly capabilities?: object
    readonly log?: (line: string) => void
  } = {}
) => {
  const asked: Array<ModelQuestion> = []
  const model = scriptedModel({ dialect: zeta2, ...options }, (question) => {
    asked.push(question)
    return answer(question)
  })
  const session = startSession(
    { edits: model },
    () => Effect.succeed(toldWorkspace(() => related)),
    Logger.replace(Logger.defaultLogger, Logger.make(({ message }) => options.log?.(String(message))))
  )
  const { result } = await session.ask("initialize", {
    rootUri: "file:///project",
    capabilities: options.capabilities ?? {}
  })
  const editor = makeEditor(session)
  editor.open(path, before)
  editor.edit(path, now)
  const copilot = async () =>
    (await session.ask("textDocument/copilotInlineEdit", editor.at(path, cursor))).result.edits
  return { session, editor, asked, copilot, capabilities: result.capabilities }
}

/** zeta2 answers with its whole region, and the server stops before its closing line. */
const answered = (text: string) => Effect.succeed(said(`${text}\n`))
const never: Answer = () => Effect.never

describe("an edit", () => {
  it("is asked for as the dialect shows the moment, and offered as what changes", async () => {
    const { asked, capabilities, copilot, session } = await openArea(() => answered(wanted))
    assert.deepInclude(capabilities, {
      inlineCompletionProvider: true,
      executeCommandProvider: { commands: ["retrace.acceptEdit"] }
    })
    const [edit, ...others] = await copilot()
    assert.deepStrictEqual(others, [])
    const { command, ...rest } = edit
    assert.deepStrictEqual(rest, {
      text: " * h",
      range: { start: { line: 1, character: 12 }, end: { line: 1, character: 12 } },
      textDocument: { uri: "file:///project/src/area.py", version: 2 }
    })
    assert.strictEqual((await session.ask("workspace/executeCommand", command)).result, null)
    assert.isDefined((await session.ask("workspace/executeCommand", { command: "other" })).error)
    session.tell("textDocument/didShowInlineEdit", { item: { command: { arguments: command.arguments } } })
    session.tell("textDocument/didFocus", { textDocument: { uri: rest.textDocument.uri } })
    const moment: EditMoment = {
      file: { path, text: now },
      cursor,
      events: [{ path, before, after: now }],
      related,
      ancestors: [{ start: 17, end: 27 }, { start: 0, end: 27 }]
    }
    const shown = zeta2.show(moment)
    const prompt = shown._tag === "shown" ? shown.shown.prompt : ""
    assert.deepStrictEqual(asked.map((question) => question.asked), [{ _tag: "raw", prompt }])
    assert.deepInclude(asked[0], { stops: zeta2.stops, temperature: 0 })
    await session.close()
  })

  it("is asked of a model that chats as a conversation, which a server may write down itself", async () => {
    for (const isChat of [true, false]) {
      const { asked, copilot, session } = await openArea(() => Effect.succeed(said(wanted)), {
        dialect: instinct,
        isChat
      })
      assert.strictEqual((await copilot())[0].text, " * h")
      const question = asked[0]?.asked
      assert.strictEqual(question?._tag, isChat ? "chat" : "raw")
      if (question?._tag === "raw") {
        assert.match(question.prompt, /^<\|im_start\|>system\n[^]*<\|im_start\|>assistant\n$/)
      }
      await session.close()
    }
  })

  it("is not there where the server was not told of a model", async () => {
    const session = startSession({}, () => Effect.succeed(toldWorkspace(() => [])))
    const { result } = await session.ask("initialize", { rootUri: "file:///project", capabilities: {} })
    assert.notProperty(result.capabilities, "inlineCompletionProvider")
    for (const method of ["textDocument/copilotInlineEdit", "workspace/executeCommand"]) {
      assert.strictEqual((await session.ask(method, {})).error.code, -32601)
    }
    await session.close()
  })
})

describe("an inline completion", () => {
  const ask = async (text: string, context?: object) => {
    const { editor, session } = await openArea(() => answered(text))
    const { result } = await session.ask("textDocument/inlineCompletion", { ...editor.at(path, cursor), context })
    await session.close()
    return result.items.map(({ insertText, range }: any) => [insertText, range.start, range.end])
  }
  const at = (line: number, character: number) => ({ line, character })

  it("is an edit of the cursor's line, and reaches to the cursor", async () => {
    assert.deepStrictEqual(await ask(wanted), [[" * h", at(1, 12), at(1, 12)]])
    assert.deepStrictEqual(await ask(now.replace("return w", "return h * w")), [["h * w", at(1, 11), at(1, 12)]])
    assert.deepStrictEqual(await ask(now.replace("return", "yield")), [["yield w", at(1, 4), at(1, 12)]])
  })

  it("may add lines behind the cursor's, and is none where another line changes", async () => {
    const more = now.replace("return w\n", "return w\n    # two\n    # lines\n")
    assert.deepStrictEqual(await ask(more), [["\n    # two\n    # lines", at(1, 12), at(1, 12)]])
    assert.deepStrictEqual(await ask(now.replace("print", "show")), [])
    assert.deepStrictEqual(await ask(wanted.replace("print", "show")), [])
  })

  it("goes on from what a popup has selected, or is none", async () => {
    const selected = (text: string) => ({
      triggerKind: 2,
      selectedCompletionInfo: { range: { start: at(1, 11), end: at(1, 12) }, text }
    })
    assert.deepStrictEqual(await ask(wanted, selected("w * ")), [["w * h", at(1, 11), at(1, 12)]])
    assert.deepStrictEqual(await ask(wanted, selected("width")), [])
    assert.deepStrictEqual(await ask(wanted, { triggerKind: 1, selectedCompletionInfo: null }), [[
      " * h",
      at(1, 12),
      at(1, 12)
    ]])
  })
})

describe("no edit", () => {
  const suppressed: ReadonlyArray<readonly [what: string, answer: Answer]> = [
    ["what changes nothing", () => answered(now)],
    ["what says that there is none", () => Effect.succeed(said("NO_EDITS\n"))],
    ["what takes back what was just typed", () => answered(before)],
    ["what repeats marks of the prompt", () => answered(`<|user_cursor|>x<|user_cursor|>y`)],
    ["what was cut off", () => Effect.succeed(said(`${wanted}\n`, "length"))],
    ["what ends without its closing line", () => Effect.succeed(said("def area(w, h):", "unknown"))],
    ["what holds half a character", () => answered(wanted.replace("h\n", "\ud800\n"))],
    ["what holds line ends that no editor knows", () => answered(wanted.replace("h\n", "h\rx\n"))],
    ["nothing", () => Effect.succeed(said(""))]
  ]
  it.each(suppressed)("comes of %s", async (_, answer) => {
    const { asked, copilot, editor, session } = await openArea(answer)
    assert.deepStrictEqual(await copilot(), [])
    const inline = await session.ask("textDocument/inlineCompletion", editor.at(path, cursor))
    assert.deepStrictEqual(inline.result, { items: [] })
    assert.strictEqual(asked.length, 2)
    await session.close()
  })

  it("comes of a document that the model cannot be shown, and nothing is asked", async () => {
    const hostile = [
      "<|user_cursor|>",
      "<[fim-middle]>",
      ">>>>>>> UPDATED",
      "=======\n",
      "\ud800",
      "x\r\r\ny\r\n",
      "one\n".repeat(3) + "\udc00"
    ]
    for (const text of hostile) {
      const { asked, editor, session } = await openArea(() => answered("changed"))
      editor.edit(path, text)
      const question = { ...editor.at(path, 0) }
      assert.deepStrictEqual((await session.ask("textDocument/copilotInlineEdit", question)).result, { edits: [] })
      assert.deepStrictEqual(asked, [], JSON.stringify(text))
      await session.close()
    }
  })

  it("is there for a buffer that is not open, or of another version", async () => {
    const { asked, editor, session } = await openArea(() => answered(wanted))
    const { position, textDocument } = editor.at(path, cursor)
    for (const document of [{ uri: "file:///project/other.py" }, { ...textDocument, version: 1 }]) {
      const { result } = await session.ask("textDocument/copilotInlineEdit", { position, textDocument: document })
      assert.deepStrictEqual(result, { edits: [] })
    }
    assert.deepStrictEqual(asked, [])
    await session.close()
  })
})

describe("a question that is under way", () => {
  /** A model that answers when it is let, and tells whose question was ended. */
  const held = () => {
    const gates: Array<Deferred.Deferred<void>> = []
    let ended = 0
    const answer: Answer = () => {
      const gate = Effect.runSync(Deferred.make<void>())
      gates.push(gate)
      return Deferred.await(gate).pipe(
        Effect.as(said(`${wanted}\n`)),
        Effect.onInterrupt(() => Effect.sync(() => ended++))
      )
    }
    return {
      answer,
      gates,
      ended: () => ended,
      open: (at: number) => Effect.runPromise(Deferred.succeed(gates[at]!, undefined))
    }
  }

  it("gives way to a newer one for its buffer, and is answered without an edit", async () => {
    const model = held()
    const { copilot, session } = await openArea(model.answer)
    const first = copilot()
    await eventually(() => model.gates.length === 1, "the first question")
    const second = copilot()
    assert.deepStrictEqual(await first, [])
    await eventually(() => model.gates.length === 2, "the second question")
    await eventually(() => model.ended() === 1, "the end of the first question")
    await model.open(1)
    assert.strictEqual((await second)[0].text, " * h")
    await session.close()
  })

  it.each([
    ["a change of its buffer", (editor: any) => editor.edit(path, `${now}# more\n`)],
    ["the end of its buffer", (editor: any) => editor.close(path)]
  ])("ends with %s", async (_, happens) => {
    const model = held()
    const { copilot, editor, session } = await openArea(model.answer)
    const first = copilot()
    await eventually(() => model.gates.length === 1, "the question")
    happens(editor)
    assert.deepStrictEqual(await first, [])
    await eventually(() => model.ended() === 1, "the end of the question")
    await session.close()
  })

  it("goes on when another buffer changes, and others are answered meanwhile", async () => {
    const model = held()
    const { copilot, editor, session } = await openArea(model.answer)
    const first = copilot()
    await eventually(() => model.gates.length === 1, "the question")
    editor.open("other.py", "x\n")
    editor.edit("other.py", "y\n")
    const other = await session.ask("getContext", { textDocument: { uri: "file:///project/other.py" } })
    assert.strictEqual(other.result.context, "")
    await model.open(0)
    assert.strictEqual((await first)[0].text, " * h")
    await session.close()
  })

  it("is ended by a cancellation, which is its answer", async () => {
    const model = held()
    const { editor, session } = await openArea(model.answer)
    session.write(
      `${
        JSON.stringify({
          jsonrpc: "2.0",
          id: "mine",
          method: "textDocument/copilotInlineEdit",
          params: editor.at(path, cursor)
        })
      }\n`
    )
    await eventually(() => model.gates.length === 1, "the question")
    session.tell("$/cancelRequest", { id: "mine" })
    await eventually(() => session.others.length === 1, "the answer")
    assert.strictEqual(session.others[0].id, "mine")
    assert.strictEqual(session.others[0].error.code, -32800)
    assert.strictEqual(model.ended(), 1)
    await session.close()
  })

  it("is answered before a session whose input ended is over", async () => {
    const model = held()
    const { copilot, session } = await openArea(model.answer)
    const first = copilot()
    await eventually(() => model.gates.length === 1, "the question")
    const closed = session.close()
    await model.open(0)
    assert.strictEqual((await first)[0].text, " * h")
    await closed
  })

  it("ends after its time, without an edit", async () => {
    const lines: Array<string> = []
    const { copilot, session } = await openArea(never, { timeoutMillis: 1, log: (line) => lines.push(line) })
    assert.deepStrictEqual(await copilot(), [])
    assert.deepStrictEqual(await copilot(), [])
    assert.deepStrictEqual(lines, ["the model takes longer than 1ms for some edits, which are not offered"])
    await session.close()
  })
})

describe("a server that is down", () => {
  it("is told of once, and once again when it is back", async () => {
    const lines: Array<string> = []
    let isDown = true
    const down = new CompleterUnavailable({ endpoint: "http://127.0.0.1:1", detail: "nothing listens there" })
    const { copilot, session } = await openArea(() => isDown ? Effect.fail(down) : answered(wanted), {
      log: (line) => lines.push(line)
    })
    for (let at = 0; at < 3; at++) assert.deepStrictEqual(await copilot(), [])
    isDown = false
    for (let at = 0; at < 3; at++) assert.strictEqual((await copilot()).length, 1)
    isDown = true
    assert.deepStrictEqual(await copilot(), [])
    const first =
      "Cannot reach the model server at \"http://127.0.0.1:1\": nothing listens there; no edits are offered until it answers"
    assert.deepStrictEqual(lines, [first, "the model server answers again", first])
    await session.close()
  })
})

describe("places and line ends", () => {
  it.each(["utf-8", "utf-16", "utf-32"] as const)(
    "are those of the client in %s, with its line ends",
    async (encoding) => {
      const text = "ä = '🙂'\r\nb = '🙂🙂'\r\n"
      const asked: Array<ModelQuestion> = []
      const model = scriptedModel({ dialect: zeta21 }, (question) => {
        asked.push(question)
        return Effect.succeed(said("<|marker_1|>ä = '🙂'\nb = '🙂é🙂'\nc = 3\n\n<|marker_2|>"))
      })
      const session = startSession({ edits: model }, () => Effect.succeed(toldWorkspace(() => [])))
      await session.ask("initialize", {
        rootUri: "file:///project",
        capabilities: { general: { positionEncodings: [encoding] } }
      })
      const textDocument = { uri: "file:///project/a.py", version: 7 }
      session.tell("textDocument/didOpen", { textDocument: { ...textDocument, text } })
      const character = { "utf-8": 9, "utf-16": 7, "utf-32": 6 }[encoding]
      const { result } = await session.ask("textDocument/copilotInlineEdit", {
        textDocument,
        position: { line: 1, character }
      })
      const [{ range, text: offered }] = result.edits
      const end = { "utf-8": 14, "utf-16": 10, "utf-32": 8 }[encoding]
      assert.deepStrictEqual(range.start, { line: 1, character })
      assert.deepStrictEqual([range.end, offered], [{ line: 1, character: end }, "é🙂'\r\nc = 3"])
      assert.notInclude(JSON.stringify(asked), "\\r")
      await session.close()
    }
  )
})

describe("what was got ready after the last key", () => {
  it("is asked as it would have been without, and not once another buffer or the project has changed", async () => {
    let looks = 0
    let edition = 0
    const asked: Array<ModelQuestion> = []
    const model = scriptedModel({ dialect: zeta2 }, (question) => {
      asked.push(question)
      return answered(wanted)
    })
    const told = toldWorkspace(() => {
      looks++
      return [{ path: "lib/looked.py", text: `look = ${edition}\n`, from: 0, to: 1, fileLines: 1 }]
    })
    const session = startSession({ edits: model }, () => Effect.succeed({ ...told, edition: () => edition }))
    await session.ask("initialize", { rootUri: "file:///project", capabilities: {} })
    const editor = makeEditor(session)
    editor.open(path, before)
    editor.edit(path, now)
    await eventually(() => looks === 1, "the look after the change")
    // The line of the change is the last thing that its smallest change holds.
    const changed = now.indexOf(", h") + ", h".length
    const ask = async () => {
      await session.ask("textDocument/copilotInlineEdit", editor.at(path, changed))
      return JSON.stringify(asked.at(-1)?.asked)
    }
    const first = await ask()
    assert.strictEqual(looks, 1)
    edition++
    assert.strictEqual(await ask(), first.replace("look = 0", "look = 1"))
    assert.strictEqual(looks, 2)
    await session.ask("textDocument/copilotInlineEdit", editor.at(path, 0))
    assert.strictEqual(looks, 3)
    await session.close()
  })
})

describe("the history of a session", () => {
  it("goes across files and on when one is closed, by paths of the project", async () => {
    let millis = 0
    const { asked, copilot, editor, session } = await openArea(() => answered(now), {
      dialect: sweep,
      millis: Effect.sync(() => millis)
    })
    await copilot()
    millis += 5000
    editor.open("lib/other.py", "a = 1\n")
    editor.edit("lib/other.py", "a = 2\n")
    editor.close("lib/other.py")
    editor.open("/elsewhere/secret/place.py", "x\n")
    editor.edit("/elsewhere/secret/place.py", "y\n")
    await copilot()
    const prompt = asked.at(-1)?.asked._tag === "raw" ? JSON.stringify(asked.at(-1)?.asked) : ""
    assert.include(prompt, "<|file_sep|>lib/other.py.diff\\noriginal:\\na = 1\\nupdated:\\na = 2\\n")
    assert.notInclude(prompt, "secret")
    assert.include(prompt, "<|file_sep|>place.py.diff")
    await session.close()
  })
})
