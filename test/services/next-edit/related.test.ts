import { assert, describe, it } from "@effect/vitest"
import type { ContextSnippet } from "../../../services/Index.ts"
import { relatedOf, relatedRequest } from "../../../services/next-edit/related.ts"

const snippet = (path: string, source: ContextSnippet["source"], startLine: number, endLine: number, text: string) => ({
  path,
  source,
  startLine,
  endLine,
  text,
  score: 1,
  reason: ""
})

describe("what other files tell", () => {
  it("is asked for around the cursor, without code that holds marks of the model", () => {
    const asked = relatedRequest({ controls: ["<|mark|>"] }, { path: "a.py", text: "one two" }, 4, [
      { path: "a.py" },
      { path: "b.py" },
      { path: "b.py" }
    ])
    assert.deepInclude(asked, { path: "a.py", prefix: "one ", suffix: "two", aliases: ["b.py"] })
    assert.deepStrictEqual(asked.style.forbidden, ["<|mark|>"])
  })

  it("stands with the best file first, and signatures that follow each other as one excerpt", () => {
    const excerpts = relatedOf([
      snippet("far.py", "chunks", 4, 5, "x\ny\n"),
      snippet("near.py", "signatures", 1, 1, "class Box:\n"),
      snippet("near.py", "signatures", 7, 7, "  def add(self):\n"),
      snippet("near.py", "chunks", 9, 11, "a\nb\nc\n"),
      snippet("near.py", "signatures", 20, 20, "def last():\n")
    ], (path) => path === "near.py" ? 40 : undefined)
    assert.deepStrictEqual(excerpts, [
      { path: "near.py", text: "class Box:\n  def add(self):\n", from: 0, to: 7, fileLines: 40 },
      { path: "near.py", text: "a\nb\nc\n", from: 8, to: 11, fileLines: 40 },
      { path: "near.py", text: "def last():\n", from: 19, to: 20, fileLines: 40 },
      { path: "far.py", text: "x\ny\n", from: 3, to: 5, fileLines: 5 }
    ])
    assert.deepStrictEqual(relatedOf([], () => 1), [])
  })
})
