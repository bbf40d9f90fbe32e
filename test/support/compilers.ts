/** Compiles many texts of one language, each by itself, and says which of them a compiler refuses. */
import { execFile } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc")

interface Compiler {
  /** Where the text of a number goes, and how it has to be written there. */
  readonly place: (number: number, text: string) => readonly [path: string, text: string]
  /** The commands that compile all the files. */
  readonly commands: (paths: ReadonlyArray<string>) => ReadonlyArray<readonly [string, ReadonlyArray<string>]>
}

const compilers = {
  c: {
    place: (number, text) => [`s${number}.c`, text],
    commands: (
      paths
    ) => [["cc", ["-std=gnu17", "-fsyntax-only", "-w", "-Werror=implicit-function-declaration", ...paths]]]
  },
  cpp: {
    place: (number, text) => [`s${number}.cpp`, text],
    commands: (paths) => paths.map((path) => ["c++", ["-std=c++20", "-fsyntax-only", "-w", path]])
  },
  rust: {
    place: (number, text) => [`s${number}.rs`, text],
    commands: (paths) =>
      paths.map((path) => ["rustc", [
        "--edition=2021",
        "--emit=metadata",
        "-Awarnings",
        `--crate-type=lib`,
        "--out-dir=out",
        path
      ]])
  },
  java: {
    place: (number, text) => [`s${number}/Main.java`, text.replace(/^package .*;/m, `package s${number};`)],
    commands: (paths) => [["javac", ["-proc:none", "-d", "out", ...paths]]]
  },
  go: {
    place: (number, text) => [`s${number}/main.go`, text.replace("package main", "package states")],
    commands: () => [["go", ["build", "-o", "/dev/null", "./..."]]]
  },
  typescript: {
    place: (number, text) => [`s${number}.ts`, `${text}\nexport {}\n`],
    commands: (
      paths
    ) => [[process.execPath, [tsc, "--noEmit", "--target", "es2022", "--types", "", "--strict", ...paths]]]
  }
} satisfies Record<string, Compiler>

/** The languages that can be compiled here, where their compilers are installed. */
export type CompiledLanguage = keyof typeof compilers

/** Compiles each text by itself. Returns what compilers say, each text's number in it; nothing where all is well. */
export const complaintsOf = async (
  language: CompiledLanguage,
  texts: ReadonlyArray<string>
): Promise<ReadonlyArray<string>> => {
  const folder = mkdtempSync(join(tmpdir(), "retrace-compiled-"))
  const { commands, place }: Compiler = compilers[language]
  try {
    mkdirSync(join(folder, "out"))
    if (language === "go") writeFileSync(join(folder, "go.mod"), "module states\n\ngo 1.18\n")
    const paths = texts.map((text, number) => {
      const [path, written] = place(number, text)
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), written)
      return path
    })
    const said: Array<string> = []
    const left = [...commands(paths)]
    const work = async (): Promise<void> => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) said.push(await run(next, folder))
    }
    await Promise.all([work(), work()])
    return said.filter((text) => text !== "")
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const run = ([command, args]: readonly [string, ReadonlyArray<string>], cwd: string): Promise<string> =>
  new Promise((resolve) => {
    const env = { ...process.env, GOFLAGS: "-mod=mod", GOCACHE: join(cwd, "out", "cache"), GOPROXY: "off" }
    execFile(command, args, { cwd, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve(error === null ? "" : `${stderr}${stdout}${error.message}`.slice(0, 4000))
    })
  })
