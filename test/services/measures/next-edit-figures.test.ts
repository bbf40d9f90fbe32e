import { assert, describe, it } from "@effect/vitest"
import { beforeLastEvent, scoreEdit } from "../../../services/measures/next-edit/edit-score.ts"
import { makeNextEditGatherer, type NextEditRow } from "../../../services/measures/next-edit/figures.ts"
import type { ReadMoment } from "../../../services/next-edit/dialect.ts"
import { dialects } from "../../../services/next-edit/dialects/all.ts"
import { zeta2 } from "../../../services/next-edit/dialects/zeta2.ts"
import { areaExample, promptAndAnswer, quietExample } from "../../support/next-edit-rows.ts"

const now = areaExample.file.text
/** What is wanted: the parameter is used, and given. */
const both = now.replace("return w\n", "return w * h\n").replace("area(2)", "area(2, 3)")
const only = now.replace("return w\n", "return w * h\n")
const mistaken = both.replace("area(2, 3)", "area(2, w)")
const undone = now.replace("w, h", "w")

const row = (parts: Partial<NextEditRow> & { readonly asked: NextEditRow["asked"] }): NextEditRow => ({
  answer: undefined,
  kind: "near",
  isHalf: false,
  ...parts
})
const figuresOf = (...rows: ReadonlyArray<NextEditRow>) => {
  const gatherer = makeNextEditGatherer()
  const faults = rows.map(gatherer.add)
  return { ...gatherer.result(), faults }
}

describe.each(dialects.map((dialect) => [dialect.name, dialect] as const))("figures of rows of %s", (_, dialect) => {
  const answerTo = (wanted: string) => promptAndAnswer(dialect, { ...areaExample, wanted })
  const { completion: chosen, prompt } = answerTo(both)
  const compared = (text: string) =>
    figuresOf(row({ asked: { prompt, wanted: chosen, unwanted: answerTo(text).completion } })).unwanted

  it.each([
    ["half of what is wanted", only, 86.39, 1, 0.5, 1, 0.571],
    ["an edit with a mistake", mistaken, 81.67, 0.75, 0.75, 0.857, 0.857]
  ])(
    "compare the regions of answers: %s",
    (_, text, deltaChrf, linePrecision, lineRecall, keptPrecision, keptRecall) => {
      const figures = compared(text)
      assert.closeTo(figures?.deltaChrf ?? 0, deltaChrf, 0.005)
      assert.deepStrictEqual([figures?.linePrecision, figures?.lineRecall], [linePrecision, lineRecall])
      assert.closeTo(figures?.lineF1 ?? 0, 2 * linePrecision * lineRecall / (linePrecision + lineRecall), 1e-9)
      assert.closeTo(figures?.keptPrecision ?? 0, keptPrecision, 0.0005)
      assert.closeTo(figures?.keptRecall ?? 0, keptRecall, 0.0005)
      assert.deepStrictEqual(figures?.reversals, { hit: 0, of: 1 })
    }
  )

  it("know an answer that takes back what was done last", () => {
    // The larger of Sweep's models begins behind the line that would be taken back.
    if (dialect.name === "sweep-v2") {
      assert.strictEqual(dialect.render({ ...areaExample, wanted: undone })._tag, "refused")
      return
    }
    const figures = compared(undone)
    assert.deepStrictEqual([figures?.deltaChrf, figures?.linePrecision, figures?.keptRecall], [0, 0, 0])
    assert.deepStrictEqual(figures?.reversals, { hit: 1, of: 1 })
  })

  it("count what wants no edit, and answers that do nothing, also where that is right", () => {
    const quiet = promptAndAnswer(dialect, quietExample).completion
    const { answers, halfTyped, quiet: wanted } = figuresOf(
      row({ asked: { prompt, wanted: quiet, unwanted: undefined }, kind: "no edit", answer: quiet }),
      row({ asked: { prompt, wanted: quiet, unwanted: undefined }, kind: "no edit", answer: chosen }),
      row({ asked: { prompt, wanted: chosen, unwanted: undefined }, kind: "same line", answer: quiet })
    )
    assert.deepStrictEqual(wanted, { hit: 2, of: 3 })
    assert.deepStrictEqual(halfTyped, { hit: 1, of: 3 })
    assert.deepStrictEqual(answers?.quiet, { hit: 2, of: 3 })
    assert.deepStrictEqual(answers?.quietWhereNoneIsWanted, { hit: 1, of: 2 })
    // To do nothing where nothing is wanted is all that is wanted.
    assert.closeTo(answers?.deltaChrf ?? 0, 100 / 3, 1e-9)
  })

  it("find the other answer where each is a row of its own, in either order", () => {
    const unwanted = answerTo(only).completion
    const halves = [
      row({ asked: { prompt, wanted: chosen, unwanted: undefined }, isHalf: true }),
      row({ asked: { prompt, wanted: undefined, unwanted }, isHalf: true })
    ]
    for (const rows of [halves, halves.toReversed()]) {
      const figures = figuresOf(...rows)
      assert.strictEqual(figures.unwanted?.answers, 1)
      assert.closeTo(figures.unwanted?.deltaChrf ?? 0, 86.39, 0.005)
    }
    assert.isNull(figuresOf(...halves.slice(0, 1)).unwanted)
  })

  it("know an edit that is said to follow and does not, and tokens of the model in what is wanted", () => {
    const { completion } = promptAndAnswer(dialect, quietExample)
    const { faults } = figuresOf(
      row({ asked: { prompt, wanted: chosen, unwanted: undefined } }),
      row({ asked: { prompt, wanted: completion, unwanted: undefined } }),
      row({ asked: { prompt, wanted: completion, unwanted: undefined }, kind: "no edit" }),
      row({
        asked: { prompt, wanted: chosen.replace("w * h", "w * \"<[fim-middle]><|fim_middle|>\""), unwanted: undefined }
      })
    )
    assert.deepStrictEqual(faults.map((fault) => fault?.isOutside).slice(0, 3), [false, true, false])
    assert.isFalse(faults[0]?.holdsControls)
    const [last] = faults.slice(-1)
    assert.isTrue(last?.holdsControls === true || last?.isOutside === true)
  })
})

