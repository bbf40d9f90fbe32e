import { assert, describe, it } from "@effect/vitest"
import { trainedOn } from "../../../services/measures/token-counts.ts"
import { renderZed } from "../../../services/formats/zed.ts"
import { dialects } from "../../../services/next-edit/dialects/all.ts"
import { otherAnswerOf } from "../../../services/rows/other-answer.ts"
import { eventSections } from "../../../services/rows/next-edit-picture.ts"
import type { Section } from "../../../services/rows/picture.ts"
import { headlineOf, traitsOf } from "../../../services/rows/row-line.ts"
import { viewOf } from "../../../services/rows/row-view.ts"
import { areaExample, nextEditMetadata, promptAndAnswer, quietExample } from "../../support/next-edit-rows.ts"

const named = (sections: ReadonlyArray<Section>) => sections.map(({ name }) => name)
const changeIn = (section: Section | undefined) => {
  assert.strictEqual(section?.kind, "change")
  return section?.kind === "change" ? section : undefined
}

describe.each(dialects.map((dialect) => [dialect.name, dialect] as const))("a row of %s", (_, dialect) => {
  const { completion, prompt } = promptAndAnswer(dialect)
  const quiet = promptAndAnswer(dialect, quietExample)
  const metadata = nextEditMetadata(dialect, "near")

  it("opens with the region before and after, in its file, with the cursor", () => {
    const { facts, sections, shape } = viewOf({ prompt, completion, metadata })
    assert.strictEqual(shape, "sft")
    assert.notInclude(facts.map(([name]) => name), "prompt")
    const change = changeIn(sections[0])
    const { prefix = "", suffix = "" } = change?.around ?? {}
    const whole = (text = "") => `${prefix}${text}${suffix}`.replace(/\n+$/, "\n").replace(/\)$/, ")\n")
    assert.strictEqual(whole(change?.left.text), areaExample.file.text)
    assert.strictEqual(whole(change?.right.text), areaExample.wanted)
    assert.strictEqual(change?.cursor ?? null, dialect.name === "sweep" ? null : areaExample.cursor - prefix.length)
    assert.strictEqual(headlineOf(sections), "return w * h")
  })

  it("shows what the user did before, oldest first, and the prompt as it is", () => {
    const { sections } = viewOf({ prompt, completion, metadata })
    assert.deepStrictEqual(named(sections).slice(1), [
      "edit 1 of 2: src/unit.py",
      "edit 2 of 2: src/area.py",
      "the whole prompt"
    ])
    const [unit, area] = sections.slice(1, 3).map(changeIn)
    assert.deepStrictEqual([unit?.left.text, unit?.right.text, unit?.isAside], ["M = 0\n", "M = 1\n", false])
    assert.include(area?.left.text, "def area(w):\n")
    assert.include(area?.right.text, "def area(w, h):\n")
    const last = sections.at(-1)
    assert.strictEqual(last?.kind === "code" && last.isAside ? last.text : "", prompt)
  })

  it("says that nothing is left to do, at the line of the cursor", () => {
    const { sections } = viewOf({ prompt: quiet.prompt, completion: quiet.completion, metadata })
    const change = changeIn(sections[0])
    assert.strictEqual(change?.ifSame, "nothing is left to do")
    assert.strictEqual(change?.left.text, change?.right.text)
    assert.strictEqual(headlineOf(sections), "nothing is left to do")
    if (dialect.name !== "sweep") assert.strictEqual(change?.left.text, "    return w")
    if (dialect.name !== "sweep") assert.strictEqual(change?.cursor, "    return w".length)
  })

  it("compares the regions of two answers, the wanted one on the left", () => {
    const { sections, shape } = viewOf({ prompt, chosen: completion, rejected: quiet.completion, metadata })
    assert.strictEqual(shape, "dpo")
    const [pair, chosen, rejected] = sections.slice(0, 3).map(changeIn)
    assert.deepStrictEqual(named(sections).slice(0, 3), [
      "chosen and rejected",
      "chosen: what changes",
      "rejected: what changes"
    ])
    assert.include(pair?.left.text, "return w * h")
    assert.notInclude(pair?.right.text, "return w * h")
    assert.deepStrictEqual([chosen?.right.tone, rejected?.right.tone], ["wanted", "unwanted"])
    assert.strictEqual(rejected?.ifSame, "nothing is left to do")
  })

  it("finds the other answer of a labelled pair, and shows both", () => {
    const wanted = { prompt, completion, label: true, metadata }
    const unwanted = { prompt, completion: quiet.completion, label: false, metadata }
    const query = otherAnswerOf(unwanted)
    assert.isTrue(query?.isIt(wanted))
    assert.include(JSON.stringify(wanted), query?.holding ?? "no text")
    // What is looked for stands in the region, and not in what other prompts of the run share.
    assert.include(areaExample.file.text, query?.holding ?? "no text")
    assert.strictEqual(viewOf(unwanted, "", wanted).sections[0]?.name, "wanted and unwanted")
  })

  it("is known by its prompt alone, whichever trainer's columns it has", () => {
    const row = { instruction: prompt, input: "", output: completion }
    assert.strictEqual(viewOf(row).sections[0]?.name, "completion: what changes")
    const segments = [{ label: false, text: prompt }, { label: true, text: completion }]
    assert.strictEqual(viewOf({ segments }).sections[0]?.name, "completion: what changes")
  })

  it("is taken apart where it is a single text", () => {
    const row = { text: prompt + completion, prefix: "", middle: "x", suffix: "", context: "", metadata }
    const { sections, shape } = viewOf(row)
    assert.strictEqual(shape, "fim")
    assert.strictEqual(headlineOf(sections), "return w * h")
    assert.strictEqual(sections.at(-1)?.name, "the whole prompt")
    const trained = trainedOn(row)
    assert.strictEqual(`${trained?.prompt}${trained?.wanted}`, row.text)
    assert.isTrue(prompt.startsWith(trained?.prompt ?? "?"))
  })

  it("tells a table where the next edit lies, and what was spoiled", () => {
    const { kind, language, negative } = traitsOf({ prompt, completion, metadata: { ...metadata, negative: "undo" } })
    assert.deepStrictEqual([kind, language, negative], ["near", "python", "undo"])
  })
})

