/** What is asked of rows that are to be published, on a real repository: histories, trees and next edits. */
import { createHash } from "node:crypto"
import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import spdx from "spdx-license-list/full.js"
import { unbalancedStages } from "../../../services/rows/ledger.ts"
import { folderContents, rowsIn } from "../../support/program.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"

let repository: TestRepository
let root = ""
/** Commits by what was done in them. */
const commits: Record<string, string> = {}
const relicensed = new Set<string>()

const licence = (name: string): string => spdx[name]?.licenseText ?? ""
const ann = "ann.lee@corp-mail.org"
const phone = "+44 20 7946 1234"

/** A task of a benchmark, and a module that holds it. */
const task = "def merge_sorted_windows(windows, separator):\n" +
  "    \"\"\"Merges sorted windows around every separator that the caller names.\"\"\"\n" +
  "    merged = list(chain.from_iterable(sorted(window) for window in windows if separator not in window))\n" +
  "    return separator.join(str(element) for element in merged if element is not None)\n"
const planted = `${pythonModule(2, "before_")}\n\n${task}\n\n${pythonModule(2, "behind_")}`

/** Edits what each function starts with, and what every other one gives back. */
const revised = (source: string, time: string) =>
  source.replace(/^ {4}total = (\d+)$/gm, `    total = offset_${time} + $1`)
    .replace(
      /^ {4}return total, limit$/gm,
      (line, at: number) => at % 2 === 0 ? line : `    return total, limit, "${time}"`
    )

const personal = (salt: string) =>
  `CONTACTS_${salt} = ["${ann}", "${phone}"]\n\n\ndef notify_${salt}(queue, subject):\n    message = subject.strip() + " for ${ann}"\n    queue.send("${ann}", message, retries=${salt.length})\n    return message\n`

beforeAll(async () => {
  repository = makeRepository("published")
  root = temporaryFolder()
  const { commit, git, path, write } = repository
  const change = (name: string, file: string, content: string, author?: string) => {
    write(file, content)
    git("add", "-A")
    if (author === undefined) commits[name] = commit(name)
    else {
      git("commit", "--quiet", "--author", author, "-m", name)
      commits[name] = git("rev-parse", "HEAD").trim()
    }
    if ("relicense" in commits) relicensed.add(commits[name] ?? "")
  }
  write("LICENSE", `MIT License\n\nCopyright (c) 2020 Ada\n\n${licence("MIT").split("\n\n").slice(2).join("\n\n")}`)
  write("gnu/COPYING", licence("GPL-3.0"))
  write("odd/LICENSE.txt", "Ask Ada before you do anything with this.\n")
  write("linked/a.py", pythonModule(6, "linked_"))
  symlinkSync("../gnu/COPYING", join(path, "linked", "LICENSE"))
  commits["licences"] = commit("licences")
  /** Adds a file and edits it twice, each time in several places. */
  const write3 = (name: string, file: string, content: string, author?: string) => {
    change(name, file, content, author)
    for (const time of ["again", "anew"]) change(`${name} ${time}`, file, revised(content, time), author)
  }
  const grace = "Grace <Grace@Eu.Mail.Org>"
  write3("first", "src/first.py", pythonModule(6, "first_"))
  write3("gnu", "gnu/lib/a.py", pythonModule(6, "gnu_"))
  write3("odd", "odd/a.py", pythonModule(6, "odd_"))
  write3("head", "src/head.py", `# SPDX-License-Identifier: ISC\n${pythonModule(6, "head_")}`)
  write3("personal", "src/people.py", `${personal("one")}\n\n${personal("second")}\n\n${pythonModule(2, "people_")}`)
  write3("planted", "src/planted.py", planted)
  write3("grace", "src/grace.py", pythonModule(6, "grace_"), grace)
  change("linked", "linked/a.py", revised(pythonModule(6, "linked_"), "again"))
  const hidden = `def hidden_helper(values):\n    return [value * 7 for value in values]\n\n\n${
    pythonModule(4, "hidden_")
  }`
  change("hidden", "hidden/helper.py", hidden)
  const uses = `from hidden.helper import hidden_helper\n\n\n${pythonModule(3, "uses_")}`
  change("uses", "src/uses.py", uses)
  write("LICENSE", licence("Apache-2.0"))
  commits["relicense"] = commit("relicense")
  relicensed.add(commits["relicense"])
  change("second", "src/first.py", revised(pythonModule(6, "first_"), "later"))
  change("uses again", "src/uses.py", uses.replaceAll("    total = ", "    total = len(hidden_helper(values)) + "))
  git("mv", "hidden/helper.py", "src/shown.py")
  change("moved", "src/shown.py", revised(hidden, "moved"))
  write("gnu/lib/a.py", revised(pythonModule(6, "gnu_"), "both"))
  change("both", "src/first.py", revised(pythonModule(6, "first_"), "both"))
  for (const [mode, args] of modes) {
    await generate(`${mode} plain`, ...args)
    await generate(`${mode} any`, ...args, "--licenses", "any")
  }
}, 180_000)
afterAll(() => {
  repository.dispose()
  rmSync(root, { recursive: true, force: true })
})

