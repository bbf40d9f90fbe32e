import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { completerFor } from "../../layers/completer/completer-for.ts"
import { rootAddress } from "../../layers/model-server/addresses.ts"
import * as FileReader from "../../layers/reader/FileReader.ts"
import { type AskedText, Completer } from "../../services/Completer.ts"
import { completerContract, type CompleterUnderTest, hurried, questionOf } from "../contract/Completer.ts"
import * as fakes from "../support/model-protocols.ts"
import { startModelServer } from "../support/model-server.ts"

const raw = (prompt: string): AskedText => ({ _tag: "raw", prompt })
const gap: AskedText = { _tag: "infill", prefix: "a", suffix: "b" }
const talk: AskedText = { _tag: "chat", system: null, user: "hello" }

const rawly: CompleterUnderTest["ask"] = (text) => [raw(text), `<s>${text}`]

completerContract("llama.cpp", {
  server: fakes.llamaCpp,
  ask: rawly,
  refused: [talk],
  identity: { model: "/models/tiny.gguf", server: "b100-abc" },
  hasLikelihood: true
})
completerContract("vllm", {
  server: fakes.vllm,
  ask: rawly,
  refused: [gap, talk],
  identity: { model: "tiny", server: "vLLM 0.12.0 org/tiny" },
  hasLikelihood: true
})
completerContract("openai", {
  server: fakes.openai,
  ask: rawly,
  refused: [talk],
  identity: { model: "tiny", server: "org/tiny" },
  hasLikelihood: false
})
completerContract("chat", {
  server: fakes.chat,
  ask: (user) => [{ _tag: "chat", system: "Be brief.", user }, `[system]Be brief.[user]${user}`],
  refused: [raw("x"), gap],
  identity: { model: "tiny", server: "org/tiny" },
  hasLikelihood: false
})
completerContract("ollama", {
  server: fakes.ollama,
  ask: rawly,
  refused: [talk, raw(""), { _tag: "infill", prefix: "a", suffix: "" }],
  identity: { model: "tiny:latest", server: "Ollama 0.13.0 sha256:12" },
  hasLikelihood: false
})
completerContract("mistral", {
  server: fakes.mistral,
  ask: (text) => [{ _tag: "infill", prefix: text, suffix: "end" }, `<s>P${text}SendM`],
  refused: [raw("x"), talk],
  identity: { model: "tiny", server: "org/tiny" },
  hasLikelihood: false
})
completerContract("tgi", {
  server: fakes.tgi,
  ask: rawly,
  refused: [gap, talk],
  identity: { model: "org/tiny", server: "TGI 3.3.0 12ab" },
  hasLikelihood: true
})

/** Starts a server, asks it once, and gives the answer and the prompts that its model saw. */
const askOnce = (
  protocol: "llama.cpp" | "vllm" | "openai" | "ollama" | "tgi",
  server: CompleterUnderTest["server"],
  asked: AskedText
) =>
  Effect.gen(function*() {
    const seen: Array<string> = []
    const says = (prompt: string) => {
      seen.push(prompt)
      return "yes"
    }
    const fake = yield* Effect.acquireRelease(
      Effect.promise(() => startModelServer(server({ window: 300, says }))),
      ({ close }) => Effect.promise(close)
    )
    const completer = completerFor(protocol, { ...hurried, endpoint: fake.endpoint })
    const answer = yield* Effect.flatMap(Completer, ({ complete }) => complete(questionOf(asked))).pipe(
      Effect.provide(Layer.provide(completer, [NodeHttpClient.layer, FileReader.layer({ cache: null })])),
      Effect.either
    )
    return { answer, seen }
  }).pipe(Effect.scoped)

