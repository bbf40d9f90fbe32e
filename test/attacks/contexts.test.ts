import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { commentStyle } from "../../services/formats/context-style.ts"
import { Index } from "../../services/Index.ts"
import { inMemoryIndex } from "../support/in-memory-index.ts"
import { deepSources } from "./deep-sources.ts"

/** Texts before a cursor that lead a search for the type of a receiver round in circles, or nowhere. */
const circles: Readonly<Record<string, string>> = {
  "round.py": "a = b\nb = c\nc = a\nself.x = self.y\nself.y = self.x\na.b.c.a.b.c.",
  "itself.py":
    "class A(A):\n    def f(self) -> A:\n        return self.f()\n\n    def g(self):\n        self.f().f().g().",
  "bases.php": "<?php\nclass A extends B { use C; }\nclass B extends A {}\ntrait C { use C; }\n$a = new A;\n$a->b->c->",
  "called.js": `var f = function () { return g() }\nvar g = function () { return f() }\nf()${"()".repeat(3000)}.`,
  "long.go": `package a\n\nfunc f(${"x *T, ".repeat(5000)}) {\n\tx.`,
  "opened.ts": `${"foo(".repeat(3000)}a.`,
  "closed.rs": `${"a)".repeat(3000)}.`,
  "quotes.php": `<?php\n$a = ${"'\"".repeat(20_001)};\n$a->`,
  "backticks.js": `${"`${".repeat(5000)}a.`,
  "generic.java": `class A { ${"Map<A, ".repeat(3000)} x; void f() { x.`,
  "documents.rb": `${"<<~A\n".repeat(5000)}a.`
}

describe("contexts of hostile files", () => {
  it.effect("are given, whatever the file holds and wherever the cursor stands", () =>
    Effect.gen(function*() {
      const index = yield* (yield* Index).make({ weighting: "lucene" })
      const files = Object.entries({ ...deepSources, ...circles })
      yield* index.add(files.map(([path, text]) => ({ path: `in/${path}`, text })))
      for (const [path, text] of files) {
        for (const at of [Math.floor(text.length / 2), text.length]) {
          const asked = { path, aliases: [], budget: 4096, holds: 4096, style: commentStyle("#") }
          const { text: context } = index.context({
            ...asked,
            prefix: text.slice(0, at),
            suffix: text.slice(at),
            sources: ["signatures", "chunks"]
          })
          assert.isAtMost(context.length, 4096, path)
        }
      }
    }).pipe(Effect.provide(inMemoryIndex)), 180_000)
})
