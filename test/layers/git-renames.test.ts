/** Commits that rename more edited files than git compares: each is found, as git would find it without its limit. */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as SimpleGit from "../../layers/git/SimpleGit.ts"
import { pairRenames } from "../../layers/git/renames.ts"
import { type FileChange, Git } from "../../services/Git.ts"
import { makeRepository, type TestRepository } from "../support/repository.ts"

const layer = SimpleGit.layer.pipe(Layer.provide(Layer.merge(NodeFileSystem.layer, NodePath.layer)))

/** More than a thousand: git's own limit is on the product of added and deleted files. */
const count = 1050

const source = (number: number, extra = ""): string =>
  `import { shared } from "../common"\n\nexport function compute${number}(values, limit) {\n` +
  `  let total = ${number}\n  for (const value of values) {\n    if (value < limit) {\n      total += value * ${number}\n` +
  `    }\n  }\n${extra}  return shared(total, limit)\n}\n`

/** How the files of the first commit are named in the second, and what becomes of their text. */
const moves: Readonly<
  Record<string, { readonly to: (number: number) => string; readonly edit: (number: number) => string }>
> = {
  "under the same stem": {
    to: (number) => `b/${number}.ts`,
    edit: (number) => source(number).replace("let total", "let sum")
  },
  "under names that say nothing": {
    to: (number) => `b/deep/${(number * 7919) % 100_003}.ts`,
    edit: (number) => source(number, `  total -= ${number % 3}\n`)
  },
  "so that only the name tells which one it was": {
    to: (number) => `b/${number}.ts`,
    edit: () => source(0).replace("let total", "let sum")
  }
}

let repositories: Array<TestRepository> = []
const moved = (name: string): TestRepository => {
  const { edit, to } = moves[name] ?? { edit: source, to: String }
  const repository = makeRepository()
  repositories.push(repository)
  const isSame = name.startsWith("so that")
  for (let number = 0; number < count; number++) {
    repository.write(
      `a/${number}.js`,
      isSame ? source(0).replace("values, limit", `values, limit${number}`) : source(number)
    )
  }
  repository.commit("add")
  repository.remove("a")
  for (let number = 0; number < count; number++) repository.write(to(number), edit(number))
  repository.write("b/new.ts", "export const unlike = [1, 2, 3]\n")
  repository.commit("move")
  return repository
}

afterAll(() => {
  for (const repository of repositories) repository.dispose()
  repositories = []
})

describe.each(Object.keys(moves))("files that move %s", (name) => {
  let repository: TestRepository
  beforeAll(() => {
    repository = moved(name)
  })

  it("are the same files", async () => {
    const [commit] = await Effect.runPromise(
      Effect.flatMap(Git, (git) => git.open(repository.path, { orFolder: false })).pipe(
        Effect.flatMap(({ commits }) =>
          Stream.runCollect(commits({ rev: "HEAD", maxCommits: 1, startDate: null, endDate: null }))
        ),
        Effect.scoped,
        Effect.provide(layer)
      )
    )
    const to = new Map(Array.from({ length: count }, (_, number) => [moves[name]?.to(number), `a/${number}.js`]))
    const changes = commit?.changes ?? []
    assert.deepStrictEqual(
      changes.filter(({ status }) => status !== "renamed").map(({ path, status }) => [status, path]),
      [[
        "added",
        "b/new.ts"
      ]]
    )
    assert.strictEqual(changes.length, count + 1)
    for (const { newBlob, oldBlob, oldPath, path, status } of changes) {
      if (status !== "renamed") continue
      assert.strictEqual(oldPath, to.get(path))
      assert.notStrictEqual(oldBlob, newBlob)
    }
  })
})

const change = (status: "added" | "deleted", path: string, blob: string): FileChange => ({
  status,
  path,
  oldPath: path,
  kind: "file",
  oldBlob: status === "added" ? null : blob,
  newBlob: status === "added" ? blob : null
})

describe("pairRenames", () => {
  const pair = async (deleted: Readonly<Record<string, string>>, added: Readonly<Record<string, string | null>>) => {
    const texts: Record<string, string | null> = {}
    const changes = [
      ...Object.entries(deleted).map(([path, text]) => {
        texts[`old ${path}`] = text
        return change("deleted", path, `old ${path}`)
      }),
      ...Object.entries(added).map(([path, text]) => {
        texts[`new ${path}`] = text
        return change("added", path, `new ${path}`)
      })
    ]
    const paired = await pairRenames(changes, async (ids, mostBytes) =>
      ids.map((id) => {
        const text = texts[id] ?? null
        return text === null || text.length > mostBytes ? null : Buffer.from(text)
      }))
    return paired.map(({ oldPath, path, status }) =>
      status === "renamed" ? `${oldPath} > ${path}` : `${status} ${path}`
    )
  }
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => `line ${from + at}\n`).join("")

  it.each([
    ["takes what is half the same", { "a.js": lines(0, 10) }, { "b.js": lines(4, 14) }, ["a.js > b.js"]],
    ["leaves what is less than half the same", { "a.js": lines(0, 10) }, { "b.js": lines(6, 16) }, [
      "deleted a.js",
      "added b.js"
    ]],
    ["takes the one that is most alike", { "a.js": lines(0, 10), "b.js": lines(2, 12) }, { "c.js": lines(2, 11) }, [
      "deleted a.js",
      "b.js > c.js"
    ]],
    ["takes each once", { "a.js": lines(0, 10) }, { "b.js": lines(0, 10), "c.js": lines(0, 9) }, [
      "a.js > b.js",
      "added c.js"
    ]],
    ["prefers the same name where both are alike", { "x/b.js": lines(0, 9), "x/a.js": lines(0, 9) }, {
      "y/a.ts": lines(0, 10)
    }, ["deleted x/b.js", "x/a.js > y/a.ts"]],
    [
      "leaves what is missing, empty or too large",
      {
        "a.js": "",
        "b.js": lines(0, 10),
        "c.js": "x".repeat(2 ** 20 + 1)
      },
      { "a.ts": "", "b.ts": null, "c.ts": "x".repeat(2 ** 20 + 1) },
      [
        "deleted a.js",
        "deleted b.js",
        "deleted c.js",
        "added a.ts",
        "added b.ts",
        "added c.ts"
      ]
    ],
    ["reads one long line in pieces", { "a.js": `${"abcdefgh".repeat(100)}x` }, {
      "b.js": `${"abcdefgh".repeat(100)}y`
    }, [
      "a.js > b.js"
    ]]
  ])("%s", async (_, deleted, added, expected) => {
    assert.deepStrictEqual(await pair(deleted, added), expected)
  })
})
