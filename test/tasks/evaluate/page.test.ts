import { rmSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import axe from "axe-core"
import { type Browser, chromium } from "playwright-core"
import { findProgram } from "../../../layers/sandbox/vim-program.ts"
import { answersOf, gapRows, writeLines } from "../../support/evaluated.ts"
import { temporaryFolder } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"
import { withTools } from "../../support/with-tools.ts"

let root = ""
let url = ""
let browser: Browser

withTools("chromium").describe("evaluate.html", () => {
  beforeAll(async () => {
    root = temporaryFolder()
    const at = (name: string) => join(root, name)
    const rows = gapRows(200)
    writeLines(at("rows.jsonl"), rows)
    const name = "answers-of-a-model-with-a-name-that-is-much-longer-than-a-phone-is-wide"
    for (const [side, share] of [["after", 0.8], ["before", 0.4]] as const) {
      writeLines(at(`${name}-${side}.jsonl`), answersOf(rows, share, "page"))
    }
    const models = [
      "--model",
      `replay:${at(`${name}-after.jsonl`)}`,
      "--against",
      `replay:${at(`${name}-before.jsonl`)}`
    ]
    const ended = await runTask(["evaluate", at("rows.jsonl"), ...models, "--again", "-o", at("out")])
    assert.strictEqual(ended.code, 0, ended.stderr)
    url = pathToFileURL(at("out/evaluate.html")).href
    const executablePath = findProgram("chromium", process.env["PATH"] ?? "") ?? ""
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] })
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    rmSync(root, { recursive: true, force: true })
  })

  const views = (["light", "dark"] as const).flatMap((scheme) => [360, 1440].map((width) => ({ scheme, width })))

  it.each(views)(
    "can be read by everybody in $scheme at $width pixels",
    { timeout: 60_000 },
    async ({ scheme, width }) => {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme, bypassCSP: true })
      await page.goto(url)
      // What is folded away is read too.
      await page.evaluate(`document.querySelectorAll("details").forEach((one) => { one.open = true })`)
      await page.evaluate(axe.source)
      const { violations } = await page.evaluate<
        { violations: ReadonlyArray<{ id: string; nodes: ReadonlyArray<{ html: string }> }> }
      >(`axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"] })`)
      assert.deepStrictEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`), [])
      assert.strictEqual(await page.evaluate("document.documentElement.scrollWidth"), width)
      await page.close()
    }
  )

  it("shows at once what one model has right and the other wrong", { timeout: 60_000 }, async () => {
    const page = await browser.newPage({ viewport: { width: 1000, height: 900 } })
    await page.goto(url)
    const first = page.locator("details[open]").first()
    const headings = await first.locator("h4").allInnerTexts()
    assert.deepStrictEqual(headings, [
      "the right answer and A, which is right",
      "the right answer and B, which says something else"
    ])
    assert.match((await first.locator(".wanted").allInnerTexts()).join(""), /\+ +return x \+ \d+/)
    assert.match((await first.locator(".unwanted").allInnerTexts()).join(""), /- +return wrong/)
    await page.close()
  })
})
