import { assert, describe, it } from "@effect/vitest"
import { clusterUrl } from "../../../../tasks/shared/crew/cluster-url.ts"

describe("the address of a database", () => {
  it.each([
    "postgres://db/retrace",
    "postgresql://ada:se%2Fcret@db.example.org:5433/retrace?sslmode=require",
    "postgres:///retrace?host=/var/run/postgresql"
  ])("is %s", (typed) => assert.isTrue(clusterUrl.is(clusterUrl.read(typed))))

  it.each([
    "",
    "db",
    "mysql://db/retrace",
    "postgres://",
    "postgres:///x",
    "postgres://db/a b",
    "postgres://u:a/b@db/x"
  ])(
    "is not \"%s\"",
    (typed) => assert.isFalse(clusterUrl.is(clusterUrl.read(typed)))
  )

  it("is shown and quoted without its password", () => {
    assert.strictEqual(clusterUrl.show("postgres://ada:secret@db/x"), "postgres://ada:***@db/x")
    assert.strictEqual(clusterUrl.quote?.("postgres://ada:sec/r@et@db/x"), "…@db/x")
    assert.strictEqual(clusterUrl.quote?.("nonsense"), "nonsense")
  })
})
