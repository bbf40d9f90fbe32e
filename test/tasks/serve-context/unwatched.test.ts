/** Where the system has no watch left, changes are seen all the same, and it is said once. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { makeRepository, type TestRepository } from "../../support/repository.ts"
import { eventually, startServer } from "../../support/server.ts"
import { withTools } from "../../support/with-tools.ts"

/** A namespace of users has its own count of watches, which bubblewrap makes. */
const few = (limit: string, value: number) => {
  const own = `echo ${value} > /proc/sys/user/max_inotify_${limit} && exec "$@"`
  const namespace = "--dev-bind / / --unshare-user --uid 0 --gid 0 --cap-add ALL".split(" ")
  return ["bwrap", ...namespace, "sh", "-c", own, "sh"]
}

const suite = (limit: string, value: number) => () => {
  let repository: TestRepository
  let server: ReturnType<typeof startServer>
  const at = (path: string) => join(repository.path, path)
  const write = (path: string, name: string) => {
    mkdirSync(at(join(path, "..")), { recursive: true })
    writeFileSync(at(path), `def ${name}(x):\n    return x\n`)
  }
  const isKnown = async (name: string): Promise<boolean> => {
    const asked = { filepath: "asking.py", content: `${name}(`, cursor_offset: name.length + 1 }
    return (await server.ask("getContext", asked)).result.context.includes(`def ${name}(x):`)
  }
  const known = (name: string) => eventually(() => isKnown(name), `${name} is known`)
  const forgotten = (name: string) => eventually(async () => !await isKnown(name), `${name} is forgotten`)

  beforeAll(async () => {
    repository = makeRepository("busy")
    for (const folder of ["a", "b", "c", "d/e"]) write(`${folder}/x.py`, `of_${folder.replace("/", "_")}`)
    repository.commit("all")
    server = startServer([], {}, few(limit, value))
    await server.ask("initialize", { project_root: repository.path })
  })
  afterAll(async () => {
    server.child.stdin.end()
    await server.ended
    repository.dispose()
  })

  it("files and folders that come, change and go are seen, and it is said once", async () => {
    for (const folder of ["a", "b", "c", "d/e"]) {
      const name = folder.replace("/", "_")
      write(`${folder}/x.py`, `changed_${name}`)
      await known(`changed_${name}`)
      write(`${folder}/y.py`, `new_${name}`)
      await known(`new_${name}`)
      rmSync(at(`${folder}/y.py`))
      await forgotten(`new_${name}`)
    }
    write("f/g/z.py", "in_a_new_folder")
    await known("in_a_new_folder")
    renameSync(at("f"), at("../f"))
    await forgotten("in_a_new_folder")
    renameSync(at("../f"), at("f"))
    await known("in_a_new_folder")
    const said = server.stderr().split("\n").filter((line) => line.includes("no watch left"))
    assert.strictEqual(said.length, 1, server.stderr())
    assert.include(said[0], `raise fs.inotify.max_user_${limit}`)
  }, 60_000)
}

withTools("bwrap").describe("where the system has no watch left", () => {
  describe("for one more folder", suite("watches", 2))
  describe("for one more program", suite("instances", 0))
})