const modes = [
  ["history", ["--format", "PSM"]],
  ["tree", ["--source", "tree"]],
  ["next edits", ["--format", "zeta2"]]
] as const

const made: Record<string, Readonly<Record<string, string>>> = {}

/** Runs into a folder of its own, and gives its files. */
const generate = async (name: string, ...args: ReadonlyArray<string>) => {
  const output = join(root, name)
  const call = ["generate", "--repo", repository.path, "-o", output, "--dataset-type", "sft,kto", "-q"]
  const ended = await runTask([...call, "--max-repeats", "100", ...args])
  assert.strictEqual(ended.code, 0, ended.stderr)
  const files = folderContents(output)
  made[name] = files
  assert.deepStrictEqual(unbalancedStages(JSON.parse(files["metadata.json"] ?? "{}").ledger), [])
  return files
}

const tables = ["train_sft", "val_sft", "train_kto", "test_kto"]
const rowsOf = (files: Readonly<Record<string, string>> | undefined) =>
  tables.flatMap((table) => rowsIn(files?.[`${table}.jsonl`] ?? ""))
const rowsNamed = (name: string) => rowsOf(made[name])
const reasonsIn = (files: Readonly<Record<string, string>>): Readonly<Record<string, number>> =>
  Object.assign(
    {},
    ...Object.values(JSON.parse(files["metadata.json"] ?? "{}").ledger).map((stage: any) => stage.leftOut)
  )

/** The licence that somebody would name who read the repository. */
const licenceAt = (path: string, commit: string): string => {
  if (path === "src/head.py") return "ISC"
  if (path.startsWith("gnu/") || path.startsWith("linked/")) return "GPL-3.0"
  if (path.startsWith("odd/")) return ""
  return relicensed.has(commit) ? "Apache-2.0" : "MIT"
}

describe.each(modes)("the licences of a dataset: %s", (mode, args) => {
  it("are those of the file at the commit of the row", () => {
    const rows = rowsNamed(`${mode} any`)
    const told = new Set(rows.map(({ metadata }) => metadata.license))
    const all = mode === "tree" ? ["", "Apache-2.0", "GPL-3.0", "ISC"] : ["", "Apache-2.0", "GPL-3.0", "ISC", "MIT"]
    assert.includeMembers([...told], all)
    for (const { metadata: { commit, filepath, license } } of rows) {
      // That commit changes two files of different licences, which one next edit may show.
      if (commit === commits["both"]) assert.include(license.split(", "), licenceAt(filepath, commit))
      else assert.strictEqual(license, licenceAt(filepath, commit), `${filepath} at ${commit}`)
    }
  })

  it("change nothing else of the rows, and are not looked at where nobody asks", () => {
    const without = (files: Readonly<Record<string, string>> | undefined, table: string) =>
      (files?.[`${table}.jsonl`] ?? "").replace(/"license":"[^"]*"/g, "\"license\":\"\"")
    for (const table of tables) {
      assert.strictEqual(without(made[`${mode} any`], table), made[`${mode} plain`]?.[`${table}.jsonl`], table)
    }
    for (const { metadata } of rowsNamed(`${mode} plain`)) {
      assert.strictEqual(metadata.license, "")
      assert.isFalse(metadata.redacted)
    }
  })

  it("are those that were asked for, and the ledger says how much has others", async () => {
    const files = await generate(`${mode} permissive`, ...args, "--licenses", "permissive")
    const rows = rowsOf(files)
    assert.isAbove(rows.length, 5)
    for (const { metadata } of rows) assert.include(["MIT", "Apache-2.0", "ISC"], metadata.license)
    assert.isAbove(reasonsIn(files)["licence unknown"] ?? 0, 0)
    assert.isAbove(reasonsIn(files)["licence not asked for"] ?? 0, 0)
    const gnu = rowsOf(await generate(`${mode} gnu`, ...args, "--licenses", "GPL-3.0-or-later,ISC"))
    assert.deepStrictEqual([...new Set(gnu.map(({ metadata }) => metadata.license))].sort(), ["GPL-3.0", "ISC"])
  })
})

