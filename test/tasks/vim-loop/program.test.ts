import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { retype } from "../../../services/keys/retyping.ts"
import { parseKeys, printKeys } from "../../../services/keys/keystrokes.ts"
import { randomOf } from "../../../services/text/random.ts"
import { vimShapes } from "../../../services/rows/shapes.ts"
import { type ChatRequest, type ChatServer, type Manners, refuse, startChatServer } from "../../support/chat-server.ts"
import { folderContents, rowsIn, runProgram, startProgram } from "../../support/program.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"
import { withSandbox } from "../../support/with-tools.ts"

const seed = Number(process.env["RETRACE_KILL_SEED"] ?? 20_250)
const moments = 10

let root = ""
let repository: TestRepository
const servers: Array<ChatServer> = []
const at = (name: string) => join(root, name)
const rowsOf = (folder: string, name: string) => rowsIn(readFileSync(join(at(folder), name), "utf8"))
const json = (folder: string, name: string) => JSON.parse(readFileSync(join(at(folder), name), "utf8"))
const serve = async (manners: Manners) => {
  const server = await startChatServer(manners)
  servers.push(server)
  return server
}

beforeAll(() => {
  root = temporaryFolder()
  repository = makeRepository("project")
  for (let step = 0; step < 8; step++) {
    repository.write("a.py", `import os\n\n\n${pythonModule(2 + step, "a")}\n\nprint(os, ${step})\n`)
    repository.write("lib/b.js", `let x = ${step}\n\nfunction f() {\n  if (x > ${step * 3}) {\n    return x\n  }\n}\n`)
    repository.write(`lib/c${step % 3}.go`, `package c\n\nfunc F() int {\n\treturn ${step} + "\\n<lt>"\n}\n`)
    if (step === 4) repository.write("b.py", "def broken(:\n")
    repository.commit(`step ${step}`)
  }
})
afterAll(async () => {
  await Promise.all(servers.map(({ close }) => close()))
  repository.dispose()
  rmSync(root, { recursive: true, force: true })
})

/** The text behind a heading of the question. */
const textIn = ({ messages }: ChatRequest, heading: string): string => {
  const question = messages.at(-1)?.content ?? ""
  const [, fence = ""] = new RegExp(`${heading}:\\n(\`+)`).exec(question) ?? []
  return new RegExp(`${heading}:\\n${fence}\\w*\\n([\\s\\S]*?)${fence}(?:\\n|$)`).exec(question)?.[1] ?? ""
}

/** The right answer for a question: what differs is typed anew. */
const rightAnswer = (request: ChatRequest): string => {
  // The question ends texts that have no line end with one; that changes no answer.
  const [source, target] = [textIn(request, "The text"), textIn(request, "The wanted text")]
  return `\`\`\`vim\n${printKeys(retype(source, target))}\n\`\`\``
}

const pairsFile = (name: string, count: number) => {
  const rows = Array.from({ length: count }, (_, number) => ({
    source: `line ${number}\nkeep\n`,
    target: `row ${number}\nkeep\n`,
    language: number % 2 === 0 ? "go" : "python"
  }))
  writeFileSync(at(name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""))
  return at(name)
}

/** Some errors keep Vim waiting for a second or more; right keys take no time to speak of. */
const hasty = ["--time-limit", "0.5"]

const chatArgs = (server: ChatServer, output: string, ...rest: ReadonlyArray<string>) => [
  "vim-loop",
  "--predictor",
  "chat",
  "--endpoint",
  server.endpoint,
  "--model",
  "test",
  "-o",
  at(output),
  ...hasty,
  ...rest
]

