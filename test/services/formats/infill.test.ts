import { dialectNamed } from "../../../services/next-edit/dialects/all.ts"
import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { resolveFormat } from "../../../services/formats/format-name.ts"
import { hasBareJoint, isTokenBoundary, parseInfill, renderInfill } from "../../../services/formats/infill.ts"
import { type Order, presets } from "../../../services/formats/presets.ts"

const orders: ReadonlyArray<Order> = ["PSM", "SPM1", "SPM2"]
const source = FastCheck.string({
  unit: FastCheck.constantFrom("a", " ", "\n", "<", ">", "|", "_", "é", "[", "]", "#", "x = 1")
})
const example = { prefix: "P", suffix: "S", middle: "M", path: "src/a.py", language: "python" }

/** The bytes of each model's own order, and of the documented suffix-first ones; what a vendor published is law. */
const golden: ReadonlyArray<readonly [string, Order, string, string]> = [
  ["qwen2.5-coder", "PSM", "<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>", "<|endoftext|>"],
  ["qwen3-coder", "PSM", "<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>", "<|endoftext|>"],
  ["starcoder", "PSM", "<fim_prefix>P<fim_suffix>S<fim_middle>", "<|endoftext|>"],
  ["starcoder", "SPM2", "<fim_prefix><fim_suffix>S<fim_middle>P", "<|endoftext|>"],
  ["starcoder2", "PSM", "<fim_prefix>P<fim_suffix>S<fim_middle>", "<|endoftext|>"],
  ["granite-code", "PSM", "<fim_prefix>P<fim_suffix>S<fim_middle>", "<|endoftext|>"],
  ["granite-3.3", "PSM", "<fim_prefix>P<fim_suffix>S<fim_middle>", "<|end_of_text|>"],
  ["stable-code", "PSM", "<fim_prefix>P<fim_suffix>S<fim_middle>", "<|endoftext|>"],
  ["santacoder", "PSM", "<fim-prefix>P<fim-suffix>S<fim-middle>", "<|endoftext|>"],
  ["granite-4", "PSM", "<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>", "<|end_of_text|>"],
  ["codegemma", "PSM", "<|fim_prefix|>P<|fim_suffix|>S<|fim_middle|>", "<|file_separator|><eos>"],
  ["codellama", "PSM", "<PRE> P <SUF>S <MID>", " <EOT>"],
  ["codellama", "SPM2", "<PRE> <SUF>S <MID> P", " <EOT>"],
  ["deepseek-coder", "PSM", "<｜fim▁begin｜>P<｜fim▁hole｜>S<｜fim▁end｜>", "<｜end▁of▁sentence｜>"],
  ["deepseek-coder-v2-lite", "PSM", "<｜fim▁begin｜>P<｜fim▁hole｜>S<｜fim▁end｜>", "<｜end▁of▁sentence｜>"],
  ["codestral", "SPM1", "<s>[SUFFIX]S[PREFIX]P", "</s>"],
  ["seed-coder", "SPM1", "<[fim-suffix]>S<[fim-prefix]>P<[fim-middle]>", "<[end▁of▁sentence]>"],
  ["mellum", "SPM1", "<filename>src/a.py\n<fim_suffix>S<fim_prefix>P<fim_middle>", "<|endoftext|>"],
  ["aixcoder", "PSM", "<s>▁<AIX-SPAN-PRE>P▁<AIX-SPAN-POST>S▁<AIX-SPAN-MIDDLE>", "</s>"],
  ["aixcoder", "SPM2", "<s>▁<AIX-SPAN-PRE>▁<AIX-SPAN-POST>S▁<AIX-SPAN-MIDDLE>P", "</s>"],
  [
    "codegeex4",
    "SPM1",
    "<|user|>\n###PATH:src/a.py\n###LANGUAGE:python\n###MODE:BLOCK\n<|code_suffix|>S<|code_prefix|>P<|code_middle|><|assistant|>\n",
    "<|endoftext|>"
  ]
]

