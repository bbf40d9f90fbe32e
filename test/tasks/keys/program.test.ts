import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { afterAll } from "vitest"
import { type Ended, rowsIn, runProgram } from "../../support/program.ts"
import { runTask } from "../../support/task.ts"
import { startInTerminal } from "../../support/terminal-program.ts"
import { withSandbox } from "../../support/with-tools.ts"

const folder = mkdtempSync(join(tmpdir(), "retrace-keys-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const write = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

withSandbox.describe("keys", () => {
  it("prints the text that the keys leave, and nothing else", async () => {
    const source = write("a.txt", "one\r\ntwo\r\n")
    const { code, stderr, stdout } = await runProgram(["keys", "--source", source, "--keys", "jA!<Esc>"])
    assert.deepStrictEqual([code, stdout, stderr], [0, "one\r\ntwo!\r\n", ""])
  })

  it.each(["bubblewrap", "pty"])("has the same options whatever is around it, with %s", async (sandbox) => {
    const home = join(folder, `home-${sandbox}`)
    mkdirSync(home)
    for (const name of [".vimrc", ".exrc", "_vimrc"]) {
      writeFileSync(join(home, name), "set backspace= sw=3 ignorecase\n")
    }
    mkdirSync(join(home, ".vim/plugin"), { recursive: true })
    for (const name of ["vimrc", "plugin/own.vim"]) writeFileSync(join(home, ".vim", name), "set backspace= sw=3\n")
    const names = "filter(getcompletion('', 'option'), 'exists(\"&\" . v:val)')"
    const keys = `:call append(1, map(${names}, 'v:val . "=" . string(eval("&" . v:val))'))<CR>`
    const args = ["keys", "--sandbox", sandbox, "--text", "hello;\n", "--keys", `A<BS>.<Esc>${keys}`]
    const hostile = {
      HOME: home,
      XDG_CONFIG_HOME: home,
      VIMINIT: "set backspace= sw=3 ignorecase",
      EXINIT: "set sw=3",
      VIM: home,
      VIMRUNTIME: home,
      MYVIMRC: join(home, ".vimrc"),
      LANG: "tr_TR.ISO-8859-9",
      LC_ALL: "tr_TR.ISO-8859-9",
      TERM: "vt52",
      SHELL: "/bin/false",
      CDPATH: home,
      COLORFGBG: "0;15"
    }
    const plain = await runProgram(args)
    const inThere = await runProgram(args, { cwd: home, env: { ...process.env, ...hostile } })
    const options = ({ stdout }: Ended) => stdout.replaceAll(/[^\s,']*retrace-vim-\w+/g, "…").split("\n")
    assert.deepStrictEqual(options(inThere), options(plain))
    assert.include(options(plain), "hello.")
    assert.include(options(plain), "backspace='indent,eol,start'")
    assert.isAbove(options(plain).length, 300)
  })

  it.each([
    ["\ufeffa\r\nb\r\n"],
    ["a\0b\n"],
    ["a\rb"],
    ["\n\n"],
    ["a\r\n\u001a"]
  ])("gives %j back as it was, byte for byte", async (text) => {
    const source = write("same.txt", text)
    const ended = await runTask(["keys", "--source", source, "--keys", ""])
    assert.deepStrictEqual([ended.code, ended.stdout, ended.stderr], [0, text, ""])
  })

  it("refuses a file that is no UTF-8, instead of giving something else back", async () => {
    const source = join(folder, "latin.txt")
    writeFileSync(source, Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a]))
    const { code, stderr, stdout } = await runTask(["keys", "--source", source, "--keys", ""])
    assert.deepStrictEqual([code, stdout], [65, ""])
    assert.match(stderr, /^Cannot read ".*latin\.txt": it is not UTF-8; .*\n$/)
  })

  it("ends its text with a line end on a terminal, and leaves it as it is in a pipe", async () => {
    const sent = async (text: string) => {
      const program = startInTerminal(["keys", "--text", text, "--keys", "x"])
      assert.strictEqual(await program.ended, 0)
      return program.sent()
    }
    assert.strictEqual(await sent("ab"), "b\r\n")
    assert.strictEqual(await sent("ab\n"), "b\r\n")
    assert.strictEqual(await sent("a"), "")
    assert.strictEqual((await runProgram(["keys", "--text", "ab", "--keys", "x"])).stdout, "b")
  })

  it("prints an outcome as JSON", async () => {
    const { code, stdout } = await runTask(["keys", "--text", "hello", "--keys", "x:wq<CR>", "--json"])
    assert.strictEqual(code, 0)
    assert.deepStrictEqual(JSON.parse(stdout), { outcome: "left", text: "ello\n", keystrokes: 5 })
  })

  it("gives a row for each row, in their order, whatever the concurrency", async () => {
    const rows = Array.from({ length: 300 }, (_, index) =>
      index % 50 === 7
        ? "{\"source\": 1}"
        : JSON.stringify({
          source: `line ${index}\n`,
          keys: index % 2 === 0 ? "x" : ":q!<CR>",
          target: `ine ${index}\n`
        }))
    const batch = write("items.jsonl", `${rows.join("\n")}\n`)
    const [one, two] = await Promise.all(
      ["1", "2"].map((size) => runTask(["keys", "--batch", batch, "--concurrency", size]))
    )
    assert.strictEqual(one?.stdout, two?.stdout)
    const outcomes = rowsIn(one?.stdout)
    assert.deepStrictEqual(outcomes.map(({ index }) => index), rows.map((_, index) => index))
    assert.strictEqual(outcomes.filter(({ outcome }) => outcome === "refused").length, 6)
    assert.deepStrictEqual(
      outcomes[2],
      { index: 2, outcome: "finished", text: "ine 2\n", mode: "n", line: 1, column: 1, keystrokes: 1, solved: true }
    )
    assert.include(one?.stderr ?? "", "6 of 300 rows are none")
  })

  it("finds the keystrokes that make a target", async () => {
    const args = ["keys", "--text", "good morning\n", "--target-text", "good evening\n"]
    const found = await runTask(args)
    assert.deepStrictEqual([found.code, found.stdout, found.stderr], [0, "wReve<Esc>\n", ""])
    const rows = rowsIn((await runTask([...args, "--json"])).stdout)
    assert.isAbove(rows.length, 2)
    assert.deepStrictEqual(rows[0], { keys: "wReve<Esc>", keystrokes: 6 })
    const batch = write(
      "found.jsonl",
      rows.map(({ keys }) => `${JSON.stringify({ source: "good morning\n", keys, target: "good evening\n" })}\n`).join(
        ""
      )
    )
    const tried = rowsIn((await runTask(["keys", "--batch", batch])).stdout)
    assert.isTrue(tried.every(({ solved }) => solved))
    const checked = await runTask([...args, "--keys", "x", "--json"])
    assert.include(checked.stdout, "\"solved\":false")
  })

  it("takes a text to the letter, with its spaces and its last line end", async () => {
    const { stdout } = await runTask(["keys", "--text", " ab \n\n", "--keys", "A-<Esc>"])
    assert.strictEqual(stdout, " ab -\n\n")
    assert.strictEqual((await runTask(["keys", "--text=--", "--keys", "A-<Esc>"])).stdout, "---")
  })

  it.each([
    ["a target that no typing makes", ["--text", "a\r\n", "--target-text", "b\n"], 65, "Cannot find keystrokes"],
    ["keys that are none", ["--keys", "<esc>"], 64, "at 0: \"<esc>\" is not a key"],
    ["no keys", [], 64, "pass --keys, --target or --batch"],
    ["a limit of nothing", ["--keys", "x", "--time-limit", "0"], 64, "--time-limit"],
    ["two texts", ["--keys", "x", "--text", "a", "--source", "b"], 64, "only one of --source and --text"],
    ["a file that is not there", ["--keys", "x", "--source", "/nowhere"], 66, "there is no such file"],
    ["keys that never end", ["--keys", ":while 1<CR>:endwhile<CR>", "--time-limit", "0.2"], 65, "timed out"]
  ])("says in one line what is wrong with %s", async (_, args, expected, hint) => {
    const { code, stderr, stdout } = await runTask(["keys", ...args])
    assert.strictEqual(code, expected, stderr)
    assert.strictEqual(stdout, "")
    assert.strictEqual(stderr.trim().split("\n").length, 1)
    assert.include(stderr, hint)
  })
})

describe("keys, where something is missing", () => {
  it("names the package on a machine without Vim", async () => {
    const { code, stderr } = await runTask(["keys", "--keys", "x"], { searchPath: folder })
    assert.strictEqual(code, 69)
    assert.include(stderr, "apt-get install vim")
  })
})
