/** What other files tell of a place that is edited is what the index tells a row, with the buffers as they are. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Index } from "../../../services/Index.ts"
import { zeta2 } from "../../../services/next-edit/dialects/zeta2.ts"
import { relatedOf, relatedRequest } from "../../../services/next-edit/related.ts"
import { project } from "../../contract/Index.ts"
import { said, scriptedModel } from "../../support/edit-session.ts"
import { inMemoryIndex } from "../../support/in-memory-index.ts"
import { makeRepository } from "../../support/repository.ts"
import { startSession } from "../../support/session.ts"

describe("other files", () => {
  it("are shown as a row shows them, but for those that the events tell of", async () => {
    const repository = makeRepository("shop")
    for (const { path, text } of project) repository.write(path, text)
    repository.commit("all")
    let prompt = ""
    const model = scriptedModel({ dialect: zeta2, millis: Effect.succeed(0) }, (question) =>
      Effect.sync(() => {
        prompt = question.asked._tag === "raw" ? question.asked.prompt : ""
        return said("")
      }))
    const session = startSession({ edits: model, isWatched: false })
    const uriOf = (path: string) => `file://${repository.path}/${path}`
    await session.ask("initialize", { rootUri: `file://${repository.path}`, capabilities: {} })
    const price = project.find(({ path }) => path === "shop/price.py")?.text ?? ""
    const unsaved = price.replace("tax_rate=0.2", "tax_rate=0.2, rebate=0")
    const before = "from shop.price import total_price\n\n\ndef bill(items):\n    return items\n"
    const now = before.replace("return items", "return total_price(items")
    for (const [path, old, text] of [["shop/price.py", price, unsaved], ["new.py", before, now]] as const) {
      session.tell("textDocument/didOpen", { textDocument: { uri: uriOf(path), version: 1, text: old } })
      session.tell("textDocument/didChange", {
        textDocument: { uri: uriOf(path), version: 2 },
        contentChanges: [{ text }]
      })
    }
    const cursor = now.length - 1
    await session.ask("textDocument/copilotInlineEdit", {
      textDocument: { uri: uriOf("new.py"), version: 2 },
      position: { line: 4, character: "    return total_price(items".length }
    })
    await session.close()
    repository.dispose()
    const events = [{ path: "shop/price.py", before: price, after: unsaved }, { path: "new.py", before, after: now }]
    const related = await Effect.runPromise(
      Effect.gen(function*() {
        const index = yield* (yield* Index).make({ weighting: "lucene" })
        yield* index.add(project)
        yield* index.update({ path: "shop/price.py", text: unsaved })
        const request = relatedRequest(zeta2, { path: "new.py", text: now }, cursor, events)
        return relatedOf(index.context(request).snippets, index.lines)
      }).pipe(Effect.provide(inMemoryIndex))
    )
    assert.isNotEmpty(related)
    assert.notInclude(related.map(({ path }) => path), "shop/price.py")
    const shown = zeta2.show({
      file: { path: "new.py", text: now },
      cursor,
      events,
      related,
      // The whole file is the region, however the syntax around lies.
      ancestors: []
    })
    assert.strictEqual(prompt, shown._tag === "shown" ? shown.shown.prompt : "")
  })
})
