/** Terminals are not written to by rows, paths, URLs or keys: what would command one is shown, and no password is. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import xterm from "@xterm/headless"
import { endOfDrawing, harmlessDrawing } from "../../services/keys/drawing.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../support/repository.ts"
import { runTask } from "../support/task.ts"
import { startInTerminal } from "../support/terminal-program.ts"
import { withTools } from "../support/with-tools.ts"

/** What a terminal would take for a command, or what turns the text around it. */
const commands: Readonly<Record<string, string>> = {
  "the clipboard": "\u001b]52;c;aGVsbG8=\u0007",
  "the title": "\u001b]0;owned\u001b\\",
  "a link": "\u001b]8;;http://example.com\u001b\\here\u001b]8;;\u001b\\",
  "clearing": "\u001b[2J\u001b[H",
  "a mode of the mouse": "\u001b[?1003h\u001b[?1006h",
  "another screen": "\u001b[?1049h",
  "pasting in brackets": "\u001b[?2004h",
  "a question": "\u001b[6n\u001b[c\u001b[21t",
  "a device string": "\u001bP$q\"p\u001b\\",
  "an application string": "\u001b_Ga=T;AAAA\u001b\\",
  "a full reset": "\u001bc",
  "one unit for two": "\u009b2J\u009d0;owned\u009c",
  "bells and backspaces": "rm\b\b\u0007",
  "going back to the start": "honest\rforged",
  "deleting": "a\u007fb",
  "a NUL": "a\u0000b",
  "another character set": "\u001b(0\u000e",
  "turning text": "\u202egnp.exe\u202c",
  "isolated text": "\u2066a\u2069\u2067b\u2069\u2068c\u2069",
  "unseen letters": "a\u200bb\u200ec\u2060d\ufeffe",
  "tags": "a\u{e0041}\u{e007f}",
  "separators": "a\u2028b\u2029c"
}

const colours = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, "g")

/** Fails where a text holds more than text: colours only where they are asked for. */
const assertShown = (text: string, context: string, hasColour = false): void => {
  const plain = hasColour ? text.replaceAll(colours, "") : text
  const found = /[^\P{Cc}\n\t]|[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]|\p{Cs}/u
    .exec(plain)
  const around = found === null ? "" : JSON.stringify(plain.slice(Math.max(0, found.index - 60), found.index + 30))
  assert.isNull(found, `${context}: ${around}`)
}

let root = ""
const repositories: Array<TestRepository> = []
const at = (name: string) => join(root, name)
const repositoryOf = (name: string): TestRepository => {
  const repository = makeRepository(name)
  repositories.push(repository)
  return repository
}

beforeAll(() => {
  root = temporaryFolder()
})
afterAll(() => {
  for (const { dispose } of repositories) dispose()
  rmSync(root, { recursive: true, force: true })
})

/** A row of each shape with a text wherever it has room for one. */
const rowsWith = (text: string): ReadonlyArray<unknown> => {
  const metadata = {
    repo: text,
    filepath: text,
    language: text,
    kind: text,
    commit: text,
    format: text,
    negative: text
  }
  return [
    { prompt: text, completion: text, label: true, metadata },
    { prompt: text, chosen: text, rejected: text, metadata },
    { prompt: text, completion: text, metadata },
    { text: `<|fim_prefix|>${text}<|fim_suffix|>${text}<|fim_middle|>${text}`, metadata },
    { prefix: text, middle: text, suffix: text, metadata },
    { edit_path: [`@@ -0,0 +1 @@\n+${text}`, text], index: text, source_file: text },
    { source: `${text}\n`, target: text, keys: text, transform: text, outcome: text, predictor: text },
    { messages: [{ role: text, content: text }, { role: "assistant", content: text }] },
    {
      prompt: [{ role: "user", content: text }],
      chosen: [{ role: text, content: text }],
      rejected: [{ role: text, content: text }]
    },
    { reason: text, metadata, middle: text },
    { [text]: text, [`${text}\n${text}`]: `${text}\n`.repeat(3), kto_tag: text },
    { language: text, label: text, depth: text },
    text,
    [text]
  ]
}

