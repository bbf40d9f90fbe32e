import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import axe from "axe-core"
import { type Browser, chromium } from "playwright-core"
import { findProgram } from "../../../layers/sandbox/vim-program.ts"
import { temporaryFolder } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"
import { withTools } from "../../support/with-tools.ts"

const place = (number: number) => ({
  repo: `github.com/some-owner-of-a-long-name/repository-${number % 3}`,
  filepath: `src/${"deep/".repeat(9)}file-${number}.py`,
  language: number % 2 === 0 ? "python" : "go",
  kind: number % 3 === 0 ? "block" : "expression"
})
const rows = Array.from({ length: 60 }, (_, number) => {
  const asked = {
    prompt: `<|fim_prefix|>${`before_${number} = 1\n`.repeat(20)}x = <|fim_suffix|>\n${
      "after = 2\n".repeat(20)
    }<|fim_middle|>`
  }
  return [
    {
      ...asked,
      completion: `right(${number}, ${"x".repeat(number * 9)})`,
      label: true,
      metadata: { ...place(number), negative: null }
    },
    { ...asked, completion: `wrong(${number})`, label: false, metadata: { ...place(number), negative: "identifier" } }
  ]
}).flat()

let root = ""
let url = ""
let browser: Browser

withTools("chromium").describe("report.html", () => {
  beforeAll(async () => {
    root = temporaryFolder()
    const lines = (some: ReadonlyArray<unknown>) => some.map((row) => `${JSON.stringify(row)}\n`).join("")
    writeFileSync(join(root, "train_kto.jsonl"), lines(rows.slice(0, 100)))
    writeFileSync(join(root, "test_kto.jsonl"), lines(rows.slice(100)))
    writeFileSync(join(root, "train_dpo.jsonl"), lines([{ prompt: "p", chosen: "a\nb\n", rejected: "a\nc\n" }]))
    writeFileSync(
      join(root, "metadata.json"),
      JSON.stringify({
        identity: {
          task: "generate",
          settings: { seed: 7 },
          repositories: [0, 1, 2].map((number) => ({ repository: place(number).repo, commit: "a".repeat(40) }))
        },
        ledger: {
          changes: { came: 90, kept: 60, leftOut: { "too small": 30 } },
          commits: { came: 9, kept: 9, leftOut: {} }
        }
      })
    )
    const ended = await runTask(["report", root])
    assert.strictEqual(ended.code, 0, ended.stderr)
    url = pathToFileURL(join(root, "report.html")).href
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
      >(
        `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"] })`
      )
      assert.deepStrictEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`), [])
      // Texts of figures are drawn by SVG, whose colours axe does not look at: they are those of other texts of the page.
      assert.strictEqual(await page.evaluate("document.documentElement.scrollWidth"), width)
      await page.close()
    }
  )

  it("shows every text at 11 pixels or more, and figures with a contrast of 4.5", { timeout: 60_000 }, async () => {
    for (const { scheme } of [{ scheme: "light" }, { scheme: "dark" }] as const) {
      const page = await browser.newPage({ viewport: { width: 400, height: 900 }, colorScheme: scheme })
      await page.goto(url)
      const texts = await page.evaluate<ReadonlyArray<{ size: number; fill: string; page: string }>>(`
        [...document.querySelectorAll("svg text")].filter((text) => text.getBoundingClientRect().width > 0).map((text) => ({
          size: parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a,
          fill: getComputedStyle(text).fill,
          page: getComputedStyle(document.body).backgroundColor
        }))
      `)
      assert.isNotEmpty(texts)
      for (const { fill, page: behind, size } of texts) {
        assert.isAtLeast(size, 11)
        assert.isAtLeast(contrastOf(fill, behind), 4.5)
      }
      await page.close()
    }
  })

  it(
    "opens samples at what changes, both answers of a question side by side in one place",
    { timeout: 60_000 },
    async () => {
      const page = await browser.newPage({ viewport: { width: 360, height: 900 } })
      await page.goto(url)
      const first = page.locator("details[open]").first()
      assert.match(await first.locator("summary").first().innerText(), /kto, row \d+|train_kto\.jsonl, row \d+, kto/)
      assert.match((await first.locator(".wanted").allInnerTexts()).join(""), /\+ x = right\(\d+/)
      assert.match((await first.locator(".unwanted").allInnerTexts()).join(""), /- x = wrong\(\d+/)
      const before = await first.locator("pre").first().innerText()
      assert.match(before, /^⋯ \d+ lines\n/)
      await page.close()
    }
  )

  it("asks for nothing and runs nothing", () => {
    assert.notMatch(
      readFileSync(join(root, "report.html"), "utf8"),
      /<script|\son\w+=|https?:\/\/(?!www\.w3\.org|github\.com)/
    )
  })
})

/** The contrast of two colours as the Web Content Accessibility Guidelines define it. */
const contrastOf = (one: string, other: string): number => {
  const [light = 0, dark = 0] = [one, other].map((colour) => {
    const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map((part) => {
      const share = Number(part) / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }).sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}
