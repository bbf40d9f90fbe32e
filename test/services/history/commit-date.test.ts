import { assert, describe, it } from "@effect/vitest"
import { dateOfCommit } from "../../../services/history/commit-date.ts"

describe("the date of a commit", () => {
  it.each([
    [0, "1970-01-01T00:00:00Z"],
    [1714979289, "2024-05-06T07:08:09Z"],
    [-1, "1969-12-31T23:59:59Z"],
    [1e15, ""]
  ])("of %d seconds", (seconds, date) => assert.strictEqual(dateOfCommit(seconds), date))
})