describe("the licences of a next edit", () => {
  it("are those of all files that it shows changes of, earlier ones too", async () => {
    const files = await generate("remembering", "--format", "zeta2", "--edit-history", "100", "--licenses", "any")
    const told = new Set(rowsOf(files).map(({ metadata }) => metadata.license))
    assert.include([...told], "Apache-2.0, MIT")
    assert.include([...told], "GPL-3.0")
  })
})

describe.each(modes)("benchmarks: %s", (mode, args) => {
  it("have no task in a row, and what was left out is written down", async () => {
    const file = join(root, "tasks.jsonl.gz")
    const other = { task_id: "Other/1", prompt: licence("MIT"), canonical_solution: "" }
    const bytes = gzipSync(
      `${JSON.stringify(other)}\n${JSON.stringify({ task_id: "Bench/1", prompt: task, canonical_solution: "" })}\n`
    )
    writeFileSync(file, bytes)
    const holds = (row: unknown) => JSON.stringify(row).includes("merge_sorted_windows(windows, separator)")
    assert.isAbove(rowsNamed(`${mode} plain`).filter(holds).length, 0)
    const files = await generate(`${mode} clean`, ...args, "--decontaminate", file)
    assert.isAbove(rowsOf(files).length, 5)
    for (const row of rowsOf(files)) {
      assert.notInclude(JSON.stringify(row), "Merges sorted windows around every separator")
    }
    const reason = "benchmark: tasks.jsonl.gz Bench/1"
    const hits = rowsIn(files["contaminated.jsonl"] ?? "")
    // Several moments may ask about one region of one commit, and what is hit in it is written down once.
    const told = new Set(hits.map((hit) => JSON.stringify(hit)))
    assert.strictEqual(told.size, hits.length)
    const left = reasonsIn(files)[reason] ?? 0
    if (mode === "next edits") assert.isTrue(hits.length > 0 && hits.length <= left, `${hits.length} of ${left}`)
    else assert.strictEqual(hits.length, left)
    assert.isAbove(hits.length, 0)
    const words = (text: string) => text.split(/\W+/).join(" ")
    for (const hit of hits) {
      assert.deepInclude(hit, { file: "tasks.jsonl.gz", task: "Bench/1", filepath: "src/planted.py" })
      assert.isAtLeast(hit.runs, 3)
      assert.include(words(task), words(hit.example))
    }
    const { settings } = JSON.parse(files["metadata.json"] ?? "{}").identity
    const sha256 = createHash("sha256").update(bytes).digest("hex")
    assert.deepStrictEqual(settings.decontaminate, [{ file: "tasks.jsonl.gz", sha256, tasks: 2 }])
  })
})

