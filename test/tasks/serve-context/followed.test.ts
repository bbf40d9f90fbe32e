/** Folders that disappear and come back, as when another branch is checked out, are followed again. */
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import { makeRepository, type TestRepository } from "../../support/repository.ts"
import { eventually } from "../../support/server.ts"
import { type RunningSession, startSession } from "../../support/session.ts"

let repository: TestRepository
let session: RunningSession
const at = (path: string) => join(repository.path, path)
const write = (path: string, name: string) => {
  mkdirSync(dirname(at(path)), { recursive: true })
  writeFileSync(at(path), `def ${name}(x):\n    return x\n`)
}
const isKnown = async (name: string): Promise<boolean> => {
  const asked = { filepath: "asking.py", content: `${name}(`, cursor_offset: name.length + 1 }
  return (await session.ask("getContext", asked)).result.context.includes(`def ${name}(x):`)
}
const known = (name: string) => eventually(() => isKnown(name), `${name} is known`)
const forgotten = (name: string) => eventually(async () => !await isKnown(name), `${name} is forgotten`)
/** What is written now is seen, so the folder is followed. */
const isFollowed = async (folder: string, name: string) => {
  write(join(folder, "fresh.py"), name)
  await known(name)
  write(join(folder, "fresh.py"), `${name}_again`)
  await known(`${name}_again`)
}

beforeAll(async () => {
  repository = makeRepository("branches")
  write("a.py", "of_root")
  repository.commit("main")
  repository.git("checkout", "--quiet", "-b", "feature")
  for (const folder of ["lib", "pkg/sub/deep", "pkg/other"]) {
    write(join(folder, "x.py"), `of_${folder.replaceAll("/", "_")}`)
  }
  repository.commit("feature")
  session = startSession()
  await session.ask("initialize", { project_root: repository.path })
  // The watching is ready when a change is seen.
  await isFollowed(".", "begun")
})
afterAll(async () => {
  await session.close()
  repository.dispose()
})

const folders = ["lib", "pkg/sub/deep", "pkg/other"]
const nameOf = (folder: string) => `of_${folder.replaceAll("/", "_")}`

it("after another branch was checked out and the first one again, slowly and at once", async () => {
  for (const turn of [1, 2]) {
    repository.git("checkout", "--quiet", "main")
    for (const folder of folders) await forgotten(nameOf(folder))
    repository.git("checkout", "--quiet", "feature")
    for (const folder of folders) {
      await known(nameOf(folder))
      await isFollowed(folder, `slow_${turn}_${nameOf(folder)}`)
      rmSync(at(join(folder, "fresh.py")))
    }
  }
  for (const turn of [1, 2, 3]) {
    repository.git("checkout", "--quiet", "main")
    repository.git("checkout", "--quiet", "feature")
    for (const folder of folders) {
      await isFollowed(folder, `fast_${turn}_${nameOf(folder)}`)
      rmSync(at(join(folder, "fresh.py")))
    }
  }
})

it.each(["lib", "pkg/sub/deep", "pkg/sub", "pkg"])("after %s was removed and made anew", async (folder) => {
  const inside = folders.find((each) => each.startsWith(folder)) ?? folder
  for (const pause of [0, 30, 300]) {
    rmSync(at(folder), { recursive: true })
    await new Promise((resolve) => setTimeout(resolve, pause))
    write(join(inside, "x.py"), nameOf(inside))
    await isFollowed(inside, `made_${pause}_${nameOf(inside)}_${folder.length}`)
  }
})

it("after it had another name, and after a file had its name", async () => {
  renameSync(at("lib"), at("lib2"))
  await isFollowed("lib2", "renamed")
  renameSync(at("lib2"), at("lib"))
  await isFollowed("lib", "renamed_back")
  rmSync(at("lib"), { recursive: true })
  writeFileSync(at("lib"), "no folder\n")
  await forgotten("renamed_back_again")
  rmSync(at("lib"))
  await isFollowed("lib", "folder_again")
})

it("when it is the project itself", async () => {
  for (const pause of [0, 300]) {
    renameSync(repository.path, `${repository.path}-away`)
    await new Promise((resolve) => setTimeout(resolve, pause))
    cpSync(`${repository.path}-away`, repository.path, { recursive: true })
    await isFollowed("lib", `copied_${pause}`)
    await isFollowed(".", `copied_root_${pause}`)
    rmSync(`${repository.path}-away`, { recursive: true })
  }
  assert.isTrue(await isKnown("of_root"))
})
