import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { renderChatMl } from "../../../services/formats/chat-ml.ts"
import { applied, type Dialect, momentOf, notReadBack } from "../../../services/next-edit/dialect.ts"
import { dialects } from "../../../services/next-edit/dialects/all.ts"
import { instinct } from "../../../services/next-edit/dialects/instinct.ts"
import { sweepV2 } from "../../../services/next-edit/dialects/sweep-v2.ts"
import { sweep } from "../../../services/next-edit/dialects/sweep.ts"
import { zeta21 } from "../../../services/next-edit/dialects/zeta2-1.ts"
import { zeta2 } from "../../../services/next-edit/dialects/zeta2.ts"
import type { NextEditExample } from "../../../services/next-edit/example.ts"

/** The user gave a function another parameter and has not used it yet. */
const before = "def area(w):\n    return w\nprint(area(2))\n"
const now = "def area(w, h):\n    return w\nprint(area(2))\n"
const area: NextEditExample = {
  file: { path: "src/area.py", text: now },
  cursor: now.indexOf("return w") + "return w".length,
  events: [{ path: "src/area.py", before, after: now }],
  related: [{ path: "src/unit.py", text: "M = 1\n", from: 0, to: 1, fileLines: 1 }],
  // The function alone: what is printed lies beyond it.
  ancestors: [],
  wanted: now.replace("return w\n", "return w * h\n"),
  wantedCursor: null
}

const rendered = (dialect: Dialect, example: NextEditExample) => {
  const made = dialect.render(example)
  assert.strictEqual(made._tag, "rendered", made._tag === "refused" ? made.reason : "")
  return made._tag === "rendered" ? made.rendered : { prompt: "", completion: "", region: { start: 0, end: 0 } }
}

const shownOf = (dialect: Dialect, example: NextEditExample) => {
  const made = dialect.show(example)
  return made._tag === "shown" ? made.shown : { region: { start: 0, end: 0 } }
}

describe("dialects, to the byte", () => {
  it("zeta2", () => {
    const { completion, prompt } = rendered(zeta2, area)
    assert.strictEqual(
      prompt,
      "<[fim-suffix]>\n<[fim-prefix]><filename>src/unit.py\nM = 1\n\n<filename>edit_history\n" +
        "--- a/src/area.py\n+++ b/src/area.py\n@@ -1,3 +1,3 @@\n-def area(w):\n+def area(w, h):\n     return w\n" +
        " print(area(2))\n\n<filename>src/area.py\n<<<<<<< CURRENT\ndef area(w, h):\n    return w<|user_cursor|>\n" +
        "print(area(2))\n\n=======\n<[fim-middle]>"
    )
    assert.strictEqual(
      completion,
      "def area(w, h):\n    return w * h<|user_cursor|>\nprint(area(2))\n\n>>>>>>> UPDATED\n"
    )
  })

  it("zeta2.1", () => {
    const { completion, prompt } = rendered(zeta21, area)
    assert.isTrue(
      prompt.endsWith(
        "<filename>src/area.py\n<|marker_1|>def area(w, h):\n    return w<|user_cursor|>\nprint(area(2))\n<|marker_2|>\n" +
          "<[fim-middle]>"
      ),
      prompt
    )
    assert.strictEqual(
      completion,
      "<|marker_1|>def area(w, h):\n    return w * h\nprint(area(2))\n\n<|marker_2|><[end▁of▁sentence]>"
    )
  })

  const unit = { path: "src/unit.py", before: "M = 0\n", after: "M = 1\n" }
  const withUnit = { ...area, events: [unit, ...area.events], related: [] }

  it("sweep", () => {
    const { completion, prompt } = rendered(sweep, withUnit)
    assert.strictEqual(
      prompt,
      "<|file_sep|>src/unit.py.diff\noriginal:\nM = 0\nupdated:\nM = 1\n" +
        "<|file_sep|>original/src/area.py\ndef area(w):\n    return w\nprint(area(2))\n" +
        "<|file_sep|>current/src/area.py\ndef area(w, h):\n    return w\nprint(area(2))\n" +
        "<|file_sep|>updated/src/area.py"
    )
    assert.strictEqual(completion, "\ndef area(w, h):\n    return w * h\nprint(area(2))<|endoftext|>")
  })

  it("sweep-v2", () => {
    const { completion, prompt } = rendered(sweepV2, { ...area, related: [] })
    assert.strictEqual(
      prompt,
      "<|file_sep|>src/area.py\ndef area(w, h):\n    return w\nprint(area(2))\n" +
        "<|file_sep|>src/area.py:1:1\noriginal:\ndef area(w):\nupdated:\ndef area(w, h):\n" +
        "<|file_sep|>original/src/area.py:1:3\ndef area(w):\n    return w\nprint(area(2))\n\n" +
        "<|file_sep|>current/src/area.py:1:3\ndef area(w, h):\n    return w<|cursor|>\nprint(area(2))\n\n" +
        "<|file_sep|>updated/src/area.py:1:3\ndef area(w, h):\n"
    )
    assert.strictEqual(completion, "    return w * h\nprint(area(2))<|endoftext|>")
  })

  it("instinct", () => {
    const made = instinct.render(area)
    const { completion, prompt, system } = made._tag === "rendered"
      ? made.rendered
      : { completion: "", prompt: "", system: "" }
    assert.match(system ?? "", /^You are Instinct/)
    assert.strictEqual(
      prompt.slice(prompt.indexOf("\n")),
      "\n\n### Context:\n\n<|context_file|> src/unit.py\n<|snippet|>\nM = 1\n\n\n### User Edits:\n\n" +
        "User edited file \"src/area.py\"\n\n```diff\n@@ -1,1 +1,1 @@\n-def area(w):\n+def area(w, h):\n```\n\n" +
        "### User Excerpt:\n\"src/area.py\"\n\n<|editable_region_start|>\ndef area(w, h):\n" +
        "    return w<|user_cursor_is_here|>\nprint(area(2))\n<|editable_region_end|>"
    )
    assert.strictEqual(completion, "def area(w, h):\n    return w * h\nprint(area(2))")
  })
})

