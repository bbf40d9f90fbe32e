import { assert, describe, it } from "@effect/vitest"
import { makeGroups } from "../../../services/history/groups.ts"

describe("groups", () => {
  it("names a group by its oldest file, and joins what renames and equal blobs connect", () => {
    const groups = makeGroups()
    groups.add("a", ["1"])
    groups.add("b", ["2"])
    groups.join("a", "c")
    groups.add("c", ["3"])
    assert.deepStrictEqual(["a", "b", "c"].map(groups.nameOf), ["a", "b", "a"])
    groups.add("c", ["2"])
    assert.deepStrictEqual(["a", "b", "c"].map(groups.nameOf), ["a", "a", "a"])
  })

  it("weighs a group by all its files, also those that join it later, and leaves out what weighs nothing", () => {
    const groups = makeGroups()
    groups.weigh("a.js", { language: "javascript", weight: 2 })
    groups.weigh("b.ts", { language: "typescript", weight: 3 })
    groups.weigh("c.go", { language: "go", weight: 1 })
    groups.add("d.go", ["1"])
    groups.join("a.js", "b.ts")
    assert.deepStrictEqual(groups.all(), [
      { name: "a.js", weight: 5, language: "typescript" },
      { name: "c.go", weight: 1, language: "go" }
    ])
  })
})