describe("presets", () => {
  it("each has a golden line for its native order", () => {
    for (const preset of presets.values()) {
      if (preset.nextEdit !== null) continue
      assert.isTrue(golden.some(([name, order]) => name === preset.name && order === preset.native), preset.name)
    }
  })

  it("those that were tuned on next edits fill in as what they were made from", () => {
    const tuned = [...presets.values()].filter(({ nextEdit }) => nextEdit !== null)
    assert.isAbove(tuned.length, 0)
    for (const { layouts, name, nextEdit } of tuned) {
      const from = presets.get(name.startsWith("zeta2") ? "seed-coder" : "qwen2.5-coder")
      assert.deepStrictEqual(layouts, from?.layouts)
      assert.isDefined(dialectNamed(nextEdit ?? ""), name)
    }
  })

  it.each(golden)("%s in %s writes its published bytes", (name, order, prompt, end) => {
    const preset = presets.get(name)
    assert.isDefined(preset)
    if (preset === undefined) return
    assert.deepStrictEqual(renderInfill(preset, order, example), { prompt, completion: "M" })
    assert.strictEqual(preset.end, end)
  })

  for (const preset of presets.values()) {
    for (const order of orders.filter((order) => preset.layouts[order] !== undefined)) {
      it.prop(
        `${preset.name} ${order} parses back what it renders`,
        { prefix: source, suffix: source, middle: source },
        (parts) => {
          FastCheck.pre(!preset.controls.some((control) => Object.values(parts).some((part) => part.includes(control))))
          const rendered = renderInfill(preset, order, { ...example, ...parts })
          const parsed = parseInfill(preset, order, rendered)
          assert.strictEqual(parsed?.prefix, parts.prefix)
          assert.strictEqual(parsed?.suffix, parts.suffix)
          assert.strictEqual(parsed?.middle, parts.middle)
          assert.deepStrictEqual(
            parseInfill(preset, order, { ...rendered, completion: rendered.completion + preset.end })?.middle,
            parts.middle
          )
        }
      )
    }
  }

  it("refuses a prompt of another model", () => {
    const qwen = presets.get("qwen2.5-coder")
    if (qwen !== undefined) {
      assert.isUndefined(
        parseInfill(qwen, "PSM", { prompt: "<fim_prefix>P<fim_suffix>S<fim_middle>", completion: "M" })
      )
    }
  })
})

describe("resolveFormat", () => {
  it.each(
    [
      ["qwen2.5-coder", "SPM", "SPM1", false],
      ["codellama", "SPM", "SPM2", false],
      ["qwen2.5-coder", "SPM2", "SPM2", true],
      ["codestral", "SPM", "SPM1", false]
    ] as const
  )("%s takes %s as %s", (name, format, order, isWarned) => {
    const preset = presets.get(name)
    const resolved = preset === undefined ? undefined : resolveFormat(preset, format)
    assert.isTrue(resolved?._tag === "resolved")
    if (resolved?._tag !== "resolved") return
    assert.strictEqual(resolved.format, order)
    assert.strictEqual(resolved.warning !== null, isWarned)
  })

  it("refuses an order that the model was never shown", () => {
    const codestral = presets.get("codestral")
    assert.strictEqual(codestral === undefined ? "" : resolveFormat(codestral, "PSM")._tag, "refused")
  })
})

it("a bare joint is where the prompt ends without a token", () => {
  const qwen = presets.get("qwen2.5-coder")
  const codestral = presets.get("codestral")
  if (qwen === undefined || codestral === undefined) throw new Error("presets are missing")
  assert.isFalse(hasBareJoint(qwen, "PSM"))
  assert.isTrue(hasBareJoint(qwen, "SPM2"))
  assert.isTrue(hasBareJoint(codestral, "SPM1"))
})

it.each([
  ["x =", " 1", false],
  ["x =", " y", true],
  ["x\n", "y", true],
  ["x\n", "  y", false],
  ["fo", "o", false],
  ["", "a", true]
])("between %j and %j no token merges: %s", (prefix, middle, expected) => {
  assert.strictEqual(isTokenBoundary(prefix, middle), expected)
})
