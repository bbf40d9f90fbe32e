import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { answersOf, gapRow, gapRows, writeLines } from "../../support/evaluated.ts"
import * as fakes from "../../support/model-protocols.ts"
import { type Mishap, type ModelServerFake, startModelServer } from "../../support/model-server.ts"
import { temporaryFolder } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"

let root = ""
const servers: Array<ModelServerFake> = []
const at = (name: string) => join(root, name)
beforeAll(() => {
  root = temporaryFolder()
})
afterAll(async () => {
  await Promise.all(servers.map(({ close }) => close()))
  rmSync(root, { recursive: true, force: true })
})

let made = 0
/** Evaluates into a folder of its own, unless one is named. */
const evaluate = async (args: ReadonlyArray<string>, output = at(`out${made++}`)) => {
  const ended = await runTask(["evaluate", ...args, "-o", output])
  const read = (name: string) => readFileSync(join(output, name), "utf8")
  return { ...ended, output, read, results: () => JSON.parse(read("results.json")) }
}

const serve = async (
  says: (prompt: string) => string,
  protocol: (model: fakes.FakeModel) => ReturnType<typeof fakes.llamaCpp> = fakes.llamaCpp,
  mishap?: (number: number) => Mishap | undefined
) => {
  const server = await startModelServer(protocol({ window: 4000, says }), mishap)
  servers.push(server)
  return server
}

/** The number of the row that a prompt shows. */
const numberIn = (prompt: string) => Number(/def f_(\d+)/.exec(prompt)?.[1])