describe("benchmarks", () => {
  it("are read from plain texts and Parquet too", async () => {
    const text = join(root, "task.py")
    writeFileSync(text, task)
    const plain = await generate("plain text", "--format", "PSM", "--decontaminate", text)
    assert.isAbove(reasonsIn(plain)["benchmark: task.py text"] ?? 0, 0)
    await generate("parquet", "--format", "PSM", "--output-format", "parquet", "--split", "1")
    const rows = join(root, "parquet", "train_sft.parquet")
    const own = await generate("own rows", "--source", "tree", "--decontaminate", rows, "--decontaminate", text)
    assert.isAbove(
      Object.keys(reasonsIn(own)).filter((reason) => reason.startsWith("benchmark: train_sft.parquet")).length,
      0
    )
  })

  it("of many tasks are told of by file", async () => {
    const file = join(root, "many.jsonl")
    const rows = Array.from({ length: 300 }, (_, index) => ({ id: index, text: index === 7 ? task : `task ${index}` }))
    writeFileSync(file, rows.map((row) => JSON.stringify(row)).join("\n"))
    const files = await generate("many tasks", "--format", "PSM", "--decontaminate", file)
    assert.isAbove(reasonsIn(files)["benchmark: many.jsonl"] ?? 0, 0)
    for (const hit of rowsIn(files["contaminated.jsonl"] ?? "")) assert.strictEqual(hit.task, "7")
  })
})

describe.each(modes)("personal data: %s", (mode, args) => {
  const holds = (row: unknown) => JSON.stringify(row).includes(ann) || JSON.stringify(row).includes(phone)

  it("is kept where nobody asks, but no address of an author is told", () => {
    const rows = rowsNamed(`${mode} plain`)
    assert.isAbove(rows.filter(holds).length, 0)
    for (const row of rows) assert.notMatch(JSON.stringify(row), /ada@example\.org|grace@eu\.mail\.org/i)
  })

  it("is masked, and the row says so", async () => {
    const rows = rowsOf(await generate(`${mode} masked`, ...args, "--personal-data", "mask"))
    assert.deepStrictEqual(rows.filter(holds), [])
    const redacted = rows.filter(({ metadata }) => metadata.redacted)
    assert.isAbove(redacted.length, 0)
    for (const row of redacted) assert.match(JSON.stringify(row), /person\d@example\.com|\+1-202-555-01\d\d/)
    const whole = new Set(rowsNamed(`${mode} plain`).filter((row) => !holds(row)).map((row) => JSON.stringify(row)))
    for (const row of rows) if (!row.metadata.redacted) assert.isTrue(whole.has(JSON.stringify(row)))
  })

  it("is left out with its rows", async () => {
    const files = await generate(`${mode} left out`, ...args, "--personal-data", "leave-out")
    assert.deepStrictEqual(rowsOf(files).filter(holds), [])
    assert.isAbove(reasonsIn(files)["personal data"] ?? 0, 0)
    for (const { metadata } of rowsOf(files)) assert.isFalse(metadata.redacted)
  })
})