describe("dialects, read back", () => {
  const unit = { path: "src/unit.py", before: "M = 0\n", after: "M = 1\n" }
  const example = { ...area, events: [unit, ...area.events] }
  const head = "def area(w, h):\n"

  it.each([zeta2, zeta21])("$name tells the lines around the events", (dialect) => {
    assert.deepStrictEqual(dialect.read(rendered(dialect, example).prompt), {
      path: "src/area.py",
      events: [unit, { path: "src/area.py", before, after: now }],
      above: "",
      region: now,
      below: "",
      cursor: example.cursor
    })
  })

  it("sweep tells the window before the last event, and no cursor", () => {
    const ended = (text: string) => text.replace(/\n$/, "")
    assert.deepStrictEqual(sweep.read(rendered(sweep, example).prompt), {
      path: "src/area.py",
      events: [unit, { path: "src/area.py", before: ended(before), after: ended(now) }],
      above: "",
      region: ended(now),
      below: "",
      cursor: null
    })
  })

  it.each([sweepV2, instinct])("$name tells the lines that the events changed", (dialect) => {
    const events = [unit, { path: "src/area.py", before: "def area(w):\n", after: head }]
    assert.deepStrictEqual(dialect.read(rendered(dialect, example).prompt)?.events, events)
  })

  it("a line of a diff is not taken for the head of a file", () => {
    const change = { path: "a.diff", before: "x\n-- a/b.py\ny\n", after: "x\n++ b/b.py\ny\n" }
    for (const dialect of [zeta2, zeta21, instinct]) {
      const [event] = dialect.read(rendered(dialect, { ...area, events: [change] }).prompt)?.events ?? []
      assert.strictEqual(event?.path, "a.diff")
      assert.include(event?.before, "-- a/b.py\n")
      assert.include(event?.after, "++ b/b.py\n")
    }
  })
})

const line = FastCheck.constantFrom("a = 1", "  b(c)", "", "}", "return", "é = \"ü\"", "def f():", "x", "\tif y:")
const lines = (most: number) => FastCheck.array(line, { maxLength: most })
const random = FastCheck.record({
  above: lines(40),
  old: lines(6),
  fresh: lines(6),
  below: lines(40),
  end: FastCheck.constantFrom("", "\n"),
  lineEnd: FastCheck.constantFrom("\n", "\r\n"),
  at: FastCheck.double({ min: 0, max: 1, noNaN: true }),
  wantsCursor: FastCheck.boolean()
}).map(({ above, at, below, end, fresh, lineEnd, old, wantsCursor }): NextEditExample => {
  const join = (middle: ReadonlyArray<string>) => [...above, ...middle, ...below].join(lineEnd) + end
  const text = join(old)
  const wanted = join(fresh)
  const start = [...above, ""].join(lineEnd).length
  const cursor = Math.min(text.length, start + Math.floor(at * [...old, ""].join(lineEnd).length))
  return {
    file: { path: "a.py", text },
    cursor,
    events: [{ path: "b.py", before: "x = 1\n", after: "x = 2\n" }, { path: "a.py", before: `${text}#`, after: text }],
    related: [],
    ancestors: [],
    wanted,
    wantedCursor: wantsCursor ? Math.min(cursor, wanted.length) : null
  }
})

