import { assert, it } from "@effect/vitest"
import { lookOf, makeNearEqual } from "../../../services/measures/near-equal.ts"
import { shapeOf } from "../../../services/rows/shapes.ts"

const far = (name: string) => Array.from({ length: 9 }, (_, line) => `${name} = ${line}\n`).join("")
const near = "one = 1\ntwo = 2\nthree = 3\n"
const pair = (prefix: string, chosen: string, suffix: string) => ({
  prompt: `<|fim_prefix|>${prefix}x = <|fim_suffix|>${suffix}<|fim_middle|>`,
  chosen,
  rejected: "wrong"
})
const look = (row: Readonly<Record<string, unknown>>) => lookOf(shapeOf(row).view(row).sections)
const row = pair(far("a") + near, "right(1)", `\n${near}${far("b")}`)

it.each([
  ["far away", pair(far("c") + near, "right(1)", `\n${near}${far("d")}`)],
  ["in white space", pair(far("a") + near.replaceAll("=", " = "), "right( 1 )", `\r\n${near}${far("b")}`)]
])("rows that differ %s only are near-equal", (_, other) => assert.strictEqual(look(other), look(row)))

it.each([
  ["answer", pair(far("a") + near, "right(2)", `\n${near}${far("b")}`)],
  ["other answer", { ...row, rejected: "wrong too" }],
  ["lines before", pair(far("a") + near.replace("one", "uno"), "right(1)", `\n${near}${far("b")}`)],
  ["lines behind", pair(far("a") + near, "right(1)", `\n${near.replace("three", "tre")}${far("b")}`)]
])("rows that differ in their %s are not", (_, other) => assert.notStrictEqual(look(other), look(row)))

it("rows of a shape that nobody knows have no look", () => {
  assert.isUndefined(look({ question: "what?", score: 1 }))
  assert.notStrictEqual(look({ note: "a\nb" }), look({ note: "c\nd" }))
})

it("rows with the same answer, wanted in one and unwanted in the other, are not near-equal", () => {
  const labelled = (label: boolean) => ({ prompt: row.prompt, completion: "right(1)", label })
  assert.notStrictEqual(look(labelled(true)), look(labelled(false)))
})

it("groups are told by their size, and what is held out by what is in train", () => {
  const rows = makeNearEqual()
  for (const [at, [number, side]] of ([[1, "train"], [1, "held"], [2, "held"], [1, "held"]] as const).entries()) {
    rows.add(number, side, `f:${at + 1}`)
  }
  assert.deepStrictEqual(rows.result(), {
    of: 4,
    hit: 2,
    example: "f:2",
    heldInTrain: 2,
    bySize: new Map([[3, 3], [1, 1]])
  })
})

it("of more rows than there is room for, whole groups are drawn, and the share stays about the same", () => {
  const [all, few] = [makeNearEqual(), makeNearEqual(2 ** 10)]
  for (let number = 0; number < 20_000; number++) {
    for (const rows of [all, few]) rows.add(number % 15_000, "train", `f:${number}`)
  }
  const [whole, drawn] = [all.result(), few.result()]
  assert.strictEqual(whole.of, 20_000)
  assert.isAtMost(drawn.of - drawn.hit, 2 ** 10)
  assert.closeTo(drawn.hit / drawn.of, whole.hit / whole.of, 0.03)
  assert.deepStrictEqual([...drawn.bySize.keys()].sort(), [1, 2])
})