describe("rows", () => {
  const every = Object.values(commands)

  it("are shown by view", async () => {
    const rows = every.flatMap((command) => [
      ...rowsWith(command).map((row) => JSON.stringify(row)),
      `no JSON: ${command.replaceAll("\r", "")}`
    ])
    writeFileSync(at("rows.jsonl"), `${rows.join("\n")}\n`)
    const value = every.join(" ")
    for (const hasColour of [false, true]) {
      for (const args of [["--plain"], ["--stats"], ["--row", "11"], ["--filter", `language=${value}`, "--plain"]]) {
        const { code, stderr, stdout } = await runTask(["view", at("rows.jsonl"), ...args], { hasColour })
        assert.strictEqual(code, 0, stderr)
        assertShown(stdout, args.join(" "), hasColour)
        assertShown(stderr, args.join(" "))
        if (args[0] === "--plain") assert.isAbove(stdout.split("aGVsbG8=").length, rowsWith("").length)
      }
    }
  })

  it("are shown by the previews", async () => {
    const repository = repositoryOf("previewed")
    const input = at("programs.jsonl")
    const programs = every.map((command) => {
      const text = command.replace(/["\\\r\n\0]/g, "")
      return `${pythonModule(4)}\n\ndef f(a):\n    b = "${text}"\n    return a, b\n\n\nprint(f(1))\n`
    })
    programs.forEach((program, number) => repository.write(`a${number}.py`, program))
    repository.commit(`begin ${every.join(" ").replaceAll("\0", "")}`)
    programs.forEach((program, number) =>
      repository.write(`a${number}.py`, program.replace("return a, b", "c = b + b\n    return a, b, c"))
    )
    repository.commit(`change ${every.join(" ").replaceAll("\0", "")}`)
    const lines = programs.map((response, number) => JSON.stringify({ instruction: every[number], response }))
    writeFileSync(input, `${lines.join("\n")}\n`)
    let shown = ""
    const count = String(every.length * 4)
    for (
      const args of [
        ["generate", "--repo", repository.path, "--preview", count, "-q"],
        ["generate", "--repo", repository.path, "--preview", count, "-q", "--dataset-type", "dpo", "--format", "PSM"],
        ["generate", "--source", "tree", "--repo", repository.path, "--preview", count, "-q"],
        ["lintseq", "--repo", repository.path, "--preview", count, "-q"],
        ["lintseq", "--input", input, "--preview", count, "-q"]
      ]
    ) {
      for (const hasColour of [false, true]) {
        const { code, stderr, stdout } = await runTask(args, { hasColour })
        assert.strictEqual(code, 0, stderr)
        assertShown(stdout, args.slice(0, 6).join(" "), hasColour)
        shown += stdout
      }
    }
    for (const number of every.keys()) assert.include(shown, `a${number}.py`)
    assert.include(shown, "programs.jsonl")
  })
})

describe("names", () => {
  /** What a name of a file can hold, as many at a time as one has room for. */
  const inNames = Object.values(commands).map((command) => command.replaceAll("\0", "").replaceAll("/", "_"))
  const names = [0, 1, 2].map((third) => inNames.filter((_, number) => number % 3 === third).join(" "))

  it.each(names)("like %j are shown", async (name) => {
    const repository = repositoryOf(`r${name}`)
    repository.write(`${name}.py`, pythonModule(3))
    repository.commit("begin")
    const folder = at(`folder-${name}`)
    mkdirSync(folder)
    writeFileSync(join(folder, `${name}.jsonl`), `${JSON.stringify({ text: "a" })}\n`)
    for (
      const args of [
        ["generate", "--source", "tree", repository.path, "--preview", "1"],
        ["generate", "--source", "tree", repository.path, "-o", at(`out-${name}`)],
        ["lintseq", "--repo", repository.path, "--preview", "1"],
        ["lintseq", "--repo", repository.path, "-o", at(`out-${name}.jsonl`)],
        ["view", "-d", folder, "--plain"],
        ["view", "-d", folder, "--stats"],
        ["report", folder],
        ["view", name],
        ["view", at("rows.jsonl"), "--plain", "--filter", name],
        ["view", at("rows.jsonl"), `--${name}`],
        ["generate", "--repo", name],
        ["generate", "--repo", repository.path, "--rev", name],
        ["generate", "--repo", repository.path, "--format", name],
        ["generate", "--repo", repository.path, "--tokenizer", name, "--max-tokens", "100"],
        ["lintseq", "--input", name],
        ["lintseq", "--directory", name],
        ["vim-loop", "--pairs", name],
        ["vim-loop", "--predictor", "chat", "--repo", repository.path, "--endpoint", name, "--model", "m"],
        ["keys", "--source", name, "--keys", "x"],
        ["keys", "--text", "a", "--keys", `<${name}`],
        [name]
      ]
    ) {
      const { stderr, stdout } = await runTask(args)
      assertShown(stderr, args.slice(0, 4).join(" "))
      assertShown(stdout, args.slice(0, 4).join(" "))
    }
  })
})

describe("passwords in URLs", () => {
  const secret = "s3cr3t-pa55"
  const urls = [
    `https://ada:${secret}@127.0.0.1:1/a/b.git`,
    `http://ada:${secret}@127.0.0.1:1/a/b`,
    `https://:${secret}@127.0.0.1:1/a/b`,
    `https://${secret}@127.0.0.1:1/a/b`,
    `https://ada:x@${secret}@127.0.0.1:1/a/b`,
    `https://ada:${secret}:x@127.0.0.1:1/a/b`,
    `HTTPS://ada:${secret}@127.0.0.1:1/a/b`,
    `https://ada:${secret}@127.0.0.1:1`,
    `https://ada:${secret}@127.0.0.1:1/`,
    `git://ada:${secret}@127.0.0.1:1/a/b`,
    `ftp://ada:${secret}@127.0.0.1:1/a/b`,
    `ext::https://ada:${secret}@127.0.0.1:1/a/b`
  ]

  it("are told by nobody who clones", async () => {
    const calls = urls.flatMap((url) => [
      ["generate", "--repo", url, "-o", at("cloned")],
      ["lintseq", "--repo", url, "--preview", "1"]
    ])
    await Promise.all(calls.map(async (args) => {
      const { code, stderr, stdout } = await runTask(args)
      assert.notStrictEqual(code, 0)
      assert.notInclude(stderr + stdout, secret)
      assert.match(stderr, /^Cannot .*\n$/)
    }))
  })

  it.each(urls)("are not in what is written of a clone of %s", async (url) => {
    const repository = repositoryOf("cloned")
    repository.write("a.py", pythonModule(3))
    repository.commit("begin")
    repository.write("a.py", pythonModule(4, "more"))
    repository.commit("more")
    repository.git("remote", "add", "origin", url)
    const output = at(`of-${urls.indexOf(url)}`)
    const args = ["generate", "--repo", repository.path, "-o", join(output, "g"), "--split", "0.5"]
    const generated = await runTask(args)
    assert.strictEqual(generated.code, 0, generated.stderr)
    const drawn = await runTask(["lintseq", "--repo", repository.path, "-o", join(output, "l.jsonl")])
    assert.strictEqual(drawn.code, 0, drawn.stderr)
    await runTask(["report", join(output, "g")])
    for (const { stderr } of [generated, drawn]) assert.notInclude(stderr, secret)
    const written = readdirSync(output, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    assert.isAbove(written.length, 6)
    for (const { name, parentPath } of written) {
      assert.notInclude(readFileSync(join(parentPath, name), "utf8"), secret, name)
    }
  })

  it.each([
    `http://ada:${secret}@127.0.0.1:1/v1`,
    `http://${secret}@127.0.0.1:1/v1`,
    `ftp://ada:${secret}@127.0.0.1:1/v1`
  ])(
    "are told by nobody who asks a model at %s",
    async (endpoint) => {
      const pairs = at("pairs.jsonl")
      writeFileSync(pairs, `${JSON.stringify({ source: "ab\n", target: "b\n" })}\n`)
      const args = [
        "vim-loop",
        "--pairs",
        pairs,
        "--predictor",
        "chat",
        "--endpoint",
        endpoint,
        "--model",
        "m",
        "--retries",
        "0"
      ]
      const { code, stderr, stdout } = await runTask([...args, "-o", at("asked")])
      assert.notStrictEqual(code, 0)
      assert.notInclude(stderr + stdout, secret)
    }
  )
})

/** All that a drawing may hold beside text. */
const ofPicture = new RegExp(
  `${String.fromCharCode(27)}(?:\\[[0-9;:]*[@ABCDEFGHIJKLMPSTXZ\`abdefmrsu]|\\[\\?25[hl]|[78DEM])|[\b\t\r\n]`,
  "g"
)

const assertDrawn = (drawn: string, context: string): void => assertShown(drawn.replaceAll(ofPicture, ""), context)

describe("what keys make Vim send", () => {
  /** In a text of Vim script that is run by ":so". */
  const scriptOf = (command: string): string =>
    `call echoraw("${
      [...command].map((character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`).join("")
    }")\n`

  const bmp = Object.entries(commands).filter(([what]) => what !== "tags")

  withTools("vim", "bwrap", "node-pty").it.each(bmp)(
    "with %s is drawn in recordings, and not sent",
    async (_, command) => {
      const { code, stderr, stdout } = await runTask(["record", "--text", scriptOf(command), "--keys", ":so<CR>ix"])
      assert.strictEqual(code, 0, stderr)
      const [head = "", ...events] = stdout.trimEnd().split("\n").map((line) => JSON.parse(line))
      assertShown(JSON.stringify(head), "the title")
      const drawn = events.filter(([, kind]) => kind === "o").map(([, , text]) => text).join("")
      assertDrawn(drawn, "drawn")
      assert.isTrue(drawn.endsWith(endOfDrawing))
      if (command.startsWith("\u001b]52")) assert.include(drawn, "\u241b]52;c;aGVsbG8=")
      // A terminal that plays it is as it was.
      const terminal = new xterm.Terminal({ cols: 80, rows: 24, allowProposedApi: true })
      const fresh = JSON.stringify(terminal.modes)
      await new Promise<void>((resolve) => terminal.write(drawn, resolve))
      assert.strictEqual(JSON.stringify(terminal.modes), fresh)
      assert.strictEqual(terminal.buffer.active.type, "normal")
    }
  )

  withTools("vim", "bwrap", "node-pty").it("is not sent by r in view", async () => {
    const source = bmp.map(([, command]) => scriptOf(command)).join("")
    writeFileSync(at("played.jsonl"), `${JSON.stringify({ source, target: "b", keys: ":so<CR>", transform: "" })}\n`)
    const view = startInTerminal(["view", at("played.jsonl")])
    await view.screenWhen((screen) => screen[0]?.includes("1 of 1") === true)
    const before = view.sent().length
    view.type("r")
    await view.screenWhen((screen) => screen.at(-1)?.includes("Vim finished after 4 keys") === true)
    const sent = view.sent().slice(before)
    view.type("q")
    await view.ended
    assert.include(sent, "call echoraw")
    assertDrawn(sent, "sent")
  })

  const piece = FastCheck.oneof(
    FastCheck.constantFrom(
      ...Object.values(commands),
      "\u001b",
      "\u001b[",
      "\u001b]",
      "\u001bP",
      "\u001b\\",
      "\u0007",
      "5",
      ";",
      "?",
      "h",
      "m",
      "52"
    ),
    FastCheck.string({ maxLength: 6 }),
    FastCheck.fullUnicodeString({ maxLength: 3 })
  )

  it.prop(
    "is harmless however it is cut into pieces",
    { pieces: FastCheck.array(piece, { maxLength: 30 }) },
    ({ pieces }) => {
      const harmless = harmlessDrawing()
      const drawn = pieces.map(harmless).join("")
      assertDrawn(drawn, JSON.stringify(pieces))
      assert.strictEqual(harmlessDrawing()(pieces.join("")), drawn)
    }
  )
})
