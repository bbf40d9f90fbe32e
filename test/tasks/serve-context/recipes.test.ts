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

// A lone "\r" is no line end to Neovim.
const buffer = "from shop import Basket\nx = '\r'\nüü = Basket('ü')\nüü."

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
  it("are tried with the oldest version of vscode-jsonrpc that they name, and with the newest", () => {
    const majorOf = (name: string) =>
      Number(JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).version.split(".")[0])
    const named = /`vscode-jsonrpc`, of version (\d+), \d+ or (\d+)/.exec(page)?.slice(1).map(Number)
    assert.deepStrictEqual(named, [majorOf("vscode-jsonrpc"), majorOf("vscode-jsonrpc-newest")])
  })

  withTools("nvim").it("Neovim's gives the context of the cursor", () => {
    const output = join(folder, "context.txt")
    inNeovim(`${recipe("retrace.lua")}
vim.cmd("edit shop/new.py")
vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(${JSON.stringify(buffer)}, "\\n"))
vim.api.nvim_win_set_cursor(0, { 4, 5 })
local first
local function ask()
  Retrace.context(function(context)
    -- The server is killed in between: while it dies it answers with nothing, and then it is started again.
    if first == nil then
      first = context
      vim.fn.jobstop(Retrace.job)
    elseif context ~= "" then
      vim.fn.writefile(vim.split(first .. context, "\\n"), ${JSON.stringify(output)})
      vim.cmd("qall!")
      return
    end
    vim.defer_fn(ask, 100)
  end)
end
ask()
`)
    assert.strictEqual(readFileSync(output, "utf8").match(/^ {4}def add_item\(self, item, count=1\):$/gm)?.length, 2)
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

  it.each(["vscode-jsonrpc", "vscode-jsonrpc-newest"])("VS Code's connects through %s", async (name) => {
    const extension = join(folder, `extension-of-${name}`)
    mkdirSync(join(extension, "node_modules"), { recursive: true })
    symlinkSync(join(root, "node_modules", name), join(extension, "node_modules", "vscode-jsonrpc"))
    writeFileSync(join(extension, "retrace.mjs"), recipe("retrace.mjs"))
    const { connect } = await import(/* @vite-ignore */ pathToFileURL(join(extension, "retrace.mjs")).href)
    const retrace = await connect(repository.path, root)
    const context = await retrace.context(join(repository.path, "shop/new.py"), buffer, { line: 3, character: 3 })
    assert.include(context, "  def add_item(self, item, count=1):")
    await retrace.dispose()
  })
})
