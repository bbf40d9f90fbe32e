/** The web viewer as a person meets it: its server, and a browser that looks at its page. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core"
import { findProgram } from "../../layers/sandbox/vim-program.ts"
import { startProgram } from "./program.ts"

/** Starts `view --web`, and waits until it says where. */
export const startViewer = async (args: ReadonlyArray<string>) => {
  const { child, ended } = startProgram(["view", "--web", ...args])
  const url = await new Promise<string>((resolve, reject) => {
    let said = ""
    child.stderr?.on("data", (data) => {
      said += data
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(said)
      if (found !== null) resolve(found[0])
    })
    child.on("exit", () => reject(new Error(said)))
  })
  const stop = () => {
    child.kill("SIGTERM")
    return ended
  }
  return { url, stop }
}

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: findProgram("chromium", process.env["PATH"] ?? "") ?? "",
    args: ["--no-sandbox"]
  })

/** Opens a page that keeps what went wrong on it, and what it asked for. */
export const openPage = async (browser: Browser, options: BrowserContextOptions = {}) => {
  const page = await (await browser.newContext(options)).newPage()
  const errors: Array<string> = []
  const requests: Array<string> = []
  page.on("pageerror", (error) => errors.push(error.message))
  page.on("console", (line) => {
    if (line.type() === "error") errors.push(line.text())
  })
  page.on("request", (asked) => requests.push(asked.url()))
  return { page, errors, requests }
}

/** Waits until the page is as it is to be. */
export const untilSo = async (page: Page, test: () => Promise<boolean>): Promise<void> => {
  const started = performance.now()
  while (!(await test())) {
    if (performance.now() - started > 30_000) throw new Error(`never so: ${await page.innerText("body")}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Opens the page anew at an address behind "#". */
export const openAt = async (page: Page, url: string, address: string): Promise<void> => {
  await page.goto("about:blank")
  await page.goto(`${url}#${address}`)
  await untilSo(page, async () => (await page.locator("main > *").count()) > 0)
}
