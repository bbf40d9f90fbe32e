/** What pages say of the program: their links, the files that they name, and the flags in their examples. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { runProgram } from "../support/program.ts"

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
/** Every file in tasks/ that has a folder of its own name is a task, but for the library. */
const tasks = readdirSync(join(root, "tasks"))
  .filter((name) => name !== "library" && existsSync(join(root, "tasks", `${name}.ts`)))
const pages = [
  "README.md",
  "services/README.md",
  "tasks/library/README.md",
  ...tasks.map((task) => `tasks/${task}/README.md`)
]
const textOf = (page: string) => readFileSync(join(root, page), "utf8")

/** The name that GitHub gives a heading in addresses. */
const anchorOf = (heading: string) => heading.toLowerCase().replaceAll(/[^\w\s-]/g, "").trim().replaceAll(" ", "-")

/** The examples of a page that call a task, as the task and its flags. */
const callsIn = (text: string) =>
  [...text.matchAll(/\bretrace ([a-z-]+)((?: [^#|>\n]*)?)/g)].map(([call, task = "", args = ""]) => ({
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

  it("name tasks and flags that the help has", async () => {
    const helps = new Map(
      await Promise.all(tasks.map(async (task) => [task, (await runProgram([task, "--help"])).stdout] as const))
    )
    const hasFlag = (task: string, flag: string) => new RegExp(`${flag}(?![\\w-])`).test(helps.get(task) ?? "")
    for (const page of pages) {
      const text = textOf(page)
      for (const { call, flags, task } of callsIn(text)) {
        assert.isTrue(helps.has(task), `${page}: ${call}`)
        for (const flag of flags) assert.isTrue(hasFlag(task, flag), `${page}: ${call}`)
      }
      const own = tasks.find((task) => page === `tasks/${task}/README.md`)
      if (own === undefined) continue
      for (const [, flag = ""] of text.matchAll(/`(--[a-z][a-z0-9-]*)(?![\w-])/g)) {
        assert.isTrue(hasFlag(own, flag), `${page}: ${flag}`)
      }
    }
  })
})
