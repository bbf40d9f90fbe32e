import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { request } from "node:http"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import type { Browser, Page } from "playwright-core"
import { temporaryFolder } from "../../support/repository.ts"
import { launchBrowser, openPage, startViewer, untilSo } from "../../support/viewer-page.ts"
import { withSandbox, withTools } from "../../support/with-tools.ts"

const hostile =
  "</span><script>window.ran = 1</script><img src=x onerror=\"window.ran = 2\"><svg onload=\"window.ran = 3\">" +
  "<a href=\"javascript:window.ran=4\">x</a>\u001b[31m\u0007"

const rows: ReadonlyArray<unknown> = [
  {
    prompt: "<|fim_prefix|>def total(items):\n    return <|fim_suffix|>\n\nprint(total([]))\n<|fim_middle|>",
    completion: "sum(items)",
    label: true,
    metadata: { repo: "shop", filepath: "a.py", language: "python", kind: "expression" }
  },
  {
    prompt: "<|fim_prefix|>def total(items):\n    return <|fim_suffix|>\n\nprint(total([]))\n<|fim_middle|>",
    chosen: "sum(items)",
    rejected: "len(items)",
    metadata: { repo: "shop", filepath: "a.py", language: "python", negative: "operator" }
  },
  { edit_path: ["@@ -0,0 +1,2 @@\n+import os\n+print(os)", "@@ -1,0 +2 @@\n+import sys"], source_file: "b.py" },
  { source: "one\ntwo\n", target: "one\n2\n", keys: "jcw2<Esc>", depth: "statement", language: "go" },
  { prompt: hostile, completion: hostile, [hostile]: hostile, metadata: { language: hostile, filepath: hostile } },
  { text: `long ${"x".repeat(2_000_000)}` },
  { text: `<|fim_prefix|>${"y = 1\n".repeat(3000)}<|fim_suffix|>\n<|fim_middle|>far_down`, language: "python" }
]

let root = ""
let browser: Browser
let page: Page
let url = ""
let stop: () => Promise<unknown>
let errors: ReadonlyArray<string> = []
let requests: ReadonlyArray<string> = []