describe.each(dialects.map((dialect) => [dialect.name, dialect] as const))("%s", (_, dialect) => {
  it.prop("what it renders it reads, and that applied gives what was wanted", { example: random }, ({ example }) => {
    const made = dialect.render(example)
    if (made._tag === "refused") {
      // Only the last line end can be meant and not said.
      if (made.reason === notReadBack) {
        const { region } = shownOf(dialect, example)
        const behind = example.file.text.length - region.end
        const wanted = example.wanted.slice(region.start, example.wanted.length - behind)
        assert.match(`${example.file.text.slice(region.start, region.end)}|${wanted}`, /\n\||\n$/)
      } else {
        assert.include(
          ["the edit is not within the region", "the edit begins above what the model writes"],
          made.reason
        )
      }
      return
    }
    const answer = dialect.parse(made.rendered.completion, made.rendered, example)
    assert.notStrictEqual(answer._tag, "unreadable")
    assert.strictEqual(applied(example.file.text, made.rendered, answer), example.wanted)
    if (example.wanted === example.file.text) assert.strictEqual(answer._tag, "no edit")
  }, { fastCheck: { numRuns: 2000 } })

  it.prop("an answer that is anything at all is an edit, none, or unreadable", {
    example: random,
    answer: FastCheck.oneof(
      FastCheck.string(),
      FastCheck.array(FastCheck.constantFrom("x\n", "<|marker_1|>", "<|marker_9|>", ">>>>>>> UPDATED", "```\n", "\n"))
        .map(
          (parts) => parts.join("")
        )
    )
  }, ({ answer, example }) => {
    const made = dialect.show(example)
    if (made._tag === "refused") return
    const read = dialect.parse(answer, made.shown, example)
    const text = applied(example.file.text, made.shown, read)
    assert.strictEqual(text.slice(0, made.shown.region.start), example.file.text.slice(0, made.shown.region.start))
    assert.isTrue(text.endsWith(example.file.text.slice(made.shown.region.end)))
  })

  it.prop("reads back of a prompt what the moment was", { example: random }, ({ example }) => {
    const made = dialect.render(example)
    if (made._tag === "refused") return
    const { completion, prompt, region, system } = made.rendered
    const { cursor, file: { path, text } } = example
    const prompts = system === null ? [prompt] : [prompt, renderChatMl({ system, user: prompt })]
    for (const written of prompts) {
      const read = dialect.read(written)
      assert.isDefined(read)
      if (read === undefined) return
      assert.strictEqual(read.path, path)
      assert.strictEqual(read.region, text.slice(region.start, region.end))
      assert.isTrue(text.slice(0, region.start).endsWith(read.above))
      assert.isTrue(text.slice(region.end).startsWith(read.below))
      if (dialect !== sweep) assert.strictEqual(read.cursor, cursor - region.start)
      for (const event of read.events) {
        const whole = example.events.find((one) => one.path === event.path)
        assert.include(`${whole?.before}\n`, event.before)
        assert.include(`${whole?.after}\n`, event.after)
      }
      const { moment, shown } = momentOf(written, read)
      const [again, first] = [
        dialect.parse(completion, shown, moment),
        dialect.parse(completion, made.rendered, example)
      ]
      assert.deepStrictEqual(again, first)
      for (const other of dialects) if (other !== dialect) assert.isUndefined(other.read(written), other.name)
    }
  }, { fastCheck: { numRuns: 2000 } })

  it.prop("reads no prompt that is cut off before the cursor is known", {
    example: random,
    share: FastCheck.double({ min: 0, max: 1, noNaN: true })
  }, ({ example, share }) => {
    const made = dialect.show(example)
    if (made._tag === "refused") return
    const { prompt } = made.shown
    const at = Math.floor(share * prompt.length)
    const whole = dialect.read(prompt)
    const [head, tail] = [dialect.read(prompt.slice(0, at)), dialect.read(prompt.slice(at))]
    // Where lines of the file come last, nobody can tell that some are missing; and files that came first may be gone.
    if (at < prompt.length && head !== undefined) {
      assert.include([sweepV2, instinct], dialect)
      assert.deepStrictEqual({ ...head, below: "" }, { ...whole, below: "" })
    }
    if (at > 0 && tail !== undefined) {
      assert.include([sweep, sweepV2], dialect)
      assert.deepStrictEqual({ ...tail, events: [] }, { ...whole, events: [] })
    }
  }, { fastCheck: { numRuns: 2000 } })

  it.prop("reads nothing in a text that is none of its prompts", { text: FastCheck.string() }, ({ text }) => {
    assert.isUndefined(dialect.read(text))
  })

  it("refuses a file that holds its marks", () => {
    for (const control of dialect.controls) {
      const text = `a = 1\n${control}\nb = 2\n`
      const made = dialect.show({ file: { path: "a.py", text }, cursor: 2, events: [], related: [], ancestors: [] })
      assert.strictEqual(made._tag, "refused", control)
    }
  })
})
