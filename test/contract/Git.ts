/** What every Git layer must answer, over one small history that each layer's test builds in its own way. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { Git, type TreeFile } from "../../services/Git.ts"

/** The history, oldest first, as whole trees. */
export interface ContractCommit {
  readonly subject: string
  readonly files: Readonly<Record<string, string>>
}

export const contractHistory: ReadonlyArray<ContractCommit> = [
  { subject: "first", files: { "a.py": "x = 1\n", "dir/b.py": "def f():\n    return 12345\n" } },
  { subject: "move b", files: { "a.py": "x = 1\n", "dir/ü c.py": "def f():\n    return 12345\n" } },
  { subject: "empty", files: { "a.py": "x = 1\n", "dir/ü c.py": "def f():\n    return 12345\n" } },
  { subject: "change a, drop b", files: { "a.py": "x = 2\n", "lib/d.py": "y = 3\n" } }
]

export const gitContract = (name: string, layer: Layer.Layer<Git>, location: () => string) => {
  const range = { rev: "HEAD", maxCommits: 10, startDate: null, endDate: null }
  const open = Effect.flatMap(Git, (git) => git.open(location(), { orFolder: false }))

  it.scoped(`${name}: tells commits newest first with their changes`, () =>
    Effect.gen(function*() {
      const repository = yield* open
      const commits = [...yield* Stream.runCollect(repository.commits(range))]
      assert.deepStrictEqual(commits.map(({ subject }) => subject), ["change a, drop b", "empty", "move b", "first"])
      assert.deepStrictEqual([...new Set(commits.map(({ author }) => author))], ["ada@example.org"])
      const told = commits.map(({ changes }) =>
        changes.map(({ oldPath, path, status }) => `${status} ${oldPath} ${path}`).sort()
      )
      assert.deepStrictEqual(told, [
        ["added lib/d.py lib/d.py", "deleted dir/ü c.py dir/ü c.py", "modified a.py a.py"],
        [],
        ["renamed dir/b.py dir/ü c.py"],
        ["added a.py a.py", "added dir/b.py dir/b.py"]
      ])
      assert.deepStrictEqual(commits[3]?.parents, [])
      assert.strictEqual(commits[2]?.parents[0], commits[3]?.sha)
    }).pipe(Effect.provide(layer)))

  it.scoped(`${name}: counts to maxCommits`, () =>
    Effect.gen(function*() {
      const repository = yield* open
      const commits = yield* Stream.runCollect(repository.commits({ ...range, maxCommits: 2 }))
      assert.strictEqual(commits.length, 2)
    }).pipe(Effect.provide(layer)))

  it.scoped(`${name}: tells which commits of one history another one does not hold`, () =>
    Effect.gen(function*() {
      const repository = yield* open
      const shas = [...yield* Stream.runCollect(repository.commits(range))].map(({ sha }) => sha)
      // The history is a line, the newest commit first.
      for (const [place, rev] of shas.entries()) {
        for (const [other, base] of shas.entries()) {
          const since = yield* repository.commitsSince(base, rev)
          assert.deepStrictEqual([...since].sort(), shas.slice(place, Math.max(place, other)).sort())
        }
      }
      const lost = yield* Effect.flip(repository.commitsSince("nowhere", "HEAD"))
      assert.strictEqual(lost._tag, "NoSuchRevision")
    }).pipe(Effect.provide(layer)))

  it.scoped(`${name}: reads files, sizes and blobs, null for what is not there`, () =>
    Effect.gen(function*() {
      const repository = yield* open
      const { files } = yield* repository.files("HEAD")
      assert.deepStrictEqual(files.map(({ path }) => path), ["a.py", "lib/d.py"])
      const ids = [...files.map(({ blob }) => blob), "0123456789012345678901234567890123456789"]
      const blobs = yield* repository.blobs(ids)
      assert.deepStrictEqual(blobs.map((blob) => (blob === null ? null : new TextDecoder().decode(blob))), [
        "x = 2\n",
        "y = 3\n",
        null
      ])
      assert.deepStrictEqual(yield* repository.sizes(ids), [6, 6, null])
      assert.deepStrictEqual(yield* repository.blobs([]), [])
    }).pipe(Effect.provide(layer)))

  it.scoped(`${name}: tells what turns one tree into another, either way and many at once`, () =>
    Effect.gen(function*() {
      const repository = yield* open
      const commits = [...yield* Stream.runCollect(repository.commits(range))]
      const shas = commits.map(({ sha }) => sha)
      const pairs = shas.flatMap((from) => shas.map((to) => [from, to] as const))
      const answers = yield* Effect.forEach(pairs, ([from, to]) => repository.treeChanges(from, to), {
        concurrency: "unbounded"
      })
      for (const [place, [from, to]] of pairs.entries()) {
        const tree = new Map((yield* repository.files(from)).files.map(({ blob, path }) => [path, blob]))
        for (const { blob, path } of answers[place] ?? []) {
          if (blob === null) tree.delete(path)
          else tree.set(path, blob)
        }
        const expected = (yield* repository.files(to)).files.map(({ blob, path }) => [path, blob])
        assert.deepStrictEqual([...tree].sort(), expected.sort())
      }
    }).pipe(Effect.provide(layer)))

  it.scoped(`${name}: finds the wanted files that are nearest to a path at a commit`, () =>
    Effect.gen(function*() {
      const repository = yield* open
      const [last, , moved, first] = [...yield* Stream.runCollect(repository.commits(range))].map(({ sha }) => sha)
      const ask = (commit = "", ...paths: ReadonlyArray<string>) =>
        repository.nearestFiles(paths.map((path) => ({ commit, path })), (name) => name.endsWith(".py"))
      const told = (found: ReadonlyArray<ReadonlyArray<TreeFile>>) =>
        found.map((files) => files.map(({ kind, path }) => `${kind} ${path}`))
      const a = ["file a.py"]
      assert.deepStrictEqual(told(yield* ask(first, "x.c", "dir/x.c", "dir/y.c", "dir/deep/x.c", "no/x.c")), [
        a,
        ["file dir/b.py"],
        ["file dir/b.py"],
        ["file dir/b.py"],
        a
      ])
      assert.deepStrictEqual(told(yield* ask(moved, "dir/x.c")), [["file dir/ü c.py"]])
      assert.deepStrictEqual(told(yield* ask(last, "dir/x.c", "lib/x.c")), [a, ["file lib/d.py"]])
      assert.deepStrictEqual(told(yield* ask("0123456789012345678901234567890123456789", "x.c")), [[]])
      assert.deepStrictEqual(yield* repository.nearestFiles([], () => true), [])
      assert.deepStrictEqual(yield* repository.nearestFiles([{ commit: first ?? "", path: "a/b" }], () => false), [[]])
      const [[found] = []] = yield* ask(first, "x.c")
      const held = (yield* repository.files(first ?? "")).files.find(({ path }) => path === "a.py")
      assert.strictEqual(found?.blob, held?.blob)
    }).pipe(Effect.provide(layer)))

  it.effect(`${name}: lists the files that lie in a folder now`, () =>
    Effect.gen(function*() {
      const git = yield* Git
      assert.deepStrictEqual(yield* git.workingFiles(location()), ["a.py", "lib/d.py"])
      const missing = yield* Effect.flip(git.workingFiles(`${location()}/missing`))
      assert.strictEqual(missing._tag, "NotARepository")
    }).pipe(Effect.provide(layer)))

  it.effect(`${name}: measures and reads files that lie in a folder now, and no others`, () =>
    Effect.gen(function*() {
      const git = yield* Git
      const paths = ["lib/d.py", "a.py", "missing.py", "../a.py", "lib/../../a.py", "/etc/passwd"]
      const outside = "outside the folder"
      assert.deepStrictEqual(yield* git.workingSizes(location(), paths), [6, 6, "gone", outside, outside, outside])
      const contents = yield* git.workingContents(location(), paths, 6)
      assert.deepStrictEqual(
        contents.map((content) => (typeof content === "string" ? content : new TextDecoder().decode(content))),
        ["y = 3\n", "x = 2\n", "gone", outside, outside, outside]
      )
      assert.deepStrictEqual(yield* git.workingContents(location(), ["a.py"], 5), ["too large"])
      assert.deepStrictEqual(yield* git.workingSizes(`${location()}/missing`, ["a.py"]), ["gone"])
    }).pipe(Effect.provide(layer)))

  it.scoped(`${name}: answers many requests at once, each with its own`, () =>
    Effect.gen(function*() {
      const repository = yield* open
      const { files } = yield* repository.files("HEAD")
      const [first = "", second = ""] = files.map(({ blob }) => blob)
      const answers = yield* Effect.forEach(
        Array.from({ length: 50 }, (_, index) => index % 2 === 0 ? first : second),
        (id: string) =>
          Effect.map(repository.blobs([id, id]), (blobs) =>
            blobs.map((blob) => new TextDecoder().decode(blob ?? new Uint8Array()))),
        { concurrency: 50 }
      )
      assert.deepStrictEqual(
        answers,
        Array.from({ length: 50 }, (_, index) =>
          index % 2 === 0 ? ["x = 2\n", "x = 2\n"] : ["y = 3\n", "y = 3\n"])
      )
    }).pipe(Effect.provide(layer)))

  it.scoped(`${name}: fails on a place and on a revision that are not there`, () =>
    Effect.gen(function*() {
      const git = yield* Git
      const nowhere = yield* Effect.flip(git.open("/no/such/place", { orFolder: true }))
      assert.strictEqual(nowhere._tag, "NotARepository")
      const repository = yield* open
      const unknown = yield* Effect.flip(repository.files("no-such-revision"))
      assert.strictEqual(unknown._tag, "NoSuchRevision")
    }).pipe(Effect.provide(layer)))
}
