import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import type { Browser, Locator, Page } from "playwright-core"
import { temporaryFolder } from "../../support/repository.ts"
import { launchBrowser, openAt, openPage, startViewer, untilSo } from "../../support/viewer-page.ts"
import { withTools } from "../../support/with-tools.ts"

const kinds = ["block", "line", "expression"]
const operators = ["operator", "swap"]

/** Rows 0, 2, 4 … are wanted; every third one is of each kind; the answer of row n has n + 1 letters. */
const rowOf = (index: number) => ({
  prompt: `<|fim_prefix|>def f${index}():\n    return <|fim_suffix|>\n<|fim_middle|>`,
  completion: "x".repeat(index + 1),
  label: index % 2 === 0,
  metadata: {
    repo: "shop",
    filepath: `src/f${index}.py`,
    language: index < 290 ? "python" : "go",
    kind: kinds[index % 3],
    commit: "0123456789abcdef0123456789abcdef01234567",
    parent: null,
    negative: index % 2 === 0 ? null : operators[index % 4 === 1 ? 0 : 1]
  }
})
const rows = Array.from({ length: 300 }, (_, index) => rowOf(index))
const linesOf = (values: ReadonlyArray<unknown>) => values.map((value) => `${JSON.stringify(value)}\n`).join("")

const cast = [
  { version: 2, width: 20, height: 3 },
  [0, "o", "played here"],
  [0.1, "o", "\r\n"]
].map((line) => `${JSON.stringify(line)}\n`).join("")

let root = ""
let browser: Browser
let page: Page
let viewer: Awaited<ReturnType<typeof startViewer>>
let errors: ReadonlyArray<string> = []

const until = (test: () => Promise<boolean>) => untilSo(page, test)
const told = () => page.locator("p.told").innerText()
const lineNumbers = () => page.locator(".tr .number").allInnerTexts()
const firstNumbers = async (count: number) => (await lineNumbers()).slice(0, count)
const said = () => page.innerText("#message")
/** Whether a row is shown: the field may hold what was only typed. */
const isRow = (number: number) => async () => (await page.locator("main h1").allInnerTexts()).join() === `Row ${number}`
const bar = (name: string) => page.locator(`button.bar[title^="${name}:"]`)
const says = async (one: Locator, text: RegExp) => text.test(await one.innerText())

