/** A repository that holds every trap that a miner of history falls into. */
import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { makeRepository, pythonModule, type TestRepository } from "./repository.ts"

export interface Toy {
  readonly repository: TestRepository
  readonly commits: Readonly<Record<string, string>>
}

const javascript = (salt: string) =>
  `export function ${salt}Names(items) {\n  const names = items.map((item) => item.name.trim())\n  names.sort()\n  return names.filter((name) => name.length > 0)\n}\n\nexport function ${salt}Total(items, rate) {\n  let total = 0\n  for (const item of items) {\n    if (item.price > rate) {\n      total += item.price * rate\n    }\n  }\n  return total\n}\n`

/** Builds it. The commits are named after their trap. */
export const makeToy = (): Toy => {
  const repository = makeRepository("toy")
  const { commit, git, remove, write } = repository
  const commits: Record<string, string> = {}

  for (const folder of ["lib", "web", "db"]) write(`${folder}/main.py`, pythonModule(3, folder))
  commits["root"] = commit("root commit with lib, web and db")

  for (const folder of ["lib", "web", "db"]) {
    write(`${folder}/main.py`, `${pythonModule(3, folder)}\n\n${pythonModule(1, `${folder}_more`)}`)
  }
  commits["folders"] = commit("edit in lib, web and db")

  write("src/added.js", javascript("added"))
  commits["added"] = commit("add a file")

  git("mv", "src/added.js", "src/renamed.js")
  write("src/renamed.js", javascript("added").replace("let total = 0", "let total = items.length > 3 ? 1 : 0"))
  commits["renamed"] = commit("rename with edits")

  write("dîr with spaces/ünï cödé.py", pythonModule(2, "utf"))
  commits["non-ascii path"] = commit("a path with spaces and umlauts")

  write("text/crlf.py", pythonModule(2, "crlf").replaceAll("\n", "\r\n"))
  commits["crlf"] = commit("CRLF")

  write("text/bom.py", `\ufeff${pythonModule(2, "bom")}`)
  commits["bom"] = commit("byte order mark")

  write("text/latin.py", Buffer.from(`name = "caf\u00e9"\n${pythonModule(2, "latin")}`, "latin1"))
  commits["latin-1"] = commit("Latin-1")

  write("text/heading.py", `"""\nTitle\n=======\n"""\n\n${pythonModule(2, "heading")}`)
  commits["heading"] = commit("a line of =======")

  write("text/token.py", `${pythonModule(3, "token")}\n\nMARK = "<|fim_middle|>"\n`)
  commits["model token"] = commit("a model token in the source")

  write("text/conflict.py", `${pythonModule(2, "conflict")}\n<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> other\n`)
  commits["conflict"] = commit("a merge left unfinished")

  write(
    "text/secret.py",
    `import boto\n\nKEY = "AKIAIOSFODNN7ABCDEFG"\nSECRET = "aws_secret_access_key=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"\n\n${
      pythonModule(2, "secret")
    }`
  )
  commits["secret"] = commit("a key in the source")

  write("text/large.py", `${pythonModule(4)}\nDATA = """${"0123456789abcdef\n".repeat(320_000)}"""\n`)
  commits["large"] = commit("a file of 5 MB")

  write("image.py", Uint8Array.from([0x78, 0, 1, 2, 3]))
  commits["binary"] = commit("binary")

  write("vendor/lib.py", pythonModule(2, "vendor"))
  commits["vendored"] = commit("vendored")

  write(
    "web/main.py",
    `${pythonModule(3, "web")}\n\n${pythonModule(1, "web_more")}`.replaceAll("    total", "    total ").replaceAll(
      "total  ",
      "total "
    )
  )
  write("README.md", "# toy\n")
  commits["no language"] = commit("prose only")

  commits["empty"] = commit("an empty commit")

  const inner = makeRepository("inner")
  inner.write("a.py", "x = 1\n")
  inner.commit("inner")
  // What "git submodule add" does; that is a shell script, and wants more of a machine than git.
  git("clone", "--quiet", inner.path, "sub")
  write(".gitmodules", `[submodule "sub"]\n\tpath = sub\n\turl = ../inner\n`)
  commits["submodule"] = commit("a submodule")
  inner.dispose()

  git("checkout", "--quiet", "-b", "side", "HEAD~2")
  write("side.py", pythonModule(2, "side"))
  commits["side"] = commit("on a side branch")
  git("checkout", "--quiet", "main")
  git("merge", "--quiet", "--no-ff", "-m", "a merge", "side")
  commits["merge"] = git("rev-parse", "HEAD").trim()

  for (const name of ["one", "two"]) {
    git("checkout", "--quiet", "-b", name, "main")
    write(`${name}.py`, pythonModule(1, name))
    commit(`branch ${name}`)
  }
  git("checkout", "--quiet", "main")
  git("merge", "--quiet", "--no-ff", "-m", "an octopus", "one", "two")
  commits["octopus"] = git("rev-parse", "HEAD").trim()

  write("text/missing.py", pythonModule(2, "missing"))
  commits["missing"] = commit("an object that will be missing")
  const blob = git("rev-parse", "HEAD:text/missing.py").trim()
  rmSync(join(repository.path, ".git/objects", blob.slice(0, 2), blob.slice(2)))

  git("update-index", "--force-remove", "db/main.py")
  writeFileSync(join(repository.path, ".git/info/exclude"), "")
  remove("db/main.py")
  git("commit", "--quiet", "-m", "delete a file")
  commits["deleted"] = git("rev-parse", "HEAD").trim()
  return { repository, commits }
}
