/** What pages say of the program: their links, the files that they name, and the flags in their examples. */
import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { declarations } from "../../tasks/all-tasks.ts"
import { flagOf, flagsIn } from "../../tasks/shared/asked/asked.ts"

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const tasks = declarations.map(({ task }) => task)
const pages = [
  "README.md",
  "services/README.md",
  "tasks/library/README.md",
  "tasks/shared/crew/README.md",
  ...tasks.map((task) => `tasks/${task}/README.md`)
]
const textOf = (page: string) => readFileSync(join(root, page), "utf8")

/** The name that GitHub gives a heading in addresses. */
const anchorOf = (heading: string) => heading.toLowerCase().replaceAll(/[^\w\s-]/g, "").trim().replaceAll(" ", "-")

/** The examples of a page that call a task, as the task and its flags. */
const callsIn = (text: string) =>
  [...text.matchAll(/\bretrace ([a-z-]+)((?: [^#|>`\n]*)?)/g)].map(([call, task = "", args = ""]) => ({
    call,
    task,
    flags: args.match(/(?<= )--[a-z][a-z0-9-]*/g) ?? []
  }))

describe("the pages", () => {
  it("begin with one of at most 180 lines, which leads to every task", () => {
    const front = textOf("README.md")
    assert.isAtMost(front.trimEnd().split("\n").length, 180)
    for (const task of tasks) assert.include(front, `(tasks/${task}/README.md)`)
  })

  it.each(pages)("lead somewhere: %s", (page) => {
    for (const [link, path = "", anchor = ""] of textOf(page).matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g)) {
      const target = path === "" ? page : join(dirname(page), path)
      assert.isTrue(existsSync(join(root, target)), link)
      const headings = anchor === ""
        ? []
        : (textOf(target).match(/^#+ .*$/gm) ?? []).map((line) => line.replace(/^#+ /, ""))
      assert.isTrue(anchor === "" || headings.map(anchorOf).includes(anchor), link)
    }
  })

  it.each(pages)("name files that are there: %s", (page) => {
    for (const [, path = ""] of textOf(page).matchAll(/`((?:tasks|services|layers|test)\/[\w./-]+)`/g)) {
      assert.isTrue(existsSync(join(root, path)), path)
    }
  })

  it("name tasks and flags that there are", () => {
    const flags = new Map(
      declarations.map((declaration) => [
        declaration.task,
        // A switch that is on by default is taken in its plain form too.
        flagsIn(declaration).map(([key, question]) => flagOf(key, question))
          .flatMap((flag) => [flag, flag.replace("--no-", "--")]).concat("--help")
      ])
    )
    // The tables of flags are made from the declarations, and also name the originals' flags.
    const written = (page: string) => textOf(page).replace(/<!-- flags -->[^]*<!-- \/flags -->/, "")
    for (const page of pages) {
      for (const { call, flags: used, task } of callsIn(written(page))) {
        assert.isTrue(flags.has(task), `${page}: ${call}`)
        assert.includeMembers([...flags.get(task) ?? []], used, `${page}: ${call}`)
      }
    }
    for (const task of tasks) {
      const page = `tasks/${task}/README.md`
      const named = [...written(page).matchAll(/`(--[a-z][a-z0-9-]*)(?![\w-])/g)].map(([, flag = ""]) => flag)
      assert.includeMembers([...flags.get(task) ?? []], named, page)
    }
  })
})