beforeAll(async () => {
  root = temporaryFolder()
  writeFileSync(join(root, "a-rows.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join("") + "{\"torn\": t")
  writeFileSync(
    join(root, "other.jsonl"),
    Array.from(
      { length: 500 },
      (_, index) => `${JSON.stringify({ text: `row ${index}`, language: index % 2 === 0 ? "go" : "c" })}\n`
    ).join("")
  )
  writeFileSync(
    join(root, "metadata.json"),
    JSON.stringify({ identity: {}, ledger: { cuts: { came: 10, kept: 7, leftOut: { blank: 3 } } } })
  )
  const viewer = await startViewer(["-d", root])
  url = viewer.url
  stop = viewer.stop
}, 60_000)
afterAll(async () => {
  await stop()
  rmSync(root, { recursive: true, force: true })
})

const until = (test: () => Promise<boolean>) => untilSo(page, test)
const shape = () => page.locator(".head .shape").innerText()
const textsOf = async (selector: string) => (await page.locator(selector).allInnerTexts()).join("")
/** Whether a row is shown: the field may hold what was only typed. */
const isRow = (number: number) => async () => (await page.locator("main h1").allInnerTexts()).join() === `Row ${number}`
/** Opens the page anew at a row of a file. */
const openAt = async (file: number, row: number) => {
  await page.goto("about:blank")
  await page.goto(`${url}#file=${file}&row=${row}`)
  await until(async () => (await isRow(row)()) && (await page.inputValue("#file")) === String(file))
}
const said = () => page.innerText("#message")
const chosen = () => page.innerText("#chosen")

withTools("chromium").describe("view --web", () => {
  beforeAll(async () => {
    browser = await launchBrowser()
    const opened = await openPage(browser)
    page = opened.page
    errors = opened.errors
    requests = opened.requests
  }, 60_000)
  afterAll(() => browser.close())

  it(
    "shows each shape, what changes first, marked and in the colours of its language",
    { timeout: 60_000 },
    async () => {
      await openAt(0, 1)
      await until(async () => (await shape()) === "kto")
      assert.strictEqual(await textsOf("section.wanted .inside"), "sum(items)")
      const colours = await page.locator("section span").evaluateAll((spans: Array<any>) =>
        spans.map((span) => span.style.getPropertyValue("--light"))
      )
      assert.isAbove(new Set(colours).size, 2)
      await page.keyboard.press("n")
      await until(async () => (await shape()) === "dpo")
      // Both answers stand in their place, side by side, with the words that differ marked.
      assert.strictEqual(await textsOf(".differing .left .inside"), "sum(items)")
      assert.strictEqual(await textsOf(".differing .right .inside"), "len(items)")
      assert.strictEqual(await textsOf(".differing .come.wanted .marked"), "sum")
      assert.strictEqual(await textsOf(".differing .gone.unwanted .marked"), "len")
      await page.keyboard.press("ArrowRight")
      await until(async () => (await shape()) === "edit path")
      assert.strictEqual(await page.innerText(".slider .told"), "state 1 of 2")
      await page.keyboard.press("]")
      await until(async () => (await page.innerText(".slider .told")) === "state 2 of 2")
      assert.strictEqual(await textsOf(".change .come"), "import sys")
      await page.keyboard.press("n")
      await until(async () => (await shape()) === "transform")
      assert.deepStrictEqual(await page.locator("kbd").allInnerTexts(), ["j", "c", "w", "2", "<Esc>"])
      assert.deepStrictEqual(
        [await textsOf(".differing .gone .marked"), await textsOf(".differing .come .marked")],
        ["two", "2"]
      )
    }
  )

  withSandbox.it("plays the keys of a row", { timeout: 60_000 }, async () => {
    await openAt(0, 4)
    await page.keyboard.press("r")
    // What the player draws of Vim's last screen.
    await until(async () => /one\s+2\s+~/.test(await page.locator("#player").innerText()))
    assert.deepStrictEqual(errors, [])
  })

  it("goes, searches and filters, and keeps its place in the address", { timeout: 60_000 }, async () => {
    await openAt(1, 1)
    await page.keyboard.press("g")
    await page.keyboard.type("250\n")
    await until(isRow(250))
    await page.keyboard.press("/")
    await page.keyboard.type("row 421\n")
    await until(isRow(422))
    await until(async () => (await chosen()).includes("hit 1 of 1 row that hold it"))
    await page.keyboard.press("Escape")
    await until(async () => (await chosen()) === "")
    await page.keyboard.press("f")
    await page.keyboard.type("language=go\n")
    await until(async () => (await chosen()).includes("match 1 of 250 rows that pass"))
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("n")
    await until(isRow(3))
    await page.keyboard.press("n")
    await until(isRow(5))
    await page.keyboard.press("p")
    await until(isRow(3))
    await until(async () => page.url().endsWith("#file=1&row=3&filter=language%3Dgo"))
    await page.reload()
    await until(isRow(3))
    await until(async () => (await chosen()).includes("language=go"))
    await page.keyboard.press("g")
    await page.keyboard.type("last\n")
    await until(isRow(499))
    await page.keyboard.press("g")
    await page.keyboard.type("200\n")
    await until(isRow(201))
    await page.keyboard.press("/")
    // Row 43 of the other language holds it too.
    await page.keyboard.type("row 42\n")
    await until(isRow(421))
    await page.keyboard.press("Escape")
    await page.keyboard.press("g")
    await page.keyboard.type("2\n")
    await until(isRow(3))
    await page.keyboard.press("c")
    await until(async () => (await chosen()) === "")
    await page.keyboard.press("n")
    await until(isRow(4))
    await page.selectOption("#file", "0")
    await until(isRow(1))
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("p")
    await until(async () => (await said()).includes("first row"))
  })

  it("leaves a number alone that is typed while a row is being drawn", { timeout: 60_000 }, async () => {
    await openAt(1, 1)
    const asked = new Promise<() => void>((resolve) =>
      void page.route("**/api/row", (route) => resolve(() => void route.continue().catch(() => undefined)), {
        times: 1
      })
    )
    // The row that n asks for comes when the number is half typed.
    await page.keyboard.press("n")
    const answer = await asked
    await page.keyboard.press("g")
    await page.keyboard.type("3")
    answer()
    await until(isRow(2))
    await page.keyboard.type("7\n")
    await until(isRow(37))
    await until(async () => (await page.inputValue("#row")) === "37")
    await page.keyboard.press("g")
    await page.keyboard.type("9")
    await page.keyboard.press("Escape")
    await until(async () => (await page.inputValue("#row")) === "37")
  })

  it("shows figures whose bars filter, and the funnel", { timeout: 60_000 }, async () => {
    await openAt(1, 1)
    await page.keyboard.press("t")
    await until(async () => (await page.locator("h2").allInnerTexts()).includes("language"))
    await until(async () => (await page.innerText("main")).includes("7 of 10"))
    await page.locator("button[title='only c']").click()
    await until(async () => (await page.locator(".told").innerText()) === "250 of 500 rows pass (50 %)")
    await until(async () => (await chosen()).includes("language==c"))
    await page.keyboard.press("?")
    await until(async () => (await page.innerText("main")).includes("keep or drop"))
    await page.keyboard.press("Escape")
    await until(async () => (await page.locator(".grid").count()) === 1)
  })

  it("keeps labels beside the data", { timeout: 60_000 }, async () => {
    await openAt(0, 1)
    await page.keyboard.press("k")
    await until(async () => (await said()) === "Labelled keep.")
    await page.keyboard.press("d")
    await until(async () => (await said()) === "Labelled drop.")
    await page.reload()
    await until(async () => (await page.locator("#drop[aria-pressed=true]").count()) === 1)
    await until(async () => (await page.locator("#keep[aria-pressed=true]").count()) === 0)
    const kept = readFileSync(join(root, "a-rows.labels.jsonl"), "utf8").trim().split("\n").map((line) =>
      JSON.parse(line)
    )
    assert.deepStrictEqual(kept.map(({ label, row }) => [row, label]), [[0, "keep"], [0, "drop"]])
    await page.keyboard.press("d")
    await until(async () => (await said()) === "No label.")
    assert.isFalse(readdirSync(root).some((name) => name.endsWith(".part")))
  })

  it("lets nothing in a row run, and shows it as it is", { timeout: 60_000 }, async () => {
    await openAt(0, 5)
    await until(async () => (await page.innerText("main")).includes("window.ran = 1"))
    assert.isUndefined(await page.evaluate("window.ran"))
    assert.strictEqual(await page.locator("main script, main img, main svg, main a").count(), 0)
    assert.include(await page.locator("details.facts").textContent(), "onerror")
    await page.keyboard.press("t")
    await until(async () => (await page.locator("h2").allInnerTexts()).includes("language"))
    assert.isUndefined(await page.evaluate("window.ran"))
    await page.keyboard.press("l")
    await until(async () => (await page.innerText("main")).includes("window.ran = 1"))
    await until(async () => (await page.locator("button.bar").count()) > 0)
    assert.isUndefined(await page.evaluate("window.ran"))
    assert.strictEqual(await page.locator("main script, main img, main svg, main a").count(), 0)
    await openAt(0, 8)
    await until(async () => (await page.innerText("main")).includes("{\"torn\": t"))
  })

  it(
    "bears a line of 2 MB, brings a far middle into view, and shows the next row within 100 ms",
    { timeout: 60_000 },
    async () => {
      await openAt(0, 6)
      await page.keyboard.press("n")
      await until(isRow(7))
      await until(async () => (await page.locator(".inside").count()) > 0)
      await until(() =>
        page.locator(".inside").first().evaluate((mark: any) => {
          const { bottom, top } = mark.getBoundingClientRect()
          return top >= 0 && bottom <= mark.ownerDocument.defaultView.innerHeight
        })
      )
      await openAt(1, 10)
      const times: Array<number> = []
      for (let row = 11; row < 31; row++) {
        times.push(Number(
          await page.evaluate(`new Promise((resolve) => {
        const started = performance.now()
        new MutationObserver((_, observer) => { observer.disconnect(); requestAnimationFrame(() => resolve(performance.now() - started)) })
          .observe(document.getElementById("main"), { childList: true })
        document.dispatchEvent(new KeyboardEvent("keydown", { key: "n" }))
      })`)
        ))
      }
      const median = times.sort((a, b) => a - b)[10] ?? 0
      console.info(`next row: median ${median.toFixed(1)} ms, most ${Math.max(...times).toFixed(1)} ms`)
      await until(isRow(30))
      assert.isAbove(median, 0)
    }
  )

  it("asked nobody but its own server, and broke no rule of the page", () => {
    assert.isNotEmpty(requests)
    for (const asked of requests) {
      assert.isTrue(
        asked.startsWith(url) || asked === "about:blank" || asked.startsWith("data:") || asked.startsWith("blob:"),
        asked
      )
    }
    assert.deepStrictEqual(errors, [])
  })
})

describe("the server of view --web", () => {
  it("answers nobody who calls it by another name, and gives no other file", { timeout: 30_000 }, async () => {
    const ask = (path: string, headers: Record<string, string> = {}, method = "GET", body = "") =>
      new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
        const { hostname, port } = new URL(url)
        const asked = request({ hostname, port, path, method, headers }, (response) => {
          let text = ""
          response.on("data", (data) => text += data)
          response.on("end", () => resolve({ status: response.statusCode ?? 0, text }))
        })
        asked.on("error", reject)
        asked.end(body)
      })
    assert.strictEqual((await ask("/", { host: "evil.example" })).status, 403)
    assert.strictEqual((await ask("/api/row?file=0&row=0", { origin: "http://evil.example" })).status, 403)
    const label = JSON.stringify({ file: 0, row: 0, label: "keep" })
    assert.strictEqual((await ask("/api/label", { origin: "http://evil.example" }, "POST", label)).status, 403)
    for (
      const path of [
        "/../package.json",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/app.js/../../main.mjs",
        "//etc/passwd",
        "/api/row?file=../x",
        "//",
        "/app.js?../../main.mjs"
      ]
    ) {
      const { status, text } = await ask(path)
      assert.isFalse(text.includes("root:") || text.includes("dependencies"), path)
      assert.include([200, 404, 405], status, path)
    }
    const json = { "content-type": "application/json" }
    for (
      const [path, question, status] of [
        ["row", { file: 9 }, 404],
        ["row", { file: -1 }, 400],
        ["row", { row: 0.5 }, 400],
        ["find", { file: 0 }, 400],
        ["find", { file: null, text: "a", from: null, sign: null, filters: null }, 200],
        ["lines", { file: 0, count: -1 }, 400],
        ["lines", { file: 0, sort: "nothing" }, 400],
        ["survey", { file: 9 }, 404],
        ["check", { file: 0, filters: ["no filter"] }, 200],
        ["cast", { file: 0 }, 404],
        ["row", { file: null, row: null }, 200],
        ["recording", { file: 0, row: 0 }, 404],
        ["label", "{", 400],
        ["none", {}, 404]
      ] as const
    ) {
      assert.strictEqual((await ask(`/api/${path}`, json, "POST", JSON.stringify(question))).status, status, path)
      assert.strictEqual((await ask(`/api/${path}`)).status, path === "none" ? 404 : 405)
    }
    assert.strictEqual((await ask("/api/label", json, "POST", "{")).status, 400)
    assert.isTrue(existsSync(join(root, "a-rows.jsonl")))
  })
})