describe("figures of answers", () => {
  const { completion, prompt } = promptAndAnswer(zeta2)
  const answered = (answer: string) =>
    figuresOf(row({ asked: { prompt, wanted: completion, unwanted: undefined }, answer }))

  it("count what cannot be read by reason, and leave it out of the means", () => {
    const { answers } = figuresOf(
      ...["def area(w", "<filename>x\n>>>>>>> UPDATED\n", completion].map((answer) =>
        row({ asked: { prompt, wanted: completion, unwanted: undefined }, answer })
      )
    )
    assert.strictEqual(answers?.answers, 3)
    assert.deepStrictEqual(answers?.unreadable, {
      "the answer is cut off": 1,
      "the answer holds marks of the prompt": 1
    })
    assert.strictEqual(answers?.deltaChrf, 100)
  })

  it("know an answer that goes on long behind its region", () => {
    const long = `${"x = 1\n".repeat(80)}>>>>>>> UPDATED\n`
    assert.deepStrictEqual(answered(long).answers?.overLong, { hit: 1, of: 1 })
    assert.deepStrictEqual(answered(completion).answers?.overLong, { hit: 0, of: 1 })
  })

  it("are of next edits alone", () => {
    assert.isNull(makeNextEditGatherer().result())
    assert.isUndefined(makeNextEditGatherer().add(row({ asked: { prompt: "p", wanted: "a", unwanted: "b" } })))
  })
})

describe("the place of an answer", () => {
  const lines = Array.from({ length: 30 }, (_, line) => `line ${line}`)
  const shown: ReadMoment = { path: "a.py", events: [], above: "", region: lines.join("\n"), below: "", cursor: 0 }
  const edit = (change: (all: Array<string>) => unknown) => {
    const all = [...lines]
    change(all)
    return { _tag: "edit", text: all.join("\n"), cursor: null } as const
  }
  const wanted = edit((all) => all[2] = "wanted")

  it("is far from more than eight lines on, unless some of it is near", () => {
    const isFar = (given: ReturnType<typeof edit>) => scoreEdit(shown, wanted, given).isFar
    assert.isFalse(isFar(edit((all) => all[10] = "x")))
    assert.isTrue(isFar(edit((all) => all[11] = "x")))
    assert.isFalse(isFar(edit((all) => (all[2] = "x", all[25] = "y"))))
    assert.isFalse(scoreEdit(shown, { _tag: "no edit" }, edit((all) => all[25] = "x")).isFar)
  })

  it("is missed where three lines go first", () => {
    const opens = (given: ReturnType<typeof edit>) => scoreEdit(shown, wanted, given).opensWithDeletions
    assert.isTrue(opens(edit((all) => all.splice(4, 3))))
    assert.isTrue(opens(edit((all) => all.splice(4, 3, "x"))))
    assert.isFalse(opens(edit((all) => all.splice(4, 2))))
    assert.isFalse(opens(edit((all) => (all[1] = "x", all.splice(9, 5)))))
  })
})

describe("what stood before the last event", () => {
  const moment = (events: ReadMoment["events"], region: string): ReadMoment => ({
    path: "a.py",
    events,
    above: "a\n",
    region,
    below: "\nz\n",
    cursor: region.length
  })
  const event = (before: string, after: string, path = "a.py") => ({ path, before, after })

  it("is what is shown with its lines put back", () => {
    assert.strictEqual(beforeLastEvent(moment([event("x\n", "y\n")], "y\nb")), "a\nx\nb\nz\n")
    assert.strictEqual(beforeLastEvent(moment([event("", "y\n")], "y\nb")), "a\nb\nz\n")
    // Of lines that look alike those nearest to the cursor were typed.
    assert.strictEqual(beforeLastEvent(moment([event("x\n", "y\n")], "y\nb\ny")), "a\ny\nb\nx\nz\n")
  })

  it("is not known where it was another file, or is not shown", () => {
    assert.isUndefined(beforeLastEvent(moment([event("x\n", "y\n", "b.py")], "y")))
    assert.isUndefined(beforeLastEvent(moment([event("x\n", "q\n")], "y")))
    assert.isUndefined(beforeLastEvent(moment([event("x\n", "")], "y")))
    assert.isUndefined(beforeLastEvent(moment([], "y")))
  })
})
