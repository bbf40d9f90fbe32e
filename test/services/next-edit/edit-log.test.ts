import { assert, describe, it } from "@effect/vitest"
import { makeEditLog } from "../../../services/next-edit/edit-log.ts"

const lines = (count: number) => Array.from({ length: count }, (_, line) => `line ${line}\n`).join("")
const text = lines(60)
const change = (whole: string, line: number) => whole.replace(`line ${line}\n`, `line ${line}!\n`)

describe("the log of edits", () => {
  it("takes typing in one place as one event, and begins another further away", () => {
    const log = makeEditLog()
    const [first, second, third] = [change(text, 3), change(change(text, 3), 9), change(change(change(text, 3), 9), 40)]
    log.edited("a.py", text, first, 0)
    log.edited("a.py", first, second, 100)
    log.edited("a.py", second, third, 200)
    assert.deepStrictEqual(log.events(), [
      { path: "a.py", before: text, after: second },
      { path: "a.py", before: second, after: third }
    ])
  })

  it("ends an event with a pause, and with another file", () => {
    const log = makeEditLog()
    const first = change(text, 3)
    log.edited("a.py", text, first, 0)
    log.edited("a.py", first, change(first, 4), 1500)
    log.edited("b.py", "x\n", "y\n", 1600)
    log.edited("a.py", change(first, 4), change(change(first, 4), 5), 1700)
    assert.deepStrictEqual(log.events().map(({ path }) => path), ["a.py", "a.py", "b.py", "a.py"])
  })

  it("says nothing of what was undone, nor of a change that is too large to say anything", () => {
    const log = makeEditLog()
    log.edited("a.py", text, change(text, 3), 0)
    log.edited("a.py", change(text, 3), text, 100)
    log.edited("b.py", "", "x\n".repeat(5000), 200)
    log.edited("c.py", "same\n", "same\n", 300)
    assert.deepStrictEqual(log.events(), [])
  })

  it("keeps the last ten", () => {
    const log = makeEditLog()
    for (let at = 0; at < 15; at++) log.edited(`${at}.py`, "a\n", "b\n", at)
    assert.deepStrictEqual(log.events().map(({ path }) => path), Array.from({ length: 10 }, (_, at) => `${at + 5}.py`))
  })

  it("lets go of the oldest where the texts would hold too much, and of all where one is too long", () => {
    const log = makeEditLog(2000)
    const long = (name: string) => `${name}\n${"x".repeat(400)}\n`
    for (const name of ["a", "b", "c"]) log.edited(`${name}.py`, long("old"), long("new"), 0)
    assert.deepStrictEqual(log.events().map(({ path }) => path), ["b.py", "c.py"])
    log.edited("d.py", "x".repeat(2000), "y", 0)
    assert.deepStrictEqual(log.events(), [])
    log.edited("e.py", "a\n", "b\n", 0)
    assert.strictEqual(log.events().length, 1)
  })
})
