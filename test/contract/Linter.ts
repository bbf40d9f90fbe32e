/** What every Linter layer must do with its language: `clean` and `broken` are programs of it. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { type LanguageLinter, Linter, type Problem } from "../../services/Linter.ts"

export interface LinterUnderTest {
  readonly layer: Layer.Layer<Linter>
  readonly language: string
  readonly clean: string
  /** A program that does not parse, and the line to blame, from 0. */
  readonly broken: readonly [source: string, line: number]
}

export const check = (linter: LanguageLinter, source: string) =>
  linter._tag === "immediate" ? Effect.sync(() => linter.check(source)) : linter.check(source)

export const linterContract = (name: string, { broken, clean, language, layer }: LinterUnderTest) => {
  const withLinter = (use: (linter: LanguageLinter) => Effect.Effect<void, unknown>) =>
    Effect.scoped(
      Effect.gen(function*() {
        const linter = yield* Linter
        yield* use(yield* linter.open(language))
      }).pipe(Effect.provide(layer))
    )

  it.live(`${name}: finds nothing wrong with a clean program, and with none at all`, () =>
    withLinter((linter) =>
      Effect.gen(function*() {
        for (const source of [clean, "", "\n"]) assert.deepStrictEqual(yield* check(linter, source), [])
      })
    ))

  it.live(`${name}: says that broken syntax is that, and whom to blame`, () =>
    withLinter((linter) =>
      Effect.gen(function*() {
        const problems: ReadonlyArray<Problem> = yield* check(linter, broken[0])
        assert.isAbove(problems.length, 0)
        assert.isTrue(problems.some(({ isSyntax }) => isSyntax))
        assert.include(problems.map(({ line }) => line), broken[1])
      })
    ))

  it.live(`${name}: says the same of the same fault further down, and stays in the text`, () =>
    withLinter((linter) =>
      Effect.gen(function*() {
        const keys = (problems: ReadonlyArray<Problem>) => problems.map(({ message, rule }) => `${rule} ${message}`)
        const below = `${clean}${broken[0]}`
        assert.deepStrictEqual(keys(yield* check(linter, below)), keys(yield* check(linter, broken[0])))
        for (const source of [below, broken[0].trimEnd(), `${broken[0]}\r\n\f\n`]) {
          const last = source.split("\n").length - 1
          for (const { line } of yield* check(linter, source)) assert.isTrue(line >= 0 && line <= last)
        }
      })
    ))

  it.live(`${name}: is the same linter however often it is opened, and none for a language it does not know`, () =>
    Effect.scoped(
      Effect.gen(function*() {
        const linter = yield* Linter
        yield* linter.open(language)
        yield* linter.open(language)
        const failure = yield* Effect.flip(linter.open("no-such-language"))
        assert.strictEqual(failure._tag, "LinterUnavailable")
        assert.include(failure.message, "no-such-language")
      }).pipe(Effect.provide(layer))
    ))
}