describe("what cannot be read", () => {
  it("is shown as it is written, with the reason", () => {
    const zeta = dialects[0]
    if (zeta === undefined) return assert.fail()
    const { prompt } = promptAndAnswer(zeta)
    const [first] = viewOf({ prompt, completion: "def area(w, h):" }).sections
    assert.deepStrictEqual([first?.kind, first?.name], ["code", "completion: the answer is cut off"])
  })
})

describe("edits that came before", () => {
  it("are folded where they are long, and but for the last three", () => {
    const short = { path: "a.py", before: "a\n", after: "b\n" }
    const long = { path: "a.py", before: "", after: "x\n".repeat(13) }
    const folded = (events: Parameters<typeof eventSections>[0]) =>
      eventSections(events).map((section) => section.kind === "change" && section.isAside)
    assert.deepStrictEqual(folded([short, short, short, short]), [true, false, false, false])
    assert.deepStrictEqual(folded([short, long]), [false, true])
    assert.deepStrictEqual(folded([]), [])
  })
})

describe("a row of ZED", () => {
  it("is read with the context of other files in its prompt", () => {
    const example = {
      path: "a.py",
      events: [{ _tag: "edited", path: "a.py", diff: "@@ -1,1 +1,1 @@\n-a = 1\n+a = 2" }],
      startsFile: true,
      before: "a = 2\n",
      region: "b = 1",
      cursor: 5,
      after: "\nc = 3",
      rewritten: "b = 2"
    } as const
    for (const context of ["", "# other.py\nx = 1\n"]) {
      const { sections } = viewOf({ ...renderZed(example, context), metadata: { format: "ZED" } })
      const change = changeIn(sections[0])
      assert.deepStrictEqual([change?.left.text, change?.right.text, change?.cursor], ["b = 1", "b = 2", 5])
      assert.deepStrictEqual(change?.around, { prefix: "a = 2\n", suffix: "\nc = 3" })
      assert.deepStrictEqual(named(sections), ["completion: what changes", "edit 1 of 1: a.py", "the whole prompt"])
    }
  })
})