withTools("chromium").describe("the table of view --web", () => {
  beforeAll(async () => {
    root = temporaryFolder()
    writeFileSync(join(root, "test_kto.jsonl"), linesOf(rows.slice(0, 10)))
    writeFileSync(join(root, "train_kto.jsonl"), linesOf(rows))
    writeFileSync(join(root, "packed.jsonl.gz"), gzipSync(linesOf(rows.slice(0, 20))))
    writeFileSync(join(root, "array.json"), JSON.stringify(rows.slice(0, 5)))
    writeFileSync(join(root, "typed.cast"), cast)
    viewer = await startViewer(["-d", root])
    browser = await launchBrowser()
    const opened = await openPage(browser, { viewport: { width: 1440, height: 900 }, acceptDownloads: true })
    page = opened.page
    errors = opened.errors
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await viewer.stop()
    rmSync(root, { recursive: true, force: true })
  })

  it("is what a folder opens with: the training rows, a line each", { timeout: 60_000 }, async () => {
    await page.goto(viewer.url)
    await until(async () => (await page.locator(".tr").count()) > 20)
    assert.strictEqual(await page.locator("#file option:checked").innerText(), "train_kto.jsonl")
    await until(async () => (await told()) === "300 rows")
    assert.strictEqual(await page.locator(".tr").first().locator(".headline").innerText(), "x")
    assert.strictEqual(await page.locator(".grid").getAttribute("aria-rowcount"), "301")
    // Only what is in view is drawn.
    assert.isBelow(await page.locator(".tr").count(), 80)
    await page.keyboard.press("End")
    await until(async () => (await lineNumbers()).at(-1) === "300")
  })

  it("counts above each column, filters by a bar, and says how many pass", { timeout: 60_000 }, async () => {
    await openAt(page, viewer.url, "file=0&view=table")
    await until(async () => (await bar("block").count()) === 1)
    await until(() => says(bar("block"), /block\s*100 · 33 %/))
    await until(() => says(bar("operator"), /operator\s*75 · 25 %/))
    await bar("block").click()
    await until(async () => (await told()) === "100 of 300 rows pass (33 %)")
    await until(async () => (await firstNumbers(3)).join() === "1,4,7")
    await until(() => says(bar("operator"), /operator\s*25 · 25 %/))
    await bar("false").click()
    await until(async () => (await told()) === "50 of 300 rows pass (17 %)")
    await until(async () => (await firstNumbers(3)).join() === "4,10,16")
    await until(async () => (await bar("block").getAttribute("aria-pressed")) === "true")
    await until(async () => /filter=kind%3D%3Dblock&filter=label%3D%3Dfalse/.test(page.url()))
    // One bar of a column takes the place of another one, and goes when it is chosen again.
    await bar("line").click()
    await until(async () => (await firstNumbers(1))[0] === "2")
    await bar("line").click()
    await until(async () => (await told()) === "150 of 300 rows pass (50 %)")
    await page.goBack()
    await until(async () => (await told()) === "50 of 300 rows pass (17 %)")
    await page.locator("#chosen button", { hasText: "label==false" }).click()
    await until(async () => (await told()) === "100 of 300 rows pass (33 %)")
  })

  it("filters by any field, a range of lengths, and a text", { timeout: 60_000 }, async () => {
    const passing = async (address: string, text: string) => {
      await openAt(page, viewer.url, `file=0&view=table&${address}`)
      await until(async () => (await told()) === text)
    }
    await passing("filter=filepath=f29", "11 of 300 rows pass (3.7 %)")
    await passing("filter=filepath==src/f29.py", "1 of 300 rows passes (0.3 %)")
    await passing("filter=answer_chars=11..20", "10 of 300 rows pass (3.3 %)")
    await passing("filter=language=go&filter=filepath=f29", "10 of 300 rows pass (3.3 %)")
    await passing("search=f29", "11 of 300 rows hold \"f29\" (3.7 %)")
    await passing("filter=negative==null", "150 of 300 rows pass (50 %)")
  })

  it("sorts by a column, both ways and back", { timeout: 60_000 }, async () => {
    await openAt(page, viewer.url, "file=0&view=table")
    await until(async () => (await told()) === "300 rows")
    const sort = page.locator("button.sort", { hasText: "answer length" })
    await sort.click()
    await until(async () => (await page.locator(".head.answer_chars").getAttribute("aria-sort")) === "ascending")
    await sort.click()
    await until(async () => (await firstNumbers(1))[0] === "300")
    await until(async () => (await page.locator(".head.answer_chars").getAttribute("aria-sort")) === "descending")
    // From a row, n goes on in the order of the table.
    await page.locator(".grid").focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await until(isRow(299))
    await page.keyboard.press("n")
    await until(isRow(298))
    await page.keyboard.press("p")
    await until(isRow(299))
    // Two quick steps are one for Back, and two slow ones are two.
    while (!String(await page.evaluate("location.hash")).includes("view=table")) await page.goBack()
    await until(async () => (await page.locator(".grid").count()) === 1)
    await until(async () => (await page.locator(".tr.chosen .number").innerText()) === "299")
    await sort.click()
    await until(async () => (await firstNumbers(1))[0] === "1")
  })

  it("searches from hit to hit, both ways, and says how many there are", { timeout: 60_000 }, async () => {
    const chosen = () => page.innerText("#chosen")
    await openAt(page, viewer.url, "file=0&row=1")
    await page.keyboard.press("/")
    await page.keyboard.type("f27")
    await page.keyboard.press("Enter")
    await until(isRow(28))
    await until(async () => (await chosen()).includes("hit 1 of 11 rows that hold it"))
    await until(async () => Number(await page.evaluate("CSS.highlights.get('hit').size")) > 0)
    await page.keyboard.press("Enter")
    await until(isRow(271))
    await page.keyboard.press("n")
    await until(isRow(272))
    await page.keyboard.press("N")
    await until(isRow(271))
    await page.keyboard.press("N")
    await until(isRow(28))
    await page.keyboard.press("N")
    await until(isRow(280))
    await until(async () => (await said()) === "Found from the end on.")
    await page.keyboard.press("n")
    await until(isRow(28))
    await until(async () => (await said()) === "Found from the top on.")
    await until(async () => (await chosen()).includes("n or Enter: next hit"))
    await page.keyboard.press("ArrowRight")
    await until(isRow(29))
    await page.keyboard.press("Escape")
    await until(async () => (await chosen()) === "")
    await page.keyboard.press("n")
    await until(isRow(30))
  })

  it("answers an unknown field with those there are", { timeout: 60_000 }, async () => {
    await openAt(page, viewer.url, "file=0&row=1")
    await page.keyboard.press("f")
    await page.keyboard.type("lnaguage=go\n")
    await until(async () => (await said()).includes("has a field \"lnaguage\""))
    await until(async () => /The fields are .*language.*filepath/.test(await said()))
    await page.keyboard.press("Control+a")
    await page.keyboard.type("language=go\n")
    await until(isRow(291))
    // What was wrong is mended, and no longer told.
    await until(async () => (await said()) === "")
  })

  it("goes back inside the page", { timeout: 60_000 }, async () => {
    await openAt(page, viewer.url, "file=0&view=table")
    await until(async () => (await told()) === "300 rows")
    await page.locator(".tr .headline").nth(4).click()
    await until(isRow(5))
    await page.keyboard.press("g")
    await page.keyboard.type("9\n")
    await until(isRow(9))
    await page.keyboard.press("t")
    await until(async () => (await page.locator("h1").innerText()) === "Figures")
    await page.goBack()
    await until(isRow(9))
    await page.goBack()
    await until(isRow(5))
    await page.goBack()
    await until(async () => (await page.locator(".grid").count()) === 1)
    await page.goForward()
    await until(isRow(5))
  })

  it("opens folds by a click and all of them by a key, and shows metadata in short", { timeout: 60_000 }, async () => {
    const far = {
      ...rowOf(0),
      prompt: `<|fim_prefix|>${"a = 1\n".repeat(50)}b = <|fim_suffix|>\nc = 2\n<|fim_middle|>`
    }
    writeFileSync(join(root, "far.jsonl"), linesOf([far]))
    const other = await startViewer([join(root, "far.jsonl")])
    await openAt(page, other.url, "row=1")
    await until(async () => (await page.locator(".line").count()) === 5)
    await page.locator("button.fold", { hasText: "47 lines" }).click()
    await until(async () => (await page.locator(".line").count()) === 52)
    await page.keyboard.press("e")
    await until(async () => (await page.locator(".line").count()) === 5)
    await page.keyboard.press("e")
    await until(async () => (await page.locator(".line").count()) === 52)
    assert.isFalse(await page.locator("details.facts dl").isVisible())
    await page.keyboard.press("m")
    await until(() => page.locator("details.facts dl").isVisible())
    assert.notInclude(await page.innerText("details.facts"), "parent")
    assert.strictEqual(await page.innerText("button.hash"), "01234567")
    await page.locator("button.hash").click()
    await until(async () => (await page.innerText("button.hash")) === "0123456789abcdef0123456789abcdef01234567")
    await other.stop()
    // A server that is gone is told, and what was told goes when it answers again.
    await page.keyboard.press("l")
    await until(async () => (await said()).includes("does not answer"))
    const port = new URL(other.url).port
    const back = await startViewer([join(root, "far.jsonl"), "--port", port])
    await until(async () => (await said()) === "")
    await until(async () => (await page.locator(".grid").count()) === 1)
    await back.stop()
    rmSync(join(root, "far.jsonl"))
  })

  it("shows both answers of a labelled pair", { timeout: 60_000 }, async () => {
    const wanted = rowOf(0)
    const pair = [wanted, rowOf(2), { ...wanted, completion: "yy", label: false }]
    writeFileSync(join(root, "pair.jsonl"), linesOf(pair))
    const other = await startViewer([join(root, "pair.jsonl")])
    await openAt(page, other.url, "row=3")
    await until(async () => (await page.locator(".side").allInnerTexts()).join() === "wanted,unwanted")
    assert.strictEqual(await page.locator(".come.wanted .inside").innerText(), "x")
    assert.strictEqual(await page.locator(".gone.unwanted .inside").innerText(), "yy")
    await page.locator("button.link", { hasText: "row 1" }).click()
    await until(isRow(1))
    await other.stop()
    rmSync(join(root, "pair.jsonl"))
  })

  it("exports what was not dropped", { timeout: 60_000 }, async () => {
    await openAt(page, viewer.url, "file=0&view=table&filter=answer_chars=1..4")
    await until(async () => (await told()) === "4 of 300 rows pass (1.3 %)")
    await page.locator(".grid").focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("d")
    await until(async () => (await page.locator(".tr.chosen .mark").allInnerTexts()).join() === "drop")
    const download = page.waitForEvent("download")
    await page.locator("#export").click()
    const file = await download
    assert.strictEqual(file.suggestedFilename(), "train_kto.kept.jsonl")
    assert.strictEqual(readFileSync(await file.path(), "utf8"), linesOf([rows[0], rows[2], rows[3]]))
    await until(async () => (await said()).includes("3 rows"))
    assert.isFalse(existsSync(join(root, "train_kto.kept.jsonl")))
    await page.locator(".grid").focus()
    await page.keyboard.press("d")
    await until(async () => (await page.locator(".tr.chosen .mark").allInnerTexts()).join() === "")
  })

  it("opens packed rows, lists and recordings", { timeout: 60_000 }, async () => {
    for (const [name, text] of [["packed.jsonl.gz", "20 rows"], ["array.json", "5 rows"]] as const) {
      const other = await startViewer([join(root, name)])
      await openAt(page, other.url, "")
      await until(async () => (await told()) === text)
      await other.stop()
    }
    const recording = await startViewer([join(root, "typed.cast")])
    await openAt(page, recording.url, "")
    await until(async () => (await page.locator(".player").innerText()).includes("played here"))
    await recording.stop()
    // Servers that were ended, at times while they were asked, are all that went wrong.
    const isAway = (error: string) => /net::ERR_(?:CONNECTION_|EMPTY_RESPONSE|INCOMPLETE_CHUNKED)/.test(error)
    assert.deepStrictEqual(errors.filter((error) => !isAway(error)), [])
  })
})
