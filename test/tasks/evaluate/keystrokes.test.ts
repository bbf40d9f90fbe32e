import { mkdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { renderAnswer, renderQuestion } from "../../../services/formats/keystroke-chat.ts"
import { writeLines } from "../../support/evaluated.ts"
import { ex } from "../../support/hostile-keys.ts"
import * as fakes from "../../support/model-protocols.ts"
import { startModelServer } from "../../support/model-server.ts"
import { temporaryFolder } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"
import { withSandbox } from "../../support/with-tools.ts"

let root = ""
const closing: Array<() => Promise<void>> = []
const at = (name: string) => join(root, name)
beforeAll(() => {
  root = temporaryFolder()
})
afterAll(async () => {
  await Promise.all(closing.map((close) => close()))
  rmSync(root, { recursive: true, force: true })
})

let made = 0
const evaluate = async (args: ReadonlyArray<string>, output = at(`out${made++}`), machine = {}) => {
  const ended = await runTask(["evaluate", ...args, "-o", output], machine)
  const read = (name: string) => readFileSync(join(output, name), "utf8")
  return { ...ended, output, read, results: () => JSON.parse(read("results.json")) }
}

/** An edit that one key solves: the first character goes. */
const editOf = (number: number) => ({ source: `xword_${number}\n`, target: `word_${number}\n`, language: "python" })
const metadataOf = (number: number, negative = "") => ({
  edit: `${number}`,
  language: "python",
  depth: "statement",
  group: `g${number % 3}`,
  commit: "",
  predictor: "search",
  vim_options: "defaults",
  negative
})
const answered = (...keys: ReadonlyArray<string>) => [{ role: "assistant", content: renderAnswer(keys) }]
const chatRow = (number: number) => ({
  messages: [...renderQuestion(editOf(number), []), ...answered("x")],
  metadata: metadataOf(number)
})
const ktoRow = (number: number, label: boolean) => ({
  prompt: renderQuestion(editOf(number), []),
  completion: answered(label ? "x" : "u"),
  label,
  metadata: metadataOf(number, label ? "" : "wrong text")
})
const dpoRow = (number: number) => ({
  prompt: renderQuestion(editOf(number), []),
  chosen: answered("x"),
  rejected: answered("u"),
  metadata: metadataOf(number)
})
const transformRow = (number: number, keys: string, rank = 1) => ({
  ...editOf(number),
  transform: keys,
  keys,
  keystrokes: keys.length,
  depth: "statement",
  rank,
  metadata: metadataOf(number)
})

const serve = async (says: (question: string) => string) => {
  const server = await startModelServer(fakes.chat({ window: 9000, says }))
  closing.push(server.close)
  return { endpoint: server.endpoint, asked: () => server.questions().map(({ body }) => body.messages) }
}
const numberIn = (question: string) => Number(/xword_(\d+)/.exec(question)?.[1])
const inBlock = (...keys: ReadonlyArray<string>) => `So:\n\n${renderAnswer(keys)}\nDone.`

describe("rows of keystrokes", () => {
  withSandbox.it("are solved by what Vim makes of the answers, whatever they are", { timeout: 120_000 }, async () => {
    const answers = [
      inBlock("x"),
      inBlock("l", "h", "x"),
      inBlock("d", "d"),
      "I am sorry, I cannot help with that.",
      "<think>It goes on",
      inBlock(...ex("while 1", "endwhile")),
      inBlock(...ex(`w! ${at("written")}`, `call writefile(['x'], '${at("written")}')`, `!touch ${at("written")}`)),
      // The text is right, and Vim waits in Insert mode.
      inBlock("x", "i"),
      inBlock("x", "Z", "Z"),
      // A block of something else before the one of keys.
      `It was:\n\n\`\`\`python\nxword\n\`\`\`\n\n${renderAnswer(["x"])}`
    ]
    writeLines(at("test_sft.jsonl"), answers.map((_, number) => chatRow(number)))
    const server = await serve((question) => answers[numberIn(question)] ?? "")
    const { code, read, results, stderr } = await evaluate([
      at("test_sft.jsonl"),
      "--model",
      `chat=${server.endpoint}#m`
    ])
    assert.strictEqual(code, 0, stderr)
    const { measures, rows } = results()
    const scores = (name: string) => rows.map(({ scores }: any) => scores[0][name])
    assert.deepStrictEqual(scores("solved"), [1, 1, 0, 0, 0, 0, 0, 0, 1, 1])
    assert.deepStrictEqual(scores("exact"), scores("solved"))
    assert.deepStrictEqual(scores("parsed"), [1, 1, 1, 0, 0, 1, 1, 1, 1, 1])
    assert.deepStrictEqual(scores("keys-ratio"), [1, 1 / 3, 0, 0, 0, 0, 0, 0, 1 / 3, 1])
    assert.closeTo(measures.solved.means[0], 0.4, 1e-9)
    assert.sameMembers([...new Set(rows.map(({ group }: any) => group))], ["g0", "g1", "g2"])
    assert.throws(() => readFileSync(at("written")))
    const page = read("evaluate.html")
    assert.include(page, "keystrokes reach the wanted text")
    assert.include(page, "in which there are no keystrokes")
    // What is asked are the messages of training.
    const asked = server.asked().map((messages) => JSON.stringify(messages)).toSorted()
    assert.deepStrictEqual(asked, answers.map((_, n) => JSON.stringify(renderQuestion(editOf(n), []))).toSorted())
  })

  withSandbox.it("are asked once for an edit, in all of vim-loop's files, and by the shortest right keys", async () => {
    mkdirSync(at("all"))
    writeLines(at("all/train_sft.jsonl"), [chatRow(4)])
    writeLines(at("all/test_dpo.jsonl"), [dpoRow(1)])
    writeLines(at("all/test_kto.jsonl"), [ktoRow(1, true), ktoRow(2, false), ktoRow(2, true), ktoRow(7, false)])
    writeLines(at("all/test_sft.jsonl"), [chatRow(1), chatRow(3), {
      messages: [{ role: "user", content: "Hello" }, { role: "assistant", content: "Hi" }]
    }])
    writeLines(at("all/test_transforms.jsonl"), [
      transformRow(3, "x"),
      transformRow(4, "lhx", 2),
      transformRow(4, "x"),
      transformRow(4, "lhlhx", 3)
    ])
    const server = await serve(() => inBlock("x"))
    const { results, stderr } = await evaluate([at("all"), "--model", `chat=${server.endpoint}#m`])
    const { leftOut, measures, rows, slices } = results()
    assert.deepStrictEqual(server.asked().map((messages) => numberIn(messages.at(-1).content)).toSorted(), [
      1,
      2,
      3,
      4
    ], stderr)
    assert.strictEqual(measures["keys-ratio"].means[0], 1)
    assert.deepStrictEqual(leftOut.rows.leftOut, {
      "a chat that asks for no keystrokes": 1,
      "asks what another row asks": 5,
      "the answer is not the wanted one": 2
    })
    assert.lengthOf(rows, 4)
    const trained = slices.filter(({ slice }: any) => slice === "in the rows to train on")
    assert.deepStrictEqual(trained.map(({ name, rows }: any) => [name, rows]), [["neither", 3], ["question", 1]])
  })

  withSandbox.it("are not asked again by the same call, which writes the same page", async () => {
    writeLines(at("again.jsonl"), [0, 1, 2, 3].map(chatRow))
    const server = await serve((question) => inBlock(...(numberIn(question) % 2 === 0 ? ["x"] : ["u"])))
    const call = [at("again.jsonl"), "--model", `chat=${server.endpoint}#m`]
    const first = await evaluate(call)
    const [page, results] = [first.read("evaluate.html"), first.read("results.json")]
    const second = await evaluate(call, first.output)
    assert.lengthOf(server.asked(), 4)
    assert.strictEqual(second.read("evaluate.html"), page)
    assert.strictEqual(second.read("results.json"), results)
  })

  withSandbox.it("are typed with the options of their rows", async () => {
    // "<BS>" at the start of Insert mode deletes what was there before only where "backspace" says so.
    const row = (vim_options: string, number: number) => ({
      ...transformRow(number, "li<BS><Esc>"),
      metadata: { ...metadataOf(number), vim_options }
    })
    writeLines(at("options.jsonl"), [row("defaults", 0), row("none", 1)])
    const server = await serve(() => "```vim\nli<BS><Esc>\n```")
    const { results, stderr } = await evaluate([at("options.jsonl"), "--model", `chat=${server.endpoint}#m`])
    assert.deepStrictEqual(results().rows.map(({ scores }: any) => scores[0].solved), [1, 0], stderr)
  })

  it("are left out, and counted, on a machine without Vim", async () => {
    writeLines(at("raw.jsonl"), [0, 1].map(chatRow))
    const server = await serve(() => inBlock("x"))
    const bare = await evaluate([at("raw.jsonl"), "--model", `chat=${server.endpoint}#m`], undefined, {
      searchPath: "/nowhere"
    })
    assert.strictEqual(bare.code, 65)
    assert.match(bare.stderr, /^Warning: rows of keystrokes are left out: Cannot type into Vim: /)
    assert.match(bare.stderr, /no row can be asked \(2 left out: keystrokes cannot be tried: /)
    assert.lengthOf(bare.stderr.match(/Warning/g) ?? [], 1)
    assert.lengthOf(server.asked(), 0)
  })

  withSandbox.it("are left out by protocols without chats", async () => {
    writeLines(at("raw.jsonl"), [0, 1].map(chatRow))
    const llama = await startModelServer(fakes.llamaCpp({ window: 4000, says: () => "x" }))
    closing.push(llama.close)
    const { code, stderr } = await evaluate([at("raw.jsonl"), "--model", `llama.cpp=${llama.endpoint}`])
    assert.strictEqual(code, 65)
    assert.include(stderr, "2 left out: keystrokes are asked in a chat, and its protocol has none")
    assert.lengthOf(llama.questions(), 0)
  })
})