describe("authors and paths", () => {
  const commitsIn = (files: Readonly<Record<string, string>>) =>
    new Set(rowsOf(files).map(({ metadata }) => metadata.commit))

  it.each(["history", "next edits"] as const)("whose authors are excluded give no row: %s", async (mode) => {
    const args = modes.find(([name]) => name === mode)?.[1] ?? []
    assert.isTrue(commitsIn(made[`${mode} plain`] ?? {}).has(commits["grace again"] ?? ""))
    const list = join(root, "opted-out.txt")
    writeFileSync(list, "# Asked to be left out\n\nGrace <grace@eu.mail.org>\n")
    for (
      const [name, by] of [["address", "GRACE@eu.mail.org"], ["domain", "nobody@x.org,@mail.org"], [
        "list",
        list
      ]] as const
    ) {
      const files = await generate(`${mode} without ${name}`, ...args, "--exclude-authors", by)
      for (const name of ["grace", "grace again"]) assert.isFalse(commitsIn(files).has(commits[name] ?? ""))
      assert.isAbove(commitsIn(files).size, 5)
      assert.strictEqual(reasonsIn(files)["author excluded"], 3)
      assert.notMatch(files["metadata.json"] ?? "", /mail\.org/i)
    }
  })

  it.each(modes)("that are excluded give no row, nor do files that bore them before: %s", async (mode, args) => {
    const files = await generate(
      `${mode} without paths`,
      ...args,
      "--exclude-paths",
      "hidden/,*.js",
      "--exclude-paths",
      "gnu/**"
    )
    const paths = new Set(rowsOf(files).map(({ metadata }) => metadata.filepath))
    assert.isTrue(paths.has("src/first.py"))
    for (const path of paths) assert.notMatch(path, /^(?:hidden|gnu)\//)
    if (mode !== "tree") {
      for (const { metadata } of rowsOf(files)) assert.notStrictEqual(metadata.parent_filepath, "hidden/helper.py")
    }
    assert.isAbove(reasonsIn(files)["path excluded"] ?? 0, 0)
  })

  it("that are excluded are no context", async () => {
    const args = ["--format", "PSM", "--cross-file-context", "--no-context-share", "0"]
    const shows = (files: Readonly<Record<string, string>>) =>
      rowsOf(files).filter(({ metadata, prompt }) =>
        metadata.filepath === "src/uses.py" && prompt.includes("def hidden_helper(values)")
      ).length
    assert.isAbove(shows(await generate("context", ...args)), 0)
    assert.strictEqual(shows(await generate("less context", ...args, "--exclude-paths", "hidden/")), 0)
  })
})

describe("all of it", () => {
  it.each(modes)("gives the same bytes with one thread and with two: %s", async (mode, args) => {
    const file = join(root, "task.txt")
    writeFileSync(file, task)
    const all = [
      ...args,
      "--licenses",
      "permissive",
      "--decontaminate",
      file,
      "--personal-data",
      "mask",
      "--exclude-authors",
      "@mail.org",
      "--exclude-paths",
      "odd/"
    ].filter((arg, place, list) => mode !== "tree" || !["--exclude-authors", "@mail.org"].includes(list[place] ?? arg))
    assert.deepStrictEqual(
      await generate(`${mode} one`, ...all, "-j", "1"),
      await generate(`${mode} two`, ...all, "-j", "2")
    )
  })
})

describe("a wrong answer", () => {
  it("is told in one line, with what to do", async () => {
    const broken = join(root, "broken.jsonl")
    writeFileSync(broken, "{\"prompt\": \"a\"}\n{\"prompt\": \n")
    const wordless = join(root, "wordless.jsonl")
    writeFileSync(wordless, "{\"number\": 1}\n")
    const names = join(root, "names.txt")
    writeFileSync(names, "ada@example.org\nGrace\n")
    const cases: ReadonlyArray<readonly [args: ReadonlyArray<string>, code: number, words: RegExp]> = [
      [
        ["--licenses", "Apache-2"],
        64,
        /--licenses Apache-2: SPDX has no licence of that name; did you mean Apache-2\.0\?/
      ],
      [["--licenses", "any,MIT"], 64, /--licenses any with others/],
      [["--decontaminate", join(root, "missing.jsonl")], 66, /missing\.jsonl/],
      [["--decontaminate", broken], 65, /broken\.jsonl".*row 2 is no JSON/],
      [["--decontaminate", wordless], 65, /no row has a column/],
      [["--personal-data", "hide"], 64, /keep, mask or leave-out/],
      [["--exclude-authors", join(root, "missing.txt")], 66, /missing\.txt/],
      [["--exclude-authors", "a@b@c"], 64, /--exclude-authors a@b@c/],
      [["--exclude-authors", names], 65, /line 2 of .*names\.txt/],
      [["--exclude-authors", "@a.org", "--source", "tree"], 64, /--source history/],
      [["--exclude-paths", "src/["], 64, /--exclude-paths src\/\[/],
      [["--exclude-paths", "[z-a].py"], 64, /reversed/]
    ]
    for (const [args, code, words] of cases) {
      const ended = await runTask(["generate", repository.path, "-o", join(root, "wrong"), ...args])
      assert.strictEqual(ended.code, code, `${args.join(" ")}: ${ended.stderr}`)
      assert.match(ended.stderr, words)
      assert.strictEqual(ended.stderr.trim().split("\n").length, 1, ended.stderr)
    }
    assert.isTrue(readFileSync(names, "utf8").startsWith("ada@"))
  })
})
