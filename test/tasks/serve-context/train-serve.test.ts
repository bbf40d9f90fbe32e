/** What rows show a model is what the server shows it: commits are mined, and what they did is told to a session. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TreeSitterParser from "../../../layers/parser/TreeSitterParser.ts"
import { renderChatMl } from "../../../services/formats/chat-ml.ts"
import { ancestorsAt, grammarOf } from "../../../services/next-edit/ancestors.ts"
import { commitEdits, type CommitFile } from "../../../services/next-edit/commit-edits.ts"
import { makeEditLog } from "../../../services/next-edit/edit-log.ts"
import type { RelatedExcerpt } from "../../../services/next-edit/example.ts"
import { dialects } from "../../../services/next-edit/dialects/all.ts"
import { mineCommit } from "../../../services/next-edit/mine.ts"
import { Parser } from "../../../services/Parser.ts"
import { randomOf } from "../../../services/text/random.ts"
import { isInsideCharacter } from "../../../services/text/span.ts"
import { playedAs, type PlayedMoment, promptsOf } from "../../support/edit-session.ts"

const random = randomOf("commits", 1)

const statements = [
  "    total = compute(first, second)\n",
  "    return total\n",
  "def name(parameter):\n",
  "class Box:\n",
  "\n",
  "    print('é🙂')\n",
  "    if total: other(total)\n",
  "    values.append({\n"
]
const fresh = ["    fresh = one(two)\n", "    other(line, here)\n", "    z = 3\n", "def more(a, b):\n    return a\n"]

const fileOf = (path: string, isTest: boolean, isChanged: boolean): CommitFile => {
  const lines = Array.from({ length: 10 + random.below(120) }, () => random.pick(statements) ?? "")
  const next = [...lines]
  const changes = isChanged ? 1 + random.below(5) : 0
  for (let change = 0; change < changes; change++) {
    next.splice(
      random.below(next.length),
      random.below(3),
      ...(random.below(4) === 0 ? [] : [random.pick(fresh) ?? ""])
    )
  }
  return { path, isTest, before: lines.join(""), after: next.join("") }
}
const commitOf = (): ReadonlyArray<CommitFile> => [
  fileOf("src/a.py", false, true),
  fileOf("src/with space/é.ts", false, random.below(2) === 0),
  fileOf("notes.txt", false, random.below(3) === 0),
  fileOf("test/a.py", true, random.below(2) === 0)
]

const related = (path: string): ReadonlyArray<RelatedExcerpt> => [
  { path: "lib/near.py", text: "def near(one):\n    return one\n", from: 3, to: 5, fileLines: 9 },
  { path: `of/${path}`, text: "M = 1\n", from: 0, to: 1, fileLines: 1 }
]

const shares = { "same line": 1, near: 1, far: 1, "other file": 1 }

const parsers = Effect.gen(function*() {
  const { open } = yield* Parser
  return { python: yield* open("python"), typescript: yield* open("typescript") }
}).pipe(Effect.provide(TreeSitterParser.layer))

describe.each(dialects.map((dialect) => [dialect.name, dialect] as const))("%s", (_, dialect) => {
  it.effect("shows a row what the server shows of the same moment", () =>
    Effect.gen(function*() {
      const opened = yield* parsers
      const ancestors = (path: string, text: string, cursor: number) => {
        const grammar = grammarOf({ path, text })
        if (grammar !== "python" && grammar !== "typescript") return []
        const tree = opened[grammar].parse(text)
        const spans = ancestorsAt(tree.nodes({ start: 0, end: text.length }), cursor)
        tree.release()
        return spans
      }
      const mined = Array.from({ length: 12 }, (_, seed) =>
        mineCommit({
          files: commitOf(),
          earlier: [],
          dialect,
          shares,
          noEditShare: 0.3,
          maxLines: 30,
          asked: new Set(),
          count: 6,
          place: { ancestors, related },
          random: randomOf("rows", seed)
        }).mined).flat()
      assert.isAbove(mined.length, 30)
      assert.isAtLeast(new Set(mined.map(({ kind }) => kind)).size, 4)
      const prompts = yield* Effect.promise(() => promptsOf(dialect, mined.map(({ example }) => playedAs(example))))
      for (const [place, { rendered }] of mined.entries()) assert.strictEqual(prompts[place], promptOf(rendered))
    }), 60_000)

  it.effect("takes each step of a commit as the log of rows does, with pauses and without", () =>
    Effect.gen(function*() {
      const moments: Array<PlayedMoment> = []
      const expected: Array<string | undefined> = []
      for (let seed = 0; seed < 12; seed++) {
        // A text without a grammar has no syntax, which is not the point here.
        const commit = commitEdits(commitOf().map((file) => ({ ...file, path: `${file.path}.txt` })))
        const log = makeEditLog()
        let millis = 0
        const steps = commit.edits.slice(0, 1 + random.below(commit.edits.length)).map((
          { file, file: { path } },
          at
        ) => ({
          path,
          before: commit.textAfter(file, at),
          after: commit.textAfter(file, at + 1),
          isAfterPause: random.below(4) === 0
        }))
        for (const { after, before, isAfterPause, path } of steps) {
          log.edited(path, before, after, millis += isAfterPause ? 1000 : 1)
        }
        const last = steps.at(-1)
        if (last === undefined) continue
        const file = { path: last.path, text: last.after }
        const drawn = random.below(file.text.length + 1)
        const cursor = isInsideCharacter(file.text, drawn) ? drawn - 1 : drawn
        moments.push({ steps, file, cursor, related: [] })
        const shown = dialect.show({ file, cursor, events: log.events(), related: [], ancestors: [] })
        expected.push(shown._tag === "shown" ? promptOf(shown.shown) : undefined)
      }
      assert.deepStrictEqual(yield* Effect.promise(() => promptsOf(dialect, moments)), expected)
    }))
})

const promptOf = ({ prompt, system }: { readonly prompt: string; readonly system: string | null }): string =>
  system === null ? prompt : renderChatMl({ system, user: prompt })
