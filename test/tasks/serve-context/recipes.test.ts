/** The recipes for editors, taken from the page of serve-context and run in the real editor or with the real library. */
import { execFileSync } from "node:child_process"
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
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

let repository: TestRepository
let folder: string
beforeAll(() => {
  folder = temporaryFolder()
  repository = makeRepository("shop")
  for (const { path, text } of project) repository.write(path, text)
  repository.commit("all")
})
afterAll(() => {
  repository.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const buffer = "from shop import Basket\n\nüü = Basket('ü')\nüü."

const inNeovim = (script: string) => {
  const file = join(folder, "script.lua")
  writeFileSync(file, script)
  const env = { ...process.env, RETRACE: root, XDG_CACHE_HOME: join(folder, "cache") }
  execFileSync("nvim", ["--headless", "-u", "NONE", "-i", "NONE", "-c", `luafile ${file}`], {
    cwd: repository.path,
    env,
    timeout: 60_000
  })
}

describe("recipes", () => {
  withTools("nvim").it("Neovim's gives the context of the cursor", () => {
    const output = join(folder, "context.txt")
    inNeovim(`${recipe("retrace.lua")}
vim.cmd("edit shop/new.py")
vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(${JSON.stringify(buffer)}, "\\n"))
vim.api.nvim_win_set_cursor(0, { 4, 5 })
Retrace.context(function(context)
  vim.fn.writefile(vim.split(context, "\\n"), ${JSON.stringify(output)})
  vim.cmd("qall!")
end)
`)
    assert.include(readFileSync(output, "utf8"), "  def add_item(self, item, count=1):")
  })

  withTools("nvim").it("a client that reads every chunk it is handed as whole lines works as well", () => {
    const output = join(folder, "chunks.txt")
    // The original's Lua client, with vim.system where there is one, and jobstart where not.
    inNeovim(`
local function handle(data)
  if not data then return end
  for line in data:gmatch("[^\\n]+") do
    local ok, response = pcall(vim.json.decode, line)
    if ok and response.id == 2 then
      vim.schedule(function()
        vim.fn.writefile({ response.result.context }, ${JSON.stringify(output)}, "b")
        vim.cmd("qall!")
      end)
    end
  end
end
local command = { "node", ${JSON.stringify(root)} .. "/tasks/launch.mjs", "serve-context" }
local write
if vim.system then
  local server = vim.system(command, { stdin = true, stdout = function(_, data) handle(data) end })
  write = function(message) server:write(message .. "\\n") end
else
  local server = vim.fn.jobstart(command, { on_stdout = function(_, data) handle(table.concat(data, "\\n")) end })
  write = function(message) vim.fn.chansend(server, message .. "\\n") end
end
local id = 0
local function send(method, params)
  id = id + 1
  write(vim.json.encode({ jsonrpc = "2.0", id = id, method = method, params = params }))
end
send("initialize", { project_root = vim.fn.getcwd(), bm25 = true })
vim.cmd("edit shop/new.py")
vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(${JSON.stringify(buffer)}, "\\n"))
vim.api.nvim_win_set_cursor(0, { 4, 4 })
local content = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\\n")
local pos = vim.api.nvim_win_get_cursor(0)
local cursor = vim.fn.line2byte(pos[1]) + pos[2] - 1
send("getContext", { filepath = vim.api.nvim_buf_get_name(0), content = content, cursor_offset = cursor })
`)
    assert.include(readFileSync(output, "utf8"), "  def add_item(self, item, count=1):")
  })

  it("VS Code's connects through vscode-jsonrpc", async () => {
    const extension = join(folder, "extension")
    mkdirSync(extension)
    symlinkSync(join(root, "node_modules"), join(extension, "node_modules"))
    writeFileSync(join(extension, "retrace.mjs"), recipe("retrace.mjs"))
    const { connect } = await import(/* @vite-ignore */ pathToFileURL(join(extension, "retrace.mjs")).href)
    const retrace = await connect(repository.path, root)
    const context = await retrace.context(join(repository.path, "shop/new.py"), buffer, { line: 3, character: 3 })
    assert.include(context, "  def add_item(self, item, count=1):")
    await retrace.dispose()
  })
})
