/** generate on a repository and into folders that are values: broken off anywhere, it goes on to the same rows. */
import { rmSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { asked } from "../../../tasks/generate/asked.ts"
import { generateRequestOf } from "../../../tasks/generate/request.ts"
import { runGenerate } from "../../../tasks/generate/run.ts"
import type { RunEvent } from "../../../tasks/shared/dataset-run/listener.ts"
import type { Choices } from "../../../tasks/shared/asked/asked.ts"
import { answersChosen } from "../../../tasks/shared/asked/read.ts"
import { makeMemory, repositoryOf } from "../../support/in-memory.ts"
import { folderContents } from "../../support/program.ts"
import { makeRepository, pythonModule, temporaryFolder } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"

const trees = Array.from({ length: 5 }, (_, step) =>
  Object.fromEntries(
    ["a", "b", "c", "d", "e", "f"].map((name, file) => [
      `${name}.py`,
      pythonModule(2 + (step + file) % 3, `${name}${step}_`)
    ])
  ))

const run = Effect.fnUntraced(function*(
  choices: Partial<Choices<typeof asked>> = {},
  listen: (event: RunEvent) => Effect.Effect<void> = () => Effect.void
) {
  const answers = yield* answersChosen(asked, {
    repositories: ["/shop"],
    output: "/rows",
    datasetType: ["both"],
    split: 0.6,
    ...choices
  })
  const { request } = yield* generateRequestOf(answers, { version: "1", keepRejected: false })
  return yield* runGenerate(request, listen)
})

describe("generate, in memory", () => {
  it.effect("writes the rows that it writes of the same commits in git", () =>
    Effect.gen(function*() {
      const repository = makeRepository("shop")
      const shas = trees.map((tree, step) => {
        for (const [path, text] of Object.entries(tree)) repository.write(path, text)
        return repository.commit(`step ${step}`)
      })
      const folder = temporaryFolder()
      const args = ["generate", repository.path, "-o", folder, "--dataset-type", "both", "--split", "0.6", "-q"]
      const ended = yield* Effect.promise(() => runTask(args))
      assert.strictEqual(ended.code, 0, ended.stderr)
      const memory = makeMemory({ "/shop": repositoryOf("shop", trees, shas) })
      const { files } = yield* Effect.provide(run(), memory.layer)
      for (const [name, count] of Object.entries(files)) {
        assert.isAbove(count, 0, name)
        assert.strictEqual(memory.filesOf("/rows")[name], folderContents(folder)[name], name)
      }
      repository.dispose()
      rmSync(folder, { recursive: true })
    }))

  it.effect("broken off behind any item and resumed, gives the files of an undisturbed run", () =>
    Effect.gen(function*() {
      // An item is at least a repository.
      const repositories = Object.fromEntries(["one", "two", "three", "four"].map((name, index) => [
        `/${name}`,
        repositoryOf(name, trees.slice(index))
      ]))
      const choices = { repositories: Object.keys(repositories) }
      const whole = makeMemory(repositories)
      let items = 0
      const counting = ({ _tag }: RunEvent) => Effect.sync(() => void (items += _tag === "worked" ? 1 : 0))
      yield* Effect.provide(run(choices, counting), whole.layer)
      assert.isAbove(items, 3)
      for (let last = 1; last <= items; last++) {
        const memory = makeMemory(repositories)
        let worked = 0
        const breaking = ({ _tag }: RunEvent) =>
          Effect.suspend(() => (_tag === "worked" && ++worked === last ? Effect.interrupt : Effect.void))
        const broken = yield* Effect.exit(Effect.provide(run(choices, breaking), memory.layer))
        assert.isTrue(Exit.isInterrupted(broken))
        assert.notProperty(memory.filesOf("/rows"), "metadata.json")
        const refused = yield* Effect.flip(Effect.provide(run(choices), memory.layer))
        assert.strictEqual(refused._tag, "FolderTaken")
        yield* Effect.provide(run({ ...choices, resume: true }), memory.layer)
        assert.deepStrictEqual(memory.filesOf("/rows"), whole.filesOf("/rows"))
      }
    }))
})