describe("evaluate", () => {
  it("finds a difference of two points with enough rows, and says what it could have found with too few", async () => {
    const rows = gapRows(4000)
    const judge = async (count: number) => {
      const some = rows.slice(0, count)
      writeLines(at(`rows-${count}.jsonl`), some)
      // Right where the other one is, and in two of a hundred rows more.
      writeLines(at(`after-${count}.jsonl`), answersOf(some, 0.72, "one"))
      writeLines(at(`before-${count}.jsonl`), answersOf(some, 0.7, "one"))
      return evaluate([
        at(`rows-${count}.jsonl`),
        "--model",
        `replay:${at(`after-${count}.jsonl`)}`,
        "--against",
        `replay:${at(`before-${count}.jsonl`)}`
      ])
    }
    const enough = await judge(4000)
    assert.match(
      enough.stderr,
      /is better than .*: exact match rises by [12]\.\d points .* on 4,000 rows in 1,000 groups/
    )
    assert.strictEqual(enough.results().leftOut.rows.kept, 4000)
    const few = await judge(100)
    assert.match(few.stderr, /is undecided: .* This set can show a difference of \d+\.\d points or more/)
    const fewer = await judge(40)
    assert.match(fewer.stderr, /There is no verdict .* it takes at least 20 groups/)
  })

  it("asks every type of row with the very bytes of training, once", async () => {
    const prompt = gapRow(1).prompt
    const [, prefix = "", suffix = ""] = /<fim_prefix>([^]*)<fim_suffix>([^]*)<fim_middle>/.exec(prompt) ??
      []
    const same = (number: number) => ({
      ...gapRow(1),
      completion: `x + ${number}`,
      prompt: prompt.replaceAll("f_1", `f_${number}`)
    })
    mkdirSync(at("types"))
    writeLines(at("types/train_sft.jsonl"), [same(9)])
    writeLines(at("types/val_sft.jsonl"), [same(1), same(2)])
    writeLines(at("types/test_kto.jsonl"), [
      { ...same(2), label: true },
      { ...same(3), label: true },
      { ...same(3), completion: "no", label: false }
    ])
    writeLines(at("types/test_dpo.jsonl"), [{ ...same(4), chosen: "x + 4", rejected: "no" }])
    writeLines(at("types/val.jsonl"), [{
      text: `${prompt.replaceAll("f_1", "f_5")}x + 5<|endoftext|>`,
      prefix: prefix.replaceAll("f_1", "f_5"),
      middle: "x + 5",
      suffix: suffix.replaceAll("f_1", "f_5"),
      context: "",
      metadata: gapRow(1).metadata
    }])
    const seen: Array<string> = []
    const server = await serve((asked) => {
      seen.push(asked)
      return `x + ${numberIn(asked)}<|endoftext|> and more`
    })
    const { code, results, stderr } = await evaluate([at("types"), "--model", `llama.cpp=${server.endpoint}`])
    assert.strictEqual(code, 0, stderr)
    assert.sameMembers(seen, [1, 2, 3, 4, 5].map((number) => `<s>${prompt.replaceAll("f_1", `f_${number}`)}`))
    const { leftOut, measures, models } = results()
    assert.strictEqual(measures.exact.means[0], 1)
    assert.deepStrictEqual(leftOut.rows.leftOut, {
      "asks what another row asks": 1,
      "the answer is not the wanted one": 1
    })
    assert.deepStrictEqual(models[0].identity, {
      protocol: "llama.cpp",
      model: "/models/tiny.gguf",
      server: "b100-abc"
    })
  })

  it("asks no rows to train on that are not named, and says how to ask them", async () => {
    mkdirSync(at("trained"))
    writeLines(at("trained/train_sft.jsonl"), gapRows(3))
    const model = ["--model", "baseline:suffix-echo"]
    for (const task of [model, ["--export", "crosscodeeval"]]) {
      const { code, stderr } = await evaluate([at("trained"), ...task])
      assert.strictEqual(code, 66)
      assert.strictEqual(
        stderr,
        `Cannot read "${at("trained")}": no file of it is held out; ` +
          `name a file itself to ask rows to train on, such as ${at("trained/train_sft.jsonl")}\n`
      )
    }
    assert.strictEqual((await evaluate([at("trained/train_sft.jsonl"), ...model])).results().count.rows, 3)
    // Files whose names tell nothing are asked, and what is trained on beside them is not.
    writeLines(at("trained/rows.jsonl"), gapRows(5).slice(2))
    const { results } = await evaluate([at("trained"), ...model])
    assert.strictEqual(results().count.rows, 3)
    assert.deepStrictEqual(
      results().slices.filter(({ slice }: any) => slice === "in the rows to train on").map((
        { name, rows }: any
      ) => [name, rows]),
      [["neither", 2], ["question", 1]]
    )
  })

  it("asks nothing twice, and anew what another model is to answer", async () => {
    writeLines(at("again.jsonl"), gapRows(12))
    const server = await serve((prompt) => `x + ${numberIn(prompt)}`)
    const call = [at("again.jsonl"), "--model", `llama.cpp=${server.endpoint}`]
    const first = await evaluate(call)
    const page = first.read("evaluate.html")
    const second = await evaluate(call, first.output)
    assert.strictEqual(server.questions().length, 12)
    assert.strictEqual(second.read("evaluate.html"), page)
    await evaluate([...call, "--again"], first.output)
    assert.strictEqual(server.questions().length, 24)
    await evaluate([...call, "--seed", "7"], first.output)
    assert.strictEqual(server.questions().length, 36)
    const other = await serve((prompt) => `x + ${numberIn(prompt)}`, (model) => {
      const like = fakes.llamaCpp(model)
      return {
        ...like,
        reply: (request) =>
          request.path === "/props" ? { status: 200, value: { model_path: "/models/other.gguf" } } : like.reply(request)
      }
    })
    await evaluate([at("again.jsonl"), "--model", `llama.cpp=${other.endpoint}`], first.output)
    assert.strictEqual(other.questions().length, 12)
  })

  it("shows that a model which answers alike differs from itself in nothing, and is no better", async () => {
    writeLines(at("same.jsonl"), gapRows(120))
    const server = await serve((prompt) => (numberIn(prompt) % 3 === 0 ? "wrong" : `x + ${numberIn(prompt)}`))
    const { read, results, stderr } = await evaluate([
      at("same.jsonl"),
      "--model",
      `llama.cpp=${server.endpoint}`,
      "--against",
      `llama.cpp=${server.endpoint}/`,
      "--again"
    ])
    assert.match(stderr, /is undecided: exact match changes by 0\.0 points/)
    assert.strictEqual(results().noiseFloor.discordant, 0)
    assert.strictEqual(results().comparison.mcnemar, 1)
    assert.include(read("evaluate.html"), "Both models score the same in every row")
  })

  it("leaves rows that one model does not answer out for both, by their reasons", async () => {
    writeLines(at("some.jsonl"), gapRows(30))
    const server = await serve(
      (prompt) => `x + ${numberIn(prompt)}`,
      fakes.llamaCpp,
      (number) =>
        number === 3 ? { _tag: "refusal", status: 400, text: "{\"error\":{\"message\":\"too long\"}}" } : undefined
    )
    const { results } = await evaluate([
      at("some.jsonl"),
      "--model",
      `llama.cpp=${server.endpoint}`,
      "--against",
      "baseline:suffix-echo",
      "--requests",
      "1"
    ])
    const { count, leftOut } = results()
    assert.strictEqual(count.rows, 29)
    assert.deepStrictEqual(leftOut.rows.leftOut, { "refused: it answers 400: too long": 1 })
  })

  it("warns of rows without an answer, and passes no model that leaves more than a few of them unanswered", async () => {
    writeLines(at("refused.jsonl"), gapRows(200))
    const refusing = async (count: number) => {
      const server = await serve(
        (prompt) => `x + ${numberIn(prompt)}`,
        fakes.llamaCpp,
        (number) => number < count ? { _tag: "refusal", status: 400, text: "too long" } : undefined
      )
      return [at("refused.jsonl"), "--model", `llama.cpp=${server.endpoint}`, "--quiet"]
    }
    const few = await evaluate([...(await refusing(2)), "--min", "exact=0.9"])
    assert.strictEqual(few.code, 0, few.stderr)
    assert.include(
      few.stderr,
      "Warning: 2 of 200 rows got no answer and are left out: 2 refused: it answers 400: too long"
    )
    const many = await refusing(90)
    const plain = await evaluate(many)
    assert.strictEqual(plain.code, 0, plain.stderr)
    assert.include(plain.stderr, "Warning: 90 of 200 rows got no answer")
    for (const gate of [["--min", "exact=0.9"], ["--no-worse-than", join(few.output, "results.json")]]) {
      const { code, stderr } = await evaluate([...many, ...gate], plain.output)
      assert.strictEqual(code, 2, stderr)
      assert.include(stderr, "Cannot accept the model: it left 90 of 200 rows unanswered, more than 1 %")
    }
    // Who is only compared with may stay silent.
    const against = await evaluate([
      at("refused.jsonl"),
      "--model",
      "baseline:suffix-echo",
      "--against",
      many[2] ?? "",
      "--min",
      "similarity=0"
    ])
    assert.strictEqual(against.code, 0, against.stderr)
  })

  it("leaves rows out that a file of answers does not hold, however many there are", async () => {
    const rows = gapRows(120)
    writeLines(at("asked.jsonl"), rows)
    writeLines(at("part.jsonl"), rows.slice(60))
    writeLines(at("nothing.jsonl"), gapRows(130).slice(120))
    const { code, results, stderr } = await evaluate([
      at("asked.jsonl"),
      "--model",
      `replay:${at("part.jsonl")}`,
      "--against",
      "baseline:suffix-echo"
    ])
    assert.strictEqual(code, 0, stderr)
    assert.include(stderr, "60 of 120 rows got no answer and are left out: 60 refused: it has no answer to this prompt")
    assert.strictEqual(results().count.rows, 60)
    const none = await evaluate([at("asked.jsonl"), "--model", `replay:${at("nothing.jsonl")}`])
    assert.strictEqual(none.code, 65)
    assert.include(
      none.stderr,
      "no row has an answer of each model (120 left out: refused: it has no answer to this prompt)"
    )
  })

  it.each([["vllm", fakes.vllm], ["tgi", fakes.tgi]] as const)(
    "says what %s needs to be asked for a gap",
    async (protocol, speaks) => {
      const server = await serve(() => "x", speaks)
      const call = ["--model", `${protocol}=${server.endpoint}`]
      const rows = join(import.meta.dirname, "../../fixtures/evaluation-sets/humaneval-infilling.jsonl")
      const plain = await evaluate([rows, ...call])
      assert.strictEqual(plain.code, 65)
      assert.include(plain.stderr, "its protocol has no layout for gaps; pass --layout, which names the model's")
      assert.lengthOf(server.questions(), 0)
      assert.strictEqual((await evaluate([rows, ...call, "--layout", "starcoder"])).code, 0)
      writeLines(at("ours-as-gaps.jsonl"), gapRows(2))
      const gaps = await evaluate([at("ours-as-gaps.jsonl"), ...call, "--as-gaps"])
      assert.include(gaps.stderr, "its protocol has no layout for gaps; leave out --as-gaps")
    }
  )

  it("tells rows apart by what the model may know of them", async () => {
    const answer = "return [x + number for number in all_numbers]"
    const row = (number: number, code: string, date: string) => ({
      prompt: `<fim_prefix>def f_${number}(x):\n    <fim_suffix>\n\n\n${code}\n<fim_middle>`,
      completion: answer,
      metadata: { ...gapRow(1).metadata, context_chars: 0, date }
    })
    mkdirSync(at("known"))
    writeLines(at("known/train_sft.jsonl"), [row(1, "f_1()", "")])
    writeLines(at("known/val_sft.jsonl"), [
      row(1, "f_1()", "2024-01-01T00:00:00Z"),
      row(2, `def g(x):\n    ${answer}\n`, "2026-01-01T00:00:00Z"),
      row(3, "f_3()", "")
    ])
    writeLines(at("more.jsonl"), [row(3, "f_3()\nf_4()", "")])
    const partsOf = async (...args: ReadonlyArray<string>) => {
      const { results, stderr } = await evaluate([at("known"), "--model", "baseline:suffix-echo", ...args])
      assert.include(stderr, "on 3 rows")
      return (slice: string) =>
        Object.fromEntries(
          results().slices.filter((part: any) => part.slice === slice).map(({ name, rows }: any) => [name, rows])
        )
    }
    const parts = await partsOf("--cutoff", "2025-01-01")
    assert.deepStrictEqual(parts("in the rows to train on"), { question: 1, neither: 2 })
    assert.deepStrictEqual(parts("the answer stands in"), { "the prompt": 1, nowhere: 2 })
    assert.deepStrictEqual(parts("the model's cutoff"), { "before it": 1, "after it": 1 })
    const more = await partsOf("--train", at("more.jsonl"))
    assert.deepStrictEqual(more("in the rows to train on"), { question: 1, answer: 1, neither: 1 })
  })

  it("never takes an answer for exact that the limit of tokens cut off", async () => {
    writeLines(at("long.jsonl"), [{ ...gapRow(1), completion: "x".repeat(20) }])
    const server = await serve(() => "x".repeat(50))
    const { results } = await evaluate([
      at("long.jsonl"),
      "--model",
      `llama.cpp=${server.endpoint}`,
      "--max-tokens",
      "20"
    ])
    assert.strictEqual(results().measures.exact.means[0], 0)
    assert.strictEqual(results().models[0].cutOff, 1)
  })

  it("reads the code out of what a chat says", async () => {
    writeLines(at("chat.jsonl"), gapRows(3))
    const said = (prompt: string) => `Here it is:\n\n\`\`\`python\nx + ${numberIn(prompt)}\n\`\`\`\nAnything else?`
    const server = await serve(said, fakes.chat)
    const { results } = await evaluate([at("chat.jsonl"), "--model", `chat=${server.endpoint}#tiny`])
    assert.deepStrictEqual(results().rows.map(({ answers }: any) => answers), [["x + 0"], ["x + 1"], ["x + 2"]])
    assert.strictEqual(results().measures.exact.means[0], 1)
  })

  it("takes no code out of what a chat only thought", async () => {
    writeLines(at("thoughts.jsonl"), gapRows(4))
    const block = (code: string) => `\`\`\`python\n${code}\n\`\`\`\n`
    const says = [
      (number: number) => `<think>Perhaps\n\n${block("wrong()")}\nor not.</think>\n\n${block(`x + ${number}`)}`,
      (number: number) => `Perhaps\n\n${block("wrong()")}\nor not.\n</think>\n\nx + ${number}`,
      (number: number) => block(`x + ${number}`),
      (number: number) => `<think>It is\n\n${block(`x + ${number}`)}`
    ]
    const server = await serve((prompt) => says[numberIn(prompt)]?.(numberIn(prompt)) ?? "", fakes.chat)
    const { results } = await evaluate([at("thoughts.jsonl"), "--model", `chat=${server.endpoint}#tiny`])
    assert.deepStrictEqual(
      results().rows.map(({ answers: [answer] }: any) => answer.trim()),
      ["x + 0", "x + 1", "x + 2", ""]
    )
  })

  it("asks for gaps by their prefix and suffix where it is told to", async () => {
    writeLines(at("gaps.jsonl"), gapRows(2))
    // What is shown of other files is shown there, too.
    const seen: Array<string> = []
    const server = await serve((prompt) => {
      seen.push(prompt)
      return "x"
    }, fakes.openai)
    await evaluate([at("gaps.jsonl"), "--model", `openai=${server.endpoint}#tiny`, "--as-gaps"])
    assert.sameMembers(seen, [
      "<s>P# --- g.py ---\ng = 0\ndef f_0(x):\n    y = x\n    return S\n\n\nf_0(1)\nM",
      "<s>Pdef f_1(x):\n    y = x\n    return S\n\n\nf_1(1)\nM"
    ])
  })

  it("tells how likely a model finds the right answers", async () => {
    writeLines(at("likely.jsonl"), gapRows(3))
    const server = await serve((prompt) => `x + ${numberIn(prompt)}`, fakes.vllm)
    const { results } = await evaluate([at("likely.jsonl"), "--model", `vllm=${server.endpoint}`, "--likelihood"])
    const golds = gapRows(3).map(({ completion }) => completion).join("")
    const sum = [...golds].reduce((total, token) => total + fakes.logProbabilityOf(token), 0)
    assert.closeTo(results().models[0].perplexity, Math.exp(-sum / golds.length), 1e-9)
  })

  const sets = join(import.meta.dirname, "../../fixtures/evaluation-sets")
  it.each(readdirSync(sets).filter((name) => name.endsWith(".jsonl")))(
    "asks the rows of a public set by prefix and suffix, and in a model's layout: %s",
    async (name) => {
      const seen: Array<string> = []
      const server = await serve((prompt) => {
        seen.push(prompt)
        return "x"
      })
      const plain = await evaluate([join(sets, name), "--model", "baseline:similar-line"])
      assert.strictEqual(plain.code, 0, plain.stderr)
      const call = ["--model", `llama.cpp=${server.endpoint}`, "--layout", "Qwen/Qwen2.5-Coder-7B"]
      const laid = await evaluate([join(sets, name), ...call])
      assert.strictEqual(laid.code, 0, laid.stderr)
      assert.isAbove(seen.length, 0)
      for (const prompt of seen) assert.match(prompt, /<\|fim_prefix\|>[^]*<\|fim_suffix\|>[^]*<\|fim_middle\|>$/)
    }
  )

  it("asks an example of Zed's in a dialect, and takes any of its expected patches", async () => {
    const call = [join(sets, "example.md"), "--layout", "sweep"]
    const seen: Array<string> = []
    const server = await serve((prompt) => {
      seen.push(prompt)
      return "nothing"
    })
    const first = await evaluate([...call, "--model", `llama.cpp=${server.endpoint}`])
    assert.strictEqual(first.code, 0, first.stderr)
    const { measures } = first.results()
    assert.strictEqual(measures.exact.means[0], 0)
    assert.strictEqual(measures.readable.means[0], 0)
    assert.lengthOf(seen, 1)
    const without = await evaluate([join(sets, "example.md"), "--model", "baseline:suffix-echo"])
    assert.strictEqual(without.code, 65)
    assert.include(without.stderr, "--layout names one")
  })

  it("reads the folder of examples that it writes", async () => {
    mkdirSync(at("examples"))
    const example = readFileSync(join(sets, "example.md"), "utf8")
    for (const [name, parameter] of [["one.md", "h"], ["two.md", "height"]] as const) {
      writeFileSync(at(`examples/${name}`), example.replaceAll("w, h", `w, ${parameter}`))
    }
    const written = await evaluate([at("examples"), "--export", "example-spec"])
    assert.strictEqual(written.code, 0, written.stderr)
    const folder = join(written.output, "example-spec")
    assert.deepStrictEqual(readdirSync(folder).sort(), ["1.md", "2.md"])
    const server = await serve(() => "nothing")
    const asked = await evaluate([folder, "--layout", "sweep", "--model", `llama.cpp=${server.endpoint}`])
    assert.strictEqual(asked.code, 0, asked.stderr)
    assert.deepStrictEqual(asked.results().rows.map(({ place }: any) => place), ["1.md:1", "2.md:1"])
  })

  it.each(["crosscodeeval", "santacoder-fim", "real-fim-eval"])(
    "writes held-out rows as %s, and asks them as before",
    async (form) => {
      const rows = gapRows(6)
      writeLines(at("ours.jsonl"), rows)
      const { code, output, stderr } = await evaluate([at("ours.jsonl"), "--export", form])
      assert.strictEqual(code, 0, stderr)
      const written = join(output, `${form}.jsonl`)
      assert.strictEqual(readFileSync(written, "utf8").trim().split("\n").length, 6)
      const golds = (await evaluate([written, "--model", "baseline:suffix-echo"])).read("lm-eval/samples_model.jsonl")
        .trim().split("\n").map((line) => JSON.parse(line).target)
      assert.deepStrictEqual(golds, rows.map(({ completion }) => completion))
      // What is there already is not replaced.
      writeLines(at("ours.jsonl"), gapRows(3))
      const again = await evaluate([at("ours.jsonl"), "--export", form], output)
      assert.strictEqual(again.code, 73)
      assert.include(again.stderr, "it is there already; pass another --output, or remove it")
      assert.strictEqual(readFileSync(written, "utf8").trim().split("\n").length, 6)
    }
  )

  it("writes a row that stands in files of several types once, and no more rows than it is told to", async () => {
    mkdirSync(at("thrice"))
    const rows = gapRows(40)
    writeLines(at("thrice/val_sft.jsonl"), rows)
    writeLines(at("thrice/test_kto.jsonl"), rows.map((row) => ({ ...row, label: true })))
    writeLines(
      at("thrice/test_dpo.jsonl"),
      rows.map(({ completion, ...row }) => ({ ...row, chosen: completion, rejected: "no" }))
    )
    const written = async (...args: ReadonlyArray<string>) => {
      const { code, output, stderr } = await evaluate([at("thrice"), "--export", "santacoder-fim", ...args])
      assert.strictEqual(code, 0, stderr)
      return { lines: readFileSync(join(output, "santacoder-fim.jsonl"), "utf8").trim().split("\n"), stderr }
    }
    const all = await written()
    assert.strictEqual(new Set(all.lines).size, 40)
    assert.lengthOf(all.lines, 40)
    assert.match(all.stderr, /: 40 rows \(80 left out: asks what another row asks\)/)
    const some = await written("--limit", "7")
    assert.lengthOf(some.lines, 7)
    assert.includeMembers(all.lines, some.lines)
    assert.match(some.stderr, /33 left out: not drawn/)
    // The same rows are drawn as for a model.
    const asked = await evaluate([at("thrice"), "--model", "baseline:suffix-echo", "--limit", "7"])
    assert.sameMembers(
      some.lines.map((line) => JSON.parse(line).canonical_solution),
      asked.read("lm-eval/samples_model.jsonl").trim().split("\n").map((line) => JSON.parse(line).target)
    )
  })

  it("asks no model with --export, and says so to who names one", async () => {
    writeLines(at("both.jsonl"), gapRows(2))
    const call = [at("both.jsonl"), "--export", "crosscodeeval"]
    for (const [flag, value] of [["--model", "baseline:suffix-echo"], ["--min", "exact=0.1"]] as const) {
      const { code, stderr } = await evaluate([...call, flag, value])
      assert.strictEqual(code, 64)
      assert.include(stderr, `Cannot ask a model with --export: drop it, or ${flag}`)
    }
  })

  it("says what a form cannot hold", async () => {
    writeLines(at("held.jsonl"), gapRows(2))
    const { code, stderr } = await evaluate([at("held.jsonl"), "--export", "example-spec"])
    assert.strictEqual(code, 65)
    assert.include(stderr, "no row can be written as example-spec (the form holds edits, and no gaps to fill)")
    const none = await evaluate([at("held.jsonl")])
    assert.strictEqual(none.code, 64)
    assert.include(none.stderr, "pass --model")
  })

  it("ends with code 2 for a model that is not good enough, or worse than before", async () => {
    const rows = gapRows(200)
    writeLines(at("gate.jsonl"), rows)
    for (const [name, share] of [["good", 0.9], ["bad", 0.5], ["alike", 0.89]] as const) {
      writeLines(at(`${name}.jsonl`), answersOf(rows, share, "gate"))
    }
    const gate = (name: string, ...args: ReadonlyArray<string>) =>
      evaluate([at("gate.jsonl"), "--model", `replay:${at(`${name}.jsonl`)}`, ...args])
    const good = await gate("good", "--min", "exact=0.8", "--min", "similarity=0.5")
    assert.strictEqual(good.code, 0, good.stderr)
    const short = await gate("bad", "--min", "exact=0.8")
    assert.strictEqual(short.code, 2)
    assert.match(short.stderr, /Cannot accept the model: exact is 5\d(?:\.\d)? %, below 80 %/)
    const worse = await gate("bad", "--no-worse-than", join(good.output, "results.json"))
    assert.strictEqual(worse.code, 2)
    assert.match(worse.stderr, /exact falls by \d+\.\d points against replay/)
    const alike = await gate("alike", "--no-worse-than", join(good.output, "results.json"))
    assert.strictEqual(alike.code, 0, alike.stderr)
    writeFileSync(at("none.json"), "{}")
    for (
      const [args, code, told] of [
        [["--no-worse-than", at("none.json")], 65, "no results.json"],
        [["--no-worse-than", at("nowhere.json")], 66, "no such file"],
        [["--min", "beauty=1"], 64, "it takes a measure"],
        [["--headline", "beauty"], 64, "it takes"]
      ] as const
    ) {
      const ended = await gate("good", ...args)
      assert.strictEqual(ended.code, code, ended.stderr)
      assert.include(ended.stderr, told)
    }
  })

  it("tells that earlier results are of other rows before it asks, and of what falls short in any case", async () => {
    const rows = gapRows(160)
    writeLines(at("earlier.jsonl"), rows)
    writeLines(at("others.jsonl"), gapRows(300).slice(160))
    writeLines(at("few.jsonl"), [...rows.slice(0, 40), ...gapRows(300).slice(160)])
    const asked = await serve((prompt) => `x + ${numberIn(prompt)}`)
    const model = ["--model", `llama.cpp=${asked.endpoint}`]
    const earlier = join((await evaluate([at("earlier.jsonl"), ...model])).output, "results.json")
    const questions = asked.questions().length
    for (
      const [name, told] of [
        ["others", "it has no row of these with exact"],
        ["few", "the 40 rows of both are in 10 groups, and it takes at least 20"]
      ] as const
    ) {
      const { code, stderr } = await evaluate([at(`${name}.jsonl`), ...model, "--no-worse-than", earlier])
      assert.strictEqual(code, 65, stderr)
      assert.include(stderr, `Cannot compare with "${earlier}": ${told}`)
    }
    assert.strictEqual(asked.questions().length, questions)
    // Few of the rows of both are answered, so that nothing can be said against the earlier results.
    const refusing = await serve(
      () => "no",
      fakes.llamaCpp,
      (number) => number >= 15 ? { _tag: "refusal", status: 400, text: "too long" } : undefined
    )
    const short = await evaluate([
      at("earlier.jsonl"),
      "--model",
      `llama.cpp=${refusing.endpoint}`,
      "--min",
      "exact=1",
      "--no-worse-than",
      earlier
    ])
    assert.strictEqual(short.code, 2, short.stderr)
    assert.match(
      short.stderr,
      /unanswered, more than 1 %; exact is 0 %, below 100 %; Cannot compare with .* of both are in/
    )
  })

  it("ends early where no model answers, and says how to go on", async () => {
    writeLines(at("gone.jsonl"), gapRows(40))
    const down = await serve(() => "x")
    await down.close()
    const gone = await evaluate([at("gone.jsonl"), "--model", `llama.cpp=${down.endpoint}`, "--retries", "0"])
    assert.strictEqual(gone.code, 69)
    assert.include(gone.stderr, "nothing listens there")
    const refusing = await serve(() => "x", fakes.llamaCpp, () => ({ _tag: "refusal", status: 401, text: "no key" }))
    const refused = await evaluate([at("gone.jsonl"), "--model", `llama.cpp=${refusing.endpoint}`, "--requests", "1"])
    assert.strictEqual(refused.code, 65)
    assert.match(refused.stderr, /no key; what was answered is kept, and the same call goes on from there/)
    assert.strictEqual(refusing.questions().length, 8)
  })

  it.each([
    ["llama.cpp", "it takes a protocol with an address"],
    ["llama.cpp=ftp://host", "it takes a protocol with an address"],
    ["baseline:best", "it takes a protocol with an address"],
    ["replay:/nowhere.jsonl", "there is no such file"]
  ])("takes no model that is named %s", async (model, told) => {
    writeLines(at("named.jsonl"), gapRows(2))
    const { code, stderr } = await evaluate([at("named.jsonl"), "--model", model])
    assert.include([64, 66], code)
    assert.include(stderr, told)
  })

  it("shows regressions and gains in a page without a script, whatever rows and answers hold", async () => {
    const hostile = "</pre><script>alert(1)</script>"
    const rows = gapRows(4)
    writeLines(at("page.jsonl"), rows)
    const answers = (texts: ReadonlyArray<string>) =>
      rows.map(({ prompt }, place) => ({ prompt, answer: texts[place] }))
    writeLines(at("one.jsonl"), answers(["x + 0", hostile, "x + 2", "password = 'hunter2-Zx81-9qwLm'"]))
    writeLines(at("two.jsonl"), answers(["y", "x + 1", "x + 2", "x + 3"]))
    const { read } = await evaluate([
      at("page.jsonl"),
      "--model",
      `replay:${at("one.jsonl")}`,
      "--against",
      `replay:${at("two.jsonl")}`
    ])
    const page = read("evaluate.html")
    assert.notInclude(page, "<script")
    assert.include(page, "&lt;script&gt;")
    assert.include(page, "<h3>Regressions</h3>")
    assert.include(page, "<h3>Gains</h3>")
    assert.isBelow(page.indexOf("Regressions"), page.indexOf("Gains"))
    assert.include(page, "(holds a secret)")
    assert.notInclude(page, "hunter2")
  })

  it("tells of the rows that the headline says something of, and of no others", async () => {
    // Every other row holds the whole file, whose syntax can be judged.
    const rows = gapRows(120, 2).map((row, number) => {
      const [, prefix = "", suffix = ""] = /<fim_prefix>([^]*)<fim_suffix>([^]*)<fim_middle>/.exec(row.prompt) ?? []
      const metadata = { ...row.metadata, language: "python", context_chars: 0, prefix_cut: number % 2, suffix_cut: 0 }
      return {
        text: `<fim_prefix>${prefix}<fim_suffix>${suffix}<fim_middle>${row.completion}<|endoftext|>`,
        prefix,
        middle: row.completion,
        suffix,
        context: "",
        metadata: { ...metadata, kind: number % 2 === 0 ? "expression" : "block" }
      }
    })
    writeLines(at("whole.jsonl"), rows)
    const server = await serve((prompt) => `x + ${numberIn(prompt)}`)
    const call = [at("whole.jsonl"), "--model", `llama.cpp=${server.endpoint}`]
    const { read, results, stderr } = await evaluate([...call, "--headline", "parses", "--again"])
    assert.match(stderr, /on 60 rows in 60 groups/)
    assert.strictEqual(results().count.rows, 120)
    assert.strictEqual(results().noiseFloor.rows, 60)
    // All rows that are measured are of one kind.
    assert.notInclude(results().slices.map(({ slice }: any) => slice), "kind")
    assert.include(read("evaluate.html"), "All of them are right")
    const asked = server.questions().length
    const none = await evaluate([...call, "--headline", "readable"])
    assert.strictEqual(none.code, 65)
    assert.include(none.stderr, "Cannot evaluate: readable says nothing of these rows; pass another --headline")
    assert.strictEqual(server.questions().length, asked)
  })

  it("is never surer than its groups let it be", async () => {
    const rows = gapRows(160)
    writeLines(at("sure.jsonl"), rows)
    writeLines(at("right.jsonl"), answersOf(rows, 1, "sure"))
    writeLines(at("wrong.jsonl"), answersOf(rows, 0, "sure"))
    writeLines(
      at("nearly.jsonl"),
      rows.map((row, number) => ({ ...row, completion: number === 0 ? "no" : row.completion }))
    )
    const [right, wrong, nearly] = ["right", "wrong", "nearly"].map((name) => `replay:${at(`${name}.jsonl`)}`)
    const told = async (...args: ReadonlyArray<string>) => {
      const { read, stderr } = await evaluate([at("sure.jsonl"), ...args])
      return { stderr, page: read("evaluate.html").replaceAll("&nbsp;", " ") }
    }
    const all = await told("--model", right ?? "")
    assert.include(all.stderr, "exact match 100 % (95 % interval from 91.2 % to 100 %) on 160 rows in 40 groups")
    assert.include(all.page, "91.2 % to 100 %")
    const none = await told("--model", wrong ?? "")
    assert.include(none.stderr, "exact match 0 % (95 % interval from 0 % to 8.8 %)")
    writeLines(at("sure.jsonl"), rows.slice(0, 100))
    const few = await told("--model", nearly ?? "")
    assert.match(few.page, />exact match \(headline\)<[^]*?>9\d\.\d % to 100 %</)
    writeLines(at("sure.jsonl"), rows)
    const pair = await told("--model", right ?? "", "--against", wrong ?? "")
    assert.include(pair.page, "p &lt; 0.001")
    assert.notInclude(pair.page, "p = 0.000")
    assert.include(pair.page, "+82.4 to +100.0")
  })

  it("logs answers as other harnesses do", async () => {
    writeLines(at("logs.jsonl"), gapRows(3))
    const { read } = await evaluate([at("logs.jsonl"), "--model", "baseline:similar-line"])
    const samples = read("lm-eval/samples_model.jsonl").trim().split("\n").map((line) => JSON.parse(line))
    assert.lengthOf(samples, 3)
    for (const [index, sample] of samples.entries()) {
      assert.strictEqual(sample.doc_id, index)
      assert.strictEqual(sample.target, gapRow(index).completion)
      assert.strictEqual(sample.arguments.gen_args_0.arg_0, gapRow(index).prompt)
      assert.deepStrictEqual(sample.resps, [sample.filtered_resps])
      for (const metric of sample.metrics) assert.isNumber(sample[metric])
    }
    const log = JSON.parse(read("inspect/model.json"))
    assert.strictEqual(log.version, 2)
    assert.strictEqual(log.status, "success")
    assert.strictEqual(log.eval.dataset.samples, 3)
    assert.deepStrictEqual(log.samples.map(({ target }: any) => target), gapRows(3).map(({ completion }) => completion))
    assert.isNumber(log.results.scores[0].metrics.mean.value)
  })
})