withSandbox.describe("vim-loop", () => {
  it("solves the edits of a history by search; its rows are what they say", { timeout: 120_000 }, async () => {
    const ended = await runTask(["vim-loop", "--repo", repository.path, "-o", at("search"), "--split", "0.6", ...hasty])
    assert.strictEqual(ended.code, 0, ended.stderr)
    assert.strictEqual(ended.stdout, "")
    assert.match(ended.stderr, /Round 1: (\d+) of \1 solved/)
    const rounds = json("search", "rounds.json")
    assert.strictEqual(rounds.rounds[0].solved, rounds.edits)
    assert.strictEqual(rounds.stopped, "every edit is solved")
    assert.includeMembers(Object.keys(rounds.rounds[0].by_depth), ["expression", "statement", "function", "file"])
    const groups: Array<Set<string>> = []
    for (const prefix of ["", "test_"]) {
      const transforms = rowsOf("search", `${prefix}transforms.jsonl`)
      for (const { files: { train: name }, schema } of vimShapes) {
        const rows = rowsOf("search", `${prefix}${name}.jsonl`)
        assert.isNotEmpty(rows, `${prefix}${name}`)
        for (const row of rows) Schema.decodeUnknownSync(schema)(row, { onExcessProperty: "error" })
        groups.push(new Set(rows.map((row) => row.metadata.group)))
        assert.deepStrictEqual(new Set(rows.map((row) => row.metadata.vim_options)), new Set(["defaults"]))
      }
      // Each way was right in the sandbox; here a second program tries it once more.
      writeFileSync(at("again.jsonl"), transforms.map((row) => `${JSON.stringify(row)}\n`).join(""))
      const again = await runTask(["keys", "--batch", at("again.jsonl")])
      assert.isTrue(rowsIn(again.stdout).every((row) => row.solved === true))
      const wrong = rowsOf("search", `${prefix}kto.jsonl`).filter((row) => !row.label)
      assert.isNotEmpty(wrong)
      const byEdit = new Map(transforms.map((row) => [row.metadata.edit, row]))
      const bad = wrong.map((row) => ({
        source: byEdit.get(row.metadata.edit).source,
        target: byEdit.get(row.metadata.edit).target,
        keys: /```vim\n([^]*)\n```$/.exec(row.completion[0].content)?.[1]
      }))
      writeFileSync(at("wrong.jsonl"), bad.map((row) => `${JSON.stringify(row)}\n`).join(""))
      const tried = await runTask(["keys", "--batch", at("wrong.jsonl")])
      assert.isTrue(rowsIn(tried.stdout).every((row) => row.solved !== true || row.mode !== "n"))
    }
    const [train, held] = [groups.slice(0, 4), groups.slice(4)]
    for (const some of train) for (const others of held) for (const group of some) assert.isFalse(others.has(group))
  })

  it("gives the same bytes for any number of threads", { timeout: 120_000 }, async () => {
    for (const threads of ["1", "2"]) {
      const ended = await runTask([
        "vim-loop",
        "-r",
        repository.path,
        "-o",
        at(`j${threads}`),
        "-j",
        threads,
        "-q",
        "--max-edits",
        "30",
        ...hasty
      ])
      assert.strictEqual(ended.code, 0, ended.stderr)
    }
    assert.deepStrictEqual(folderContents(at("j1")), folderContents(at("j2")))
  })

  it(
    "solves its edits with the options of VimGolf, and says so in rows and settings",
    { timeout: 60_000 },
    async () => {
      const ended = await runTask([
        "vim-loop",
        "--repo",
        repository.path,
        "-o",
        at("golf"),
        "--vim-options",
        "vimgolf",
        "--max-edits",
        "20",
        "-q",
        ...hasty
      ])
      assert.strictEqual(ended.code, 0, ended.stderr)
      assert.strictEqual(json("golf", "rounds.json").rounds[0].rate, 1)
      assert.strictEqual(json("golf", "metadata.json").identity.settings["vim-options"], "vimgolf")
      const rows = rowsOf("golf", "transforms.jsonl")
      assert.deepStrictEqual(new Set(rows.map((row) => row.metadata.vim_options)), new Set(["vimgolf"]))
    }
  )

  it("comes out at the share that a model answers right, round by round", { timeout: 120_000 }, async () => {
    const edits = 40
    // In its round r the server is right about every edit whose number divided by 4 leaves less than r.
    const seen = new Map<string, number>()
    const server = await serve({
      count: "ignored",
      answer: (request) => {
        const source = textIn(request, "The text")
        const round = (seen.get(source) ?? 0) + 1
        seen.set(source, round)
        const number = Number(/line (\d+)/.exec(source)?.[1])
        return number % 4 < round ? rightAnswer(request) : "dd"
      }
    })
    const args = chatArgs(server, "rates", "--pairs", pairsFile("rates-in.jsonl", edits), "--count", "1", "-q")
    const ended = await runTask(args)
    assert.strictEqual(ended.code, 0, ended.stderr)
    const { rounds, stopped } = json("rates", "rounds.json")
    assert.deepStrictEqual(
      rounds.map((round: any) => [round.asked, round.solved, round.rate, round.requests, round.wrong]),
      [
        [40, 10, 0.25, 40, { "wrong text": 30 }],
        [30, 10, 0.5, 30, { "wrong text": 20 }],
        [20, 10, 0.75, 20, { "wrong text": 10 }]
      ]
    )
    assert.strictEqual(stopped, "all rounds are played")
    assert.deepStrictEqual(rounds[2].by_language, {
      go: { edits: 20, solved: 20, rate: 1 },
      python: { edits: 20, solved: 10, rate: 0.5 }
    })
    assert.strictEqual(rounds[0].prompt_tokens, 40 * 11)
    const transforms = [...rowsOf("rates", "transforms.jsonl"), ...rowsOf("rates", "test_transforms.jsonl")]
    assert.strictEqual(transforms.length, 30)
    for (const { metadata, round } of transforms) assert.strictEqual(metadata.round, round)
    assert.deepStrictEqual([1, 2, 3].map((round) => transforms.filter((row) => row.round === round).length), [
      10,
      10,
      10
    ])
    // Round 1 had nothing to show; later rounds show what was solved on the side that is trained on.
    const shown = server.asked.map(({ body }) => body.messages.filter(({ role }) => role === "assistant").length)
    assert.deepStrictEqual(new Set(shown.slice(0, edits)), new Set([0]))
    assert.deepStrictEqual(new Set(shown.slice(edits)), new Set([4]))
    const heldOut = new Set(rowsOf("rates", "test_transforms.jsonl").map((row) => row.source))
    assert.isNotEmpty([...heldOut])
    for (const { body } of server.asked) {
      for (const { content } of body.messages.slice(1, -1)) {
        for (const source of heldOut) assert.notInclude(content, `\n${source}`)
      }
    }
  })

  it("stops after a round that solves nothing, or when the tokens are spent", { timeout: 60_000 }, async () => {
    const server = await serve({ answer: () => "dd" })
    const pairs = pairsFile("stop-in.jsonl", 30)
    assert.strictEqual((await runTask(chatArgs(server, "stop", "--pairs", pairs, "--count", "1", "-q"))).code, 0)
    assert.strictEqual(server.asked.length, 30)
    assert.strictEqual(json("stop", "rounds.json").stopped, "a round solved nothing new")
    const before = server.asked.length
    const budget = chatArgs(
      server,
      "budget",
      "--pairs",
      pairs,
      "--count",
      "1",
      "--token-budget",
      "100",
      "--requests",
      "1"
    )
    const ended = await runTask(budget)
    assert.strictEqual(ended.code, 0, ended.stderr)
    // 18 tokens each: the sixth request reaches the bound.
    assert.strictEqual(server.asked.length - before, 6)
    assert.strictEqual(json("budget", "rounds.json").stopped, "the token budget is spent")
    assert.include(ended.stderr, "the token budget is spent")
  })

  it(
    `killed at ${moments} moments of seed ${seed} and resumed, asks nothing twice and gives the same rows`,
    { timeout: 300_000 },
    async () => {
      const edits = 36
      const pairs = pairsFile("kill-in.jsonl", edits)
      // The answer depends on the edit and on how much it is shown, so that a round is known by its question.
      const manners: Manners = {
        answer: (request, _, choice) => {
          const number = Number(/line (\d+)/.exec(textIn(request, "The text"))?.[1])
          const isLater = request.messages.length > 2
          return choice === 1 && (number % 3 === 0 || (isLater && number % 3 === 1)) ? rightAnswer(request) : "dd"
        }
      }
      const rest = ["--pairs", pairs, "--count", "2", "--requests", "3", "-q"]
      const calm = await serve(manners)
      const whole = await runProgram(chatArgs(calm, "whole", ...rest))
      assert.strictEqual(whole.code, 0, whole.stderr)
      const expected = folderContents(at("whole"))
      let killed = 0
      let mostAnswered = 0
      for (let moment = 0; moment < moments; moment++) {
        // A moment is a request and some milliseconds after it, up to the writing of tables behind the last one.
        const random = randomOf("kill", seed, moment)
        const fatal = random.below(calm.asked.length)
        const delay = random.below(60)
        let kill = () => {}
        const server = await serve({
          ...manners,
          instead: (_, number) => {
            if (number === fatal) setTimeout(() => kill(), delay)
            return false
          }
        })
        const name = `killed-${moment}`
        const { child, ended } = startProgram(chatArgs(server, name, ...rest))
        kill = () => child.kill("SIGKILL")
        if ((await ended).signal === "SIGKILL") killed++
        const asked = server.asked.length
        const journalNow = ["attempts.jsonl", "attempts.jsonl.part"].map((file) => join(at(name), file)).find(
          existsSync
        )
        const kept = journalNow === undefined
          ? 0
          : rowsIn(readFileSync(journalNow, "utf8").replace(/[^\n]*$/, "")).length
        mostAnswered = Math.max(mostAnswered, kept)
        const resumed = await runTask(chatArgs(server, name, ...rest, "--resume"))
        assert.strictEqual(resumed.code, 0, resumed.stderr)
        // Asked again is only what was under way, and that is no more than is asked at once.
        assert.isAtMost(asked - kept, 3)
        assert.isAtMost(server.asked.length - calm.asked.length, 3)
        assert.deepStrictEqual(folderContents(at(name)), expected)
      }
      assert.isAtLeast(killed, moments / 2)
      assert.isAbove(mostAnswered, 0)
    }
  )

  it("keeps what was answered when the server goes away, and says how to go on", { timeout: 60_000 }, async () => {
    let isAway = true
    const server = await serve({
      answer: rightAnswer,
      instead: (response, number) => isAway && number >= 10 && refuse(response, 401, "the key has run out")
    })
    const args = chatArgs(server, "away", "--pairs", pairsFile("away-in.jsonl", 20), "--count", "1", "--requests", "1")
    const ended = await runProgram(args, { env: { ...process.env, RETRACE_API_KEY: "k-1" } })
    assert.strictEqual(ended.code, 65)
    assert.match(ended.stderr, /it answers 401: the key has run out\n$/)
    assert.strictEqual(server.asked[0]?.authorization, "Bearer k-1")
    const taken = await runTask(args)
    assert.strictEqual(taken.code, 73)
    assert.include(taken.stderr, "--resume")
    isAway = false
    const resumed = await runTask([...args, "--resume"])
    assert.strictEqual(resumed.code, 0, resumed.stderr)
    assert.strictEqual(server.asked.length, 10 + 1 + 10)
    assert.strictEqual(json("away", "rounds.json").rounds[0].solved, 20)
    const again = await runTask([...args, "--resume"])
    assert.include(again.stderr, "Nothing to do")
    assert.strictEqual(server.asked.length, 21)
  })

  it("shows a model what an earlier run solved", { timeout: 60_000 }, async () => {
    const server = await serve({ answer: rightAnswer })
    const pairs = pairsFile("from-in.jsonl", 5)
    const args = chatArgs(server, "from", "--pairs", pairs, "--count", "1", "--examples", "2", "-q")
    const ended = await runTask([...args, "--examples-from", join(at("search"), "transforms.jsonl")])
    assert.strictEqual(ended.code, 0, ended.stderr)
    for (const { body } of server.asked) {
      assert.deepStrictEqual(body.messages.map(({ role }) => role), [
        "system",
        "user",
        "assistant",
        "user",
        "assistant",
        "user"
      ])
    }
  })

  it("lists edits, and replays candidates that were made for them elsewhere", { timeout: 60_000 }, async () => {
    const listed = await runTask(["vim-loop", "--repo", repository.path, "--list-edits", "-q"])
    assert.strictEqual(listed.code, 0, listed.stderr)
    const edits = rowsIn(listed.stdout)
    assert.isAbove(edits.length, 10)
    // Every third one is answered right, in one of the three ways of writing it down; every third wrong; the rest not.
    const rows = edits.flatMap((edit, index): ReadonlyArray<object> => {
      const keys = printKeys(retype(edit.source, edit.target))
      const right = index % 2 === 0
        ? { id: edit.id, keys }
        : {
          source: edit.source,
          target: edit.target,
          completion: [`<think>maybe \`\`\`\ndd\n\`\`\`</think>\`\`\`\n${keys}\n\`\`\``]
        }
      return index % 3 === 0 ? [right] : index % 3 === 1 ? [{ id: edit.id, transform: ["dd", "x"] }] : []
    })
    const lines = [
      ...rows.map((row) => JSON.stringify(row)),
      "{oops",
      "[]",
      JSON.stringify({ id: edits[0].id, keys: "a<b" }),
      JSON.stringify({ id: edits[0].id, transform: "I cannot help.", completion: ["Sorry, no.", "<think>maybe"] }),
      JSON.stringify({ id: edits[0].id, transform: "ia\ud800" })
    ]
    writeFileSync(at("offline.jsonl"), `${lines.join("\n")}\n`)
    const args = ["vim-loop", "--repo", repository.path, "--predictor", "replay", "--replay", at("offline.jsonl")]
    const ended = await runTask([...args, "-o", at("replayed")])
    assert.strictEqual(ended.code, 0, ended.stderr)
    assert.include(ended.stderr, "2 no JSON object with texts as its fields")
    assert.include(ended.stderr, "1 keys that cannot be read")
    assert.include(ended.stderr, "2 prose")
    assert.include(ended.stderr, "1 unfinished thoughts")
    assert.include(ended.stderr, "1 lone surrogate")
    const { rounds } = json("replayed", "rounds.json")
    assert.strictEqual(rounds[0].solved, Math.ceil(edits.length / 3))
    assert.strictEqual(rounds[0].refused["no candidate given"], Math.floor(edits.length / 3))
    assert.strictEqual(rounds.length, 2)
  })

  it("validates the table that the originals publish", { timeout: 60_000 }, async () => {
    const table = [
      ["", "hello world", "ihello world{i}\\033:wq\\n"],
      ["hello world", "hello geezer", "fwc$geezer\\033:wq\\n"],
      ["hello", "hello, world!", "A, world!{esc}"],
      ["good morning", "good evening", "ct evening{esc}"],
      ["remove me", "remove", "$F d{esc}"],
      ["start end", "start and end", "eand {esc}"],
      ["unix", "UNIX", "gUiw"]
    ]
    writeFileSync(
      at("table.jsonl"),
      table.map(([source, target, transform]) => `${JSON.stringify({ source, target, transform })}\n`).join("")
    )
    const ended = await runTask([
      "vim-loop",
      "--pairs",
      at("table.jsonl"),
      "--predictor",
      "replay",
      "-o",
      at("table")
    ])
    assert.strictEqual(ended.code, 0, ended.stderr)
    const rows = [...rowsOf("table", "transforms.jsonl"), ...rowsOf("table", "test_transforms.jsonl")]
    assert.sameMembers(rows.map((row) => row.target), ["hello world", "hello geezer", "hello, world!", "UNIX"])
    const first = rows.find((row) => row.target === "hello world")
    assert.strictEqual(first.transform, "ihello world\\033:wq\\n")
    assert.strictEqual(first.keys, "ihello world<Esc>:wq<CR>")
    for (const row of rows) assert.isTrue(Either.isRight(parseKeys(row.keys)))
  })

  it("says in one line what is wrong with a call, and leaves nothing behind", { timeout: 60_000 }, async () => {
    writeFileSync(at("empty.jsonl"), "\n{}\n")
    const pairs = pairsFile("wrong-in.jsonl", 2)
    const calls: ReadonlyArray<readonly [ReadonlyArray<string>, number, RegExp]> = [
      [[], 64, /--repo <path or URL> or --pairs/],
      [["--repo", ".", "--pairs", pairs], 64, /only one of --repo and --pairs/],
      [["--repo", at("nowhere")], 66, /nowhere/],
      [["--pairs", at("nowhere.jsonl")], 66, /there is no such file/],
      [["--pairs", at("empty.jsonl")], 65, /no source or no target/],
      [["--pairs", pairs, "--predictor", "chat"], 64, /--endpoint/],
      [["--pairs", pairs, "--predictor", "chat", "--endpoint", "ftp://x", "--model", "m"], 64, /http or https/],
      [
        ["--pairs", pairs, "--predictor", "chat", "--endpoint", "http://127.0.0.1:9", "--model", "m"],
        69,
        /nothing listens/
      ],
      [["--pairs", pairs, "--predictor", "replay"], 64, /--replay/],
      [["--pairs", pairs, "--rounds", "0"], 64, /--rounds 0/],
      [["--pairs", pairs, "--split", "1.1"], 64, /--split 1.1/],
      [["--pairs", pairs, "--near-misses", "-1"], 64, /--near-misses -1/],
      [["--repo", repository.path, "--language", "cobol"], 64, /cobol/],
      [["--repo", repository.path, "--max-lines", "1", "--max-chars", "1"], 65, /--max-chars/]
    ]
    for (const [index, [args, code, message]] of calls.entries()) {
      const ended = await runTask(["vim-loop", ...args, "-o", at(`wrong-${index}`)])
      assert.strictEqual(ended.code, code, `${args.join(" ")}: ${ended.stderr}`)
      assert.match(ended.stderr.trim().split("\n").at(-1) ?? "", message)
      assert.notInclude(ended.stderr, "    at ")
      const left = existsSync(at(`wrong-${index}`)) ? readdirSync(at(`wrong-${index}`)) : []
      assert.deepStrictEqual(left, [])
    }
  })
})