describe("completers", () => {
  for (
    const [protocol, server] of [
      ["llama.cpp", fakes.llamaCpp],
      ["vllm", fakes.vllm],
      ["openai", fakes.openai],
      ["ollama", fakes.ollama],
      ["tgi", fakes.tgi]
    ] as const
  ) {
    it.live(`give a model of ${protocol} one beginning, even where the prompt has its own`, () =>
      Effect.gen(function*() {
        const { seen } = yield* askOnce(protocol, server, raw("<s>[SUFFIX]b[PREFIX]a"))
        assert.deepStrictEqual(seen, ["<s>[SUFFIX]b[PREFIX]a"])
      }))
  }

  for (
    const [protocol, server] of [["llama.cpp", fakes.llamaCpp], ["openai", fakes.openai], [
      "ollama",
      fakes.ollama
    ]] as const
  ) {
    it.live(`fill gaps in the layout of ${protocol}`, () =>
      Effect.gen(function*() {
        const { answer, seen } = yield* askOnce(protocol, server, gap)
        assert.strictEqual(answer._tag, "Right")
        assert.deepStrictEqual(seen, ["<s>PaSbM"])
      }))
  }

  it.live("notice that llama.cpp left out a part of a gap's surroundings", () =>
    Effect.gen(function*() {
      const { answer } = yield* askOnce("llama.cpp", fakes.llamaCpp, {
        _tag: "infill",
        prefix: "p".repeat(40),
        suffix: "s"
      })
      assert.strictEqual(answer._tag === "Left" && answer.left._tag, "CompleterRefused")
      assert.include(answer._tag === "Left" ? answer.left.message : "", "--batch-size")
    }))

  it.each([
    ["http://host:1", "http://host:1/props"],
    ["http://host:1/v1/", "http://host:1/props"],
    ["http://host:1/v1/completions", "http://host:1/props"],
    ["http://host:1/completion", "http://host:1/props"],
    ["http://host/llama/infill", "http://host/llama/props"]
  ])("find the root of %s", (endpoint, url) => assert.strictEqual(rootAddress(endpoint, "/props"), url))
})

describe("replay completer", () => {
  const replay = (rows: ReadonlyArray<unknown>) =>
    Effect.gen(function*() {
      const folder = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "retrace-replay-"))),
        (made) => Effect.sync(() => rmSync(made, { recursive: true }))
      )
      const file = join(folder, "answers.jsonl")
      writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""))
      const layer = completerFor("replay", { ...hurried, endpoint: file })
      return yield* Effect.provide(
        Completer,
        Layer.provide(layer, [NodeHttpClient.layer, FileReader.layer({ cache: null })])
      )
    })

  it.scoped("answers prompts, gaps and chats out of a file, cut at the stops", () =>
    Effect.gen(function*() {
      const { complete, identity, likelihood } = yield* replay([
        { prompt: "a", answer: "first<end>rest" },
        { prompt: "a", answer: "second" },
        { prefix: "a", suffix: "b", completion: "gap", ended: "length" },
        { user: "hello", answer: "hi" },
        { system: "s", user: "hello", answer: "ho" },
        { prompt: "c", completion: "wrong", label: false },
        { prompt: "c", completion: "right", label: true },
        { prompt: "d", chosen: "chosen", rejected: "rejected" },
        { prompt: "no answer" },
        "no row"
      ])
      const texts = yield* Effect.forEach(
        [raw("a"), gap, talk, { ...talk, system: "s" }, raw("c"), raw("d")],
        (asked) => Effect.map(complete(questionOf(asked, { stops: ["", "<end>"] })), ({ ended, text }) => [text, ended])
      )
      assert.deepStrictEqual(texts, [["first", "stop"], ["gap", "length"], ["hi", "stop"], ["ho", "stop"], [
        "right",
        "stop"
      ], ["chosen", "stop"]])
      const failure = yield* Effect.flip(complete(questionOf(raw("no answer"))))
      assert.strictEqual(failure._tag, "CompleterRefused")
      assert.isNull(likelihood)
      assert.strictEqual((yield* identity).model, "answers.jsonl")
    }))

  it.scoped("takes rows of a dataset for the answers that are right, whatever trainer they are for", () =>
    Effect.gen(function*() {
      const prompt = (name: string) => `<|fim_prefix|>${name} = <|fim_suffix|>\n<|fim_middle|>`
      const end = "<|file_separator|><eos>"
      const metadata = { language: "python", format: "PSM", context_chars: 0 }
      const { complete } = yield* replay([
        { segments: [{ label: false, text: `<bos>${prompt("a")}` }, { label: true, text: `1${end}` }], metadata },
        { text: `${prompt("b")}2${end}`, prefix: "b = ", middle: "2", suffix: "\n", metadata },
        { prompt: `<bos>${prompt("c")}`, answer: "3" },
        { instruction: `<bos>${prompt("d")}`, input: "", output: `4${end}`, metadata }
      ])
      const texts = yield* Effect.forEach(
        ["a", "b", "c", "d"],
        (name) => Effect.map(complete(questionOf(raw(prompt(name)), { stops: ["<eos>"] })), ({ text }) => text)
      )
      assert.deepStrictEqual(texts, ["1", "2", "3", "4"])
    }))

  it.scoped("is another model with other answers, and the same in another folder", () =>
    Effect.gen(function*() {
      const serverOf = (answer: string) =>
        Effect.flatMap(
          replay([{ prompt: "a", answer }]),
          ({ identity }) => Effect.map(identity, ({ server }) => server)
        )
      assert.strictEqual(yield* serverOf("x"), yield* serverOf("x"))
      assert.notStrictEqual(yield* serverOf("x"), yield* serverOf("y"))
    }))
})
