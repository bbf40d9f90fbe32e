/** One file has one name, however clients write it: nothing of it is context of itself. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { makeFileNames } from "../../../tasks/shared/file-names.ts"
import { makeRepository, temporaryFolder, type TestRepository } from "../../support/repository.ts"
import { type RunningSession, startSession } from "../../support/session.ts"

/** A name whose marks are apart from their letters, as some systems keep it, and in one piece, as editors send it. */
const apart = "lie\u0301e.py"
const whole = apart.normalize("NFC")

let repository: TestRepository
let session: RunningSession
let folder = ""

const own = `${
  Array.from({ length: 6 }, (_, at) => `def own_helper_${at}(amount):\n    return amount * ${at}\n`).join("\n")
}`
const other = "def other_helper(amount):\n    return amount\n"

beforeAll(async () => {
  folder = temporaryFolder()
  repository = makeRepository("bound shop")
  repository.write(`caf\u0065\u0301/${apart}`, own)
  repository.write("own.py", own.replaceAll("own", "plain"))
  repository.write("100%.py", own.replaceAll("own", "share"))
  repository.write("a#b c.py", own.replaceAll("own", "odd"))
  repository.write("..py/x.py", own.replaceAll("own", "dots"))
  repository.write("other.py", other)
  repository.commit("all")
  symlinkSync(repository.path, join(folder, "link"))
  symlinkSync(join(repository.path, "own.py"), join(folder, "single.py"))
  session = startSession({ isWatched: false })
  await session.ask("initialize", { project_root: repository.path, bm25: true, capabilities: {} })
})
afterAll(async () => {
  await session.close()
  repository.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const contextAt = async (location: object, helper: string) => {
  const content = `${helper}_0(${helper}_1(${helper}_2(other_helper(`
  const { error, result } = await session.ask("getContext", { ...location, content, cursor_offset: content.length })
  assert.isUndefined(error)
  return result.context as string
}

describe("no code of a file is context of itself", () => {
  const uri = (path: string) => `file://${encodeURI(repository.path)}/${path}`
  const cafe = `caf\u0065\u0301`.normalize("NFC")
  const names: ReadonlyArray<readonly [what: string, location: () => object, helper: string]> = [
    ["the disk's", () => ({ filepath: `caf\u0065\u0301/${apart}` }), "own_helper"],
    ["in one piece", () => ({ filepath: join(repository.path, cafe, whole) }), "own_helper"],
    ["a folder in one piece, the file not", () => ({ filepath: `${cafe}/${apart}` }), "own_helper"],
    ["in one piece, in a URL", () => ({ uri: encodeURI(`file://${repository.path}/${cafe}/${whole}`) }), "own_helper"],
    ["relative, by detours", () => ({ filepath: "./caf/..//own.py" }), "plain_helper"],
    ["relative, from outside", () => ({ filepath: "../bound shop/own.py" }), "plain_helper"],
    ["through a link to the folder", () => ({ filepath: join(folder, "link", "own.py") }), "plain_helper"],
    ["by a link to the file", () => ({ filepath: join(folder, "single.py") }), "plain_helper"],
    ["with a host", () => ({ uri: uri("own.py").replace("file://", "file://localhost") }), "plain_helper"],
    ["with a scheme in capitals", () => ({ uri: uri("own.py").replace("file", "FILE") }), "plain_helper"],
    ["with one slash", () => ({ uri: uri("own.py").replace("file://", "file:") }), "plain_helper"],
    ["with letters that need no escape", () => ({ uri: uri("%6fwn%2Epy") }), "plain_helper"],
    ["with dots", () => ({ uri: uri("caf/../own.py") }), "plain_helper"],
    ["with escaped dots", () => ({ uri: uri("caf/%2e%2e/own.py") }), "plain_helper"],
    ["with an escaped slash", () => ({ uri: uri("caf%2F..%2Fown.py") }), "plain_helper"],
    ["with a slash at its end", () => ({ filepath: `${repository.path}/own.py/` }), "plain_helper"],
    ["with a % that is none of an escape", () => ({ uri: uri("100%.py") }), "share_helper"],
    ["with all that needs an escape", () => ({ uri: uri("a%23b%20c.py") }), "odd_helper"],
    ["below a folder that begins with dots", () => ({ filepath: join(repository.path, "..py/x.py") }), "dots_helper"],
    [
      "as git shows it",
      () => ({ uri: `git:${encodeURI(repository.path)}/own.py?%7B%22ref%22%3A%22HEAD%22%7D` }),
      "plain_helper"
    ],
    ["as it is not saved yet", () => ({ uri: `untitled:${encodeURI(repository.path)}/own.py` }), "plain_helper"]
  ]
  it.each(names)("%s", async (_, location, helper) => {
    const context = await contextAt(location(), helper)
    assert.include(context, "def other_helper(amount):")
    assert.notInclude(context, `def ${helper}`)
  })

  it("but another file's is, whatever it is called", async () => {
    for (const filepath of ["new.py", join(folder, "new.py"), "untitled:Untitled-1", "\0.py", "x".repeat(5000)]) {
      assert.include(await contextAt({ filepath }, "plain_helper"), "def plain_helper_0(amount):")
    }
  })

  it("and an older version that is looked at beside it is no buffer of it", async () => {
    const shown = "def shown_by_git(amount):\n    return amount\n"
    for (const scheme of ["git", "gitlens", "vscode-notebook-cell", "fugitive"]) {
      session.tell("textDocument/didOpen", {
        textDocument: { uri: `${scheme}:${encodeURI(repository.path)}/own.py`, text: shown, version: 1 }
      })
    }
    const asked = { filepath: "new.py", content: "shown_by_git(plain_helper_0(", cursor_offset: 12 }
    const { context } = (await session.ask("getContext", asked)).result
    assert.notInclude(context, "shown_by_git")
    assert.include(context, "def plain_helper_0(amount):")
  })

  it("and its buffer takes the place of what lies on disk", async () => {
    const textDocument = { uri: encodeURI(`file://${repository.path}/${cafe}/${whole}`), version: 1 }
    session.tell("textDocument/didOpen", {
      textDocument: { ...textDocument, text: "def unsaved_helper():\n    pass\n" }
    })
    const context = await contextAt({ filepath: "new.py" }, "own_helper")
    session.tell("textDocument/didClose", { textDocument })
    assert.notInclude(context, "def own_helper_0")
    assert.include(await contextAt({ filepath: "new.py" }, "own_helper"), "def own_helper_0")
  })
})

describe("names of the project", () => {
  const namesOf = (root: string, held: ReadonlyArray<string>, includePaths: ReadonlyArray<string> = []) =>
    makeFileNames({ root, includePaths, has: (name) => held.includes(name) })

  it("keep two files apart whose names only look the same, or differ in the case of letters", () => {
    const root = temporaryFolder()
    for (const name of [apart, whole, "A.py", "a.py"]) writeFileSync(join(root, name), name)
    const all = namesOf(root, [apart, whole, "A.py", "a.py"])
    for (const name of [apart, whole, "A.py", "a.py"]) assert.strictEqual(all.nameOf(join(root, name)), name)
    // What is there by its own name is none of another's, though the project holds only the other.
    const some = namesOf(root, [apart, "A.py"])
    assert.strictEqual(some.nameOf(join(root, whole)), whole)
    assert.strictEqual(some.nameOf("a.py"), "a.py")
    assert.strictEqual(some.nameOnDisk(whole), whole)
    renameSync(join(root, whole), join(root, "gone"))
    assert.strictEqual(some.nameOf(join(root, whole)), apart)
    assert.strictEqual(some.nameOnDisk(whole), apart)
    rmSync(root, { recursive: true })
  })

  it("begin with the name of another folder where they lie in it, through links too", () => {
    const [root, library] = [temporaryFolder(), temporaryFolder()]
    const target = join(library, "lib")
    mkdirSync(target)
    writeFileSync(join(target, apart), "")
    symlinkSync(target, join(root, "vendored"))
    const names = namesOf(root, [`lib/${apart}`, "own.py"], [target])
    assert.strictEqual(names.nameOf(join(target, whole)), `lib/${apart}`)
    assert.strictEqual(names.nameOf(join(root, "vendored", whole)), `lib/${apart}`)
    assert.strictEqual(names.nameOf(`lib/${apart}`), `lib/${apart}`)
    assert.strictEqual(names.nameOf("own.py"), "own.py")
    assert.strictEqual(names.nameOf("/elsewhere/own.py"), "/elsewhere/own.py")
    for (const made of [root, library]) rmSync(made, { recursive: true })
  })
})
