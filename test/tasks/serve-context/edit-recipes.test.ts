/** The recipes for next edits, taken from the page of serve-context, in the real editor before a scripted model server. */
import { execFile } from "node:child_process"
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { promisify } from "node:util"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { TextDocument } from "vscode-languageserver-textdocument"
import { project } from "../../contract/Index.ts"
import { makeRepository, temporaryFolder, type TestRepository } from "../../support/repository.ts"
import { withTools } from "../../support/with-tools.ts"

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))
const page = readFileSync(join(root, "tasks/serve-context/README.md"), "utf8")
const recipe = (name: string) => {
  const text = new RegExp(`<!-- recipe: ${name.replace(".", "\\.")} -->\\n\`\`\`\\w+\\n([^]*?)\`\`\``).exec(page)?.[1]
  if (text === undefined) throw new Error(`the page has no recipe ${name}`)
  return text
}

const before = "from shop.price import total_price\n\n\ndef bill(items):\n    return items\n"

/** A model that knows where this is going: a parameter that came in is passed on, and a comment is no reason for an edit. */
const answerTo = (prompt: string): string => {
  const region = /<<<<<<< CURRENT\n([^]*?)\n=======\n/.exec(prompt)?.[1]?.replace("<|user_cursor|>", "") ?? ""
  if (region.includes("# quiet")) return `${region}\n`
  // Where the comment is loud, the model takes back what was typed.
  if (region.includes("# loud")) return `${region.replace(/ *# loud\n/, "")}\n`
  return `${region.replace("return items\n", "return total_price(items, tax_rate)\n")}\n`
}

let repository: TestRepository
let folder: string
let model: Server
let endpoint: string
const prompts: Array<string> = []
beforeAll(async () => {
  folder = temporaryFolder()
  repository = makeRepository("shop")
  for (const { path, text } of project) repository.write(path, text)
  repository.write("new.py", before)
  repository.commit("all")
  model = createServer((request, response) => {
    let body = ""
    request.setEncoding("utf8")
    request.on("data", (piece) => body += piece)
    request.on("end", () => {
      const prompt = body === "" ? undefined : JSON.parse(body).prompt
      if (prompt !== undefined) prompts.push(prompt)
      response.setHeader("content-type", "application/json")
      response.end(JSON.stringify(
        prompt === undefined ? {} : { content: answerTo(prompt), stop: true, stop_type: "word" }
      ))
    })
  })
  await new Promise<void>((resolve) => model.listen(0, "127.0.0.1", resolve))
  endpoint = `http://127.0.0.1:${(model.address() as AddressInfo).port}`
})
afterAll(async () => {
  model.closeAllConnections()
  await new Promise((resolve) => model.close(resolve))
  repository.dispose()
  rmSync(folder, { recursive: true, force: true })
})

