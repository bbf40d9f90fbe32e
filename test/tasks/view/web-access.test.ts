/** Whether everybody can use the page: contrast, names and roles as axe-core sees them, sizes, and the keyboard. */
import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import type { Browser, Page } from "playwright-core"
import { instinct } from "../../../services/next-edit/dialects/instinct.ts"
import { zeta2 } from "../../../services/next-edit/dialects/zeta2.ts"
import { areaExample, nextEditMetadata, promptAndAnswer, quietExample } from "../../support/next-edit-rows.ts"
import { temporaryFolder } from "../../support/repository.ts"
import { launchBrowser, openAt, openPage, startViewer, untilSo } from "../../support/viewer-page.ts"
import { withTools } from "../../support/with-tools.ts"

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

const code = {
  python: "# a comment\n@wrap\ndef total(items: list[int]) -> int:\n    \"\"\"Adds.\"\"\"\n    return ",
  go: "// a comment\npackage shop\n\nfunc Total(items []int) (int, error) {\n\tx := \"a\\n\" + `b`\n\treturn ",
  typescript:
    "/** A comment. */\nexport const total = <A extends string>(items: A[]): number => {\n  const r = /a+/g\n  return "
}
const base = { repo: "shop", filepath: "src/a", kind: "expression", commit: "0123456789abcdef0123456789abcdef01234567" }
const ask = (prefix: string) => `<|fim_prefix|>${prefix}<|fim_suffix|>\n}\n// more\n<|fim_middle|>`
const rows = [
  ...Object.entries(code).flatMap(([language, prefix]) => [
    {
      prompt: ask(prefix),
      chosen: "sum(items) # all of them",
      rejected: "len(items) # none of them\n# more",
      metadata: { ...base, language, negative: "operator" }
    },
    { prompt: ask(prefix), completion: "sum(items)", label: true, metadata: { ...base, language, negative: null } }
  ]),
  { edit_path: ["@@ -0,0 +1,2 @@\n+import os\n+print(os)", "@@ -1,0 +2 @@\n+import sys"], source_file: "b.py" },
  { source: "one\ntwo\n", target: "one\n2\n", keys: "jcw2<Esc>", depth: "statement", language: "go" },
  {
    messages: [
      { role: "system", content: "Be **brief**." },
      { role: "user", content: "Add `x`:\n```python\nx = 1 # one\n```" },
      { role: "assistant", content: "```python\nx = 2 # two\n```" }
    ]
  },
  {
    ...promptAndAnswer(zeta2, {
      ...areaExample,
      events: areaExample.events.map((event) => ({ ...event, path: `src/${"very_long_name_".repeat(8)}area.py` }))
    }),
    metadata: nextEditMetadata(zeta2, "near")
  },
  { ...promptAndAnswer(instinct, quietExample), metadata: nextEditMetadata(instinct, "no edit") },
  { ...promptAndAnswer(zeta2), metadata: nextEditMetadata(zeta2, "near") }
]

let root = ""
let browser: Browser
let viewer: Awaited<ReturnType<typeof startViewer>>

const views = [
  ["the table", "view=table"],
  ["a filtered table", "view=table&filter=language==go&search=items"],
  ["figures", "view=figures"],
  ["help", "view=help"],
  ...rows.map((_, index) => [`row ${index + 1}`, `row=${index + 1}`] as const),
  ["a search", "row=1&search=items"]
] as const

/** Waits until all is drawn and counted: a table says how many rows it has when it has read them. */
const settled = (page: Page) =>
  untilSo(page, async () => {
    const told = (await page.locator("p.told").allInnerTexts()).join()
    const isTold = (await page.locator(".grid").count()) === 0 || (told !== "" && !told.endsWith("…"))
    return isTold && (await page.locator("main h1").count()) === 1 &&
      !(await page.innerText("body")).includes("counting …")
  })

/** Opens what a narrow page folds away, where it has it. */
const openAll = async (page: Page) => {
  for (const id of ["#more", ".opener"]) if (await page.locator(id).isVisible()) await page.locator(id).click()
}