describe("recipes for next edits", () => {
  withTools("nvim").it("Neovim's shows an edit, takes it, and shows none where there is none to take", async () => {
    const output = join(folder, "said.json")
    const script = join(folder, "script.lua")
    // Each step waits for what the one before leads to; keys are typed as a user types them.
    writeFileSync(
      script,
      `${recipe("retrace_edits.lua")}
vim.cmd("edit new.py")
RetraceEdits.delay = 20
RetraceEdits.start(${JSON.stringify(endpoint)}, "zeta2")
local namespace = vim.api.nvim_get_namespaces().retrace
local said = {}
local function marks() return vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true }) end
local function text() return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\\n") end
local function type_keys(keys)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, false, true), "t", false)
end
-- Whether what is there now was asked about, and the answer has come.
local client, answered
local function tick() return vim.api.nvim_buf_get_changedtick(0) end
local function settled(words) return answered == tick() and text():find(words) and vim.fn.mode() == "n" end
local steps = {
  { function()
    client = vim.lsp.get_active_clients()[1]
    return client and client.initialized and vim.lsp.buf_is_attached(0, client.id)
  end, function()
    local request = client.request
    client.request = function(method, params, handler, buffer)
      local asked = tick()
      return request(method, params, function(...)
        handler(...)
        if method == "textDocument/copilotInlineEdit" then answered = asked end
      end, buffer)
    end
    type_keys("4Gf)i, tax_rate<Esc>")
  end },
  { function() return settled("tax_rate") end, function()
    said.shown = marks()[1][4].virt_lines[1][1][1]
    type_keys("<M-y>")
  end },
  { function() return settled("total_price%(items") end, function()
    said.accepted, said.cursor = text(), vim.api.nvim_win_get_cursor(0)
    said.left = #marks()
    type_keys("Go# quiet<Esc>")
  end },
  { function() return settled("# quiet") end, function()
    said.quiet, said.again = #marks(), RetraceEdits.accept()
    type_keys("cc# loud<Esc>")
  end },
  { function() return settled("# loud") end, function()
    said.loud, said.after = #marks(), text()
    vim.fn.writefile({ vim.json.encode(said) }, ${JSON.stringify(output)})
    vim.cmd("qall!")
  end },
}
local at = 1
local function go()
  local step = steps[at]
  if step and step[1]() then
    at = at + 1
    step[2]()
  end
  vim.defer_fn(go, 20)
end
go()
`
    )
    const env = { ...process.env, RETRACE: root, XDG_CACHE_HOME: join(folder, "cache"), XDG_STATE_HOME: folder }
    await promisify(execFile)("nvim", ["--headless", "-u", "NONE", "-i", "NONE", "-c", `luafile ${script}`], {
      cwd: repository.path,
      env,
      timeout: 60_000
    })
    const said = JSON.parse(readFileSync(output, "utf8"))
    const accepted = before.replace("bill(items)", "bill(items, tax_rate)")
      .replace("return items", "return total_price(items, tax_rate)").trimEnd()
    assert.strictEqual(said.shown, "    return total_price(items, tax_rate)")
    assert.strictEqual(said.accepted, accepted)
    assert.deepStrictEqual(said.cursor, [5, "    return total_price(items, tax_rate)".length - 1])
    assert.deepStrictEqual([said.left, said.quiet, said.again, said.loud], [0, 0, false, 0])
    assert.strictEqual(said.after, `${accepted}\n    # loud`)
    assert.include(prompts[0], "<filename>shop/price.py\n")
    assert.include(prompts[0], "+def bill(items, tax_rate):\n")
  }, 90_000)

  it.each(["vscode-jsonrpc", "vscode-jsonrpc-newest"])("VS Code's asks for completions through %s", async (name) => {
    const extension = join(folder, `extension-of-${name}`)
    mkdirSync(join(extension, "node_modules"), { recursive: true })
    symlinkSync(join(root, "node_modules", name), join(extension, "node_modules", "vscode-jsonrpc"))
    writeFileSync(join(extension, "edits.mjs"), recipe("edits.mjs"))
    const { connectEdits } = await import(/* @vite-ignore */ pathToFileURL(join(extension, "edits.mjs")).href)
    const flags = ["--no-cache", "--next-edit", endpoint, "--next-edit-model", "zeta2"]
    const edits = await connectEdits(repository.path, root, flags)
    const document = TextDocument.create(`file://${repository.path}/new.py`, "python", 1, before)
    edits.didOpen(document)
    const at = { line: 3, character: "def bill(items".length }
    const contentChanges = [{ range: { start: at, end: at }, text: ", tax_rate" }]
    TextDocument.update(document, contentChanges, 2)
    edits.didChange({ document, contentChanges })
    const items = await edits.items(document, { line: 4, character: 16 })
    assert.deepStrictEqual(items.map(({ insertText, range }: any) => [insertText, range]), [[
      "total_price(items, tax_rate)",
      { start: { line: 4, character: 11 }, end: { line: 4, character: 16 } }
    ]])
    // The edit is of another line than the cursor's.
    assert.deepStrictEqual(await edits.items(document, at), [])
    edits.didClose(document)
    assert.deepStrictEqual(await edits.items(document, at), [])
    await edits.dispose()
  })
})