withTools("chromium").describe("view --web for everybody", () => {
  beforeAll(async () => {
    root = temporaryFolder()
    writeFileSync(join(root, "rows.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""))
    viewer = await startViewer([join(root, "rows.jsonl")])
    browser = await launchBrowser()
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await viewer.stop()
    rmSync(root, { recursive: true, force: true })
  })

  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1440, 360]) {
      it(`has nothing that axe-core minds, ${colorScheme}, ${width} pixels wide`, { timeout: 120_000 }, async () => {
        const { errors, page } = await openPage(browser, {
          colorScheme,
          viewport: { width, height: 800 },
          bypassCSP: true
        })
        for (const [name, address] of views) {
          await openAt(page, viewer.url, address)
          await settled(page)
          await page.evaluate("for (const drawer of document.querySelectorAll('details')) drawer.open = true")
          if (width === 360) await openAll(page)
          await page.evaluate(axe)
          const { violations } = await page.evaluate("axe.run()") as { violations: ReadonlyArray<any> }
          assert.deepStrictEqual(
            violations.map(({ id, nodes }) => [name, id, nodes.slice(0, 3).map(({ html }: any) => html)]),
            []
          )
          const sideways = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
          assert.strictEqual(sideways, 0, `${name} is wider than ${width} pixels`)
        }
        assert.deepStrictEqual(errors, [])
        await page.context().close()
      })
    }
  }

  it("has targets of 44 pixels on a phone", { timeout: 120_000 }, async () => {
    const { page } = await openPage(browser, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
    for (const [name, address] of views) {
      await openAt(page, viewer.url, address)
      await settled(page)
      await openAll(page)
      const small = await page.evaluate(`[...document.querySelectorAll("button, input, select, summary, .tr")]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 0)
        .filter((one) => one.getBoundingClientRect().height < 44 || one.getBoundingClientRect().width < 44)
        .map((one) => one.outerHTML.slice(0, 120))`)
      assert.deepStrictEqual(small, [], name)
    }
    await page.context().close()
  })

  it("shows the change of each row without a key pressed", { timeout: 120_000 }, async () => {
    for (const width of [1440, 768, 360]) {
      const { page } = await openPage(browser, { viewport: { width, height: 740 } })
      for (const [index] of rows.entries()) {
        await openAt(page, viewer.url, `row=${index + 1}`)
        await settled(page)
        const bottom = await page.evaluate(
          `document.querySelector(".differing, .within, section .code").getBoundingClientRect().top + 20`
        )
        assert.isBelow(Number(bottom), 500, `row ${index + 1} at ${width} pixels`)
      }
      // Two answers are side by side where there is room, else one under the other.
      await openAt(page, viewer.url, "row=1")
      await settled(page)
      const [left, right] = await Promise.all(
        ["left", "right"].map((side) => page.locator(`.differing .${side}`).first().boundingBox())
      )
      assert.strictEqual((left?.y ?? 0) === (right?.y ?? 1), width >= 900)
      await page.context().close()
    }
  })

  it("shows a next edit as a diff with its cursor, and what came before below it", { timeout: 60_000 }, async () => {
    for (const width of [1440, 360]) {
      const { errors, page } = await openPage(browser, { viewport: { width, height: 740 } })
      await openAt(page, viewer.url, `row=${rows.length}`)
      await settled(page)
      const differing = page.locator(".differing").first()
      assert.strictEqual((await differing.locator(".gone .marked, .come .marked").allInnerTexts()).join(""), " * h")
      const box = await differing.boundingBox()
      assert.isTrue(box !== null && box.y > 0 && box.y + box.height < 740, `${width} pixels`)
      assert.strictEqual(await page.locator(".cursor").first().innerText(), "return".slice(0, 0) + "")
      const names = await page.locator("main h2, main summary").allInnerTexts()
      assert.deepStrictEqual(names.slice(0, 3), [
        "completion: what changes",
        "edit 1 of 2: src/unit.py",
        "edit 2 of 2: src/area.py"
      ])
      assert.include(await page.locator("section").nth(2).innerText(), "def area(w, h):")
      await openAt(page, viewer.url, `row=${rows.length - 1}`)
      await settled(page)
      assert.strictEqual(await page.locator("main .note").first().innerText(), "Nothing is left to do.")
      assert.deepStrictEqual(errors, [])
      await page.context().close()
    }
  })

  it("goes from the table to a row by its number on a narrow page, too", { timeout: 60_000 }, async () => {
    const { page } = await openPage(browser, { viewport: { width: 360, height: 740 } })
    await openAt(page, viewer.url, "view=table")
    await settled(page)
    await page.keyboard.press("g")
    await page.keyboard.type("3\n")
    await untilSo(page, async () => (await page.locator("main h1").allInnerTexts()).join() === "Row 3")
    await page.context().close()
  })

  it("does all with the keyboard, and shows where one is", { timeout: 60_000 }, async () => {
    const { page } = await openPage(browser, { viewport: { width: 1440, height: 900 } })
    await openAt(page, viewer.url, "view=table")
    // All rows are counted, so that no bar comes or goes while the focus moves.
    await untilSo(page, async () => (await page.locator("p.told").allInnerTexts()).join() === `${rows.length} rows`)
    await untilSo(page, async () => (await page.locator("button.bar").count()) > 0)
    const seen = new Set<string>()
    for (let pressed = 0; pressed < 60; pressed++) {
      await page.keyboard.press("Tab")
      const focused = await page.evaluate(`(() => {
        const one = document.activeElement
        const marked = one.getAttribute("role") === "grid" ? one.querySelector(".chosen") : one
        const { outlineStyle, outlineWidth } = getComputedStyle(marked)
        return [one.id || one.className, outlineStyle !== "none" && outlineWidth !== "0px"]
      })()`) as [string, boolean]
      if (focused[0] === "" || focused[0] === "table") break
      assert.isTrue(focused[1], `the focus on ${focused[0]} cannot be seen`)
      seen.add(focused[0])
    }
    for (const name of ["sort", "bar"]) assert.isTrue(seen.has(name), [...seen].join(" "))
    await page.locator(".grid").focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await untilSo(page, async () => (await page.locator("main h1").allInnerTexts()).join() === "Row 2")
    await page.keyboard.press("Escape")
    await untilSo(page, async () => (await page.locator(".grid").count()) === 1)
    await page.context().close()
  })
})
