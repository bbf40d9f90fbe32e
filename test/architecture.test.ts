/** The house's rules of direction, read from the import statements of every file. */
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, normalize, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const rooms = ["services", "layers", "tasks"]

/** Modules of Effect that hold values only; a pure file may use no other. */
const pureEffect = /^effect\/(?:Array|Data|Either|Equal|Function|Hash|HashMap|Option|Order|Predicate|Schema)$/
/** Packages that give values for values and do nothing else: a pure file may use them too. */
const purePackages: ReadonlySet<string> = new Set([
  "fastest-levenshtein",
  "ignore",
  "markdown-it",
  "smol-toml",
  "spdx-expression-parse"
])
/** The rooms of the layers floor that hold no layer: what layers of several services share about HTTP and about files. */
const sharedByLayers = ["model-server", "disk"]
/** Composition roots: the only files where an Effect is run and a layer is imported at once. */
const isRoot = (path: string) =>
  /^tasks\/(?:(?:main|command-line|worker|library|job-table)\.ts|library\/.*)$/.test(path)

interface Module {
  readonly path: string
  readonly source: string
}

const modules: ReadonlyArray<Module> = rooms.flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({ path: join(room, file), source: readFileSync(join(root, room, file), "utf8") }))
)

const importsOf = ({ path, source }: Module) =>
  [...source.matchAll(/(?:^|\n)(?:import|export)\s[^;"]*?from "([^"]+)"|(?:^|\n)import "([^"]+)"|import\("([^"]+)"\)/g)]
    .map((match) => {
      const target = match[1] ?? match[2] ?? match[3] ?? ""
      return {
        isLazy: match[3] !== undefined,
        isType: /^\n?import type/.test(match[0]),
        target: target.startsWith(".") ? normalize(join(dirname(path), target)) : target
      }
    })

const isContract = (path: string) => /^services\/[A-Z]\w*\.ts$/.test(path)
/** All that is no contract on the ground floor is pure. */
const isPure = (path: string) => path.startsWith("services/") && !isContract(path)

/** How spans are called: by a service and its method in layers, by the task (or "shared") and its step in tasks. */
const spanGrammar = (path: string): RegExp => {
  const [room = "", task = ""] = path.split("/")
  if (room === "layers") return /^[A-Z]\w*\.[a-z]\w*$/
  const name = task.replace(/\.ts$/, "").replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  return new RegExp(`^${name}\\.[a-z]\\w*$`)
}

/** Returns what is wrong with the modules, a line each. */
const breachesOf = (all: ReadonlyArray<Module>): ReadonlyArray<string> =>
  all.flatMap((module) => {
    const { path, source } = module
    const room = path.slice(0, path.indexOf("/"))
    const found: Array<string> = []
    if (/^services\/[^/]+$/.test(path) && !isContract(path)) found.push(`${path} is no contract: it belongs in a room`)
    if (new RegExp(`^layers/(?:${sharedByLayers.join("|")})/[A-Z]`).test(path)) {
      found.push(`${path} is a layer in a shared room`)
    }
    for (const { isLazy, isType, target } of importsOf(module)) {
      const say = (rule: string) => found.push(`${path} imports ${target}: ${rule}`)
      if (room === "services" && /^(?:layers|tasks)\//.test(target)) say("the ground floor stands on nothing")
      if (room === "layers" && target.startsWith("tasks/")) say("layers do not stand on tasks")
      const own = [path.split("/")[1], ...sharedByLayers]
      if (room === "layers" && target.startsWith("layers/") && !own.includes(target.split("/")[1])) {
        say("a layer reaches other services by tag")
      }
      if (room === "tasks" && target.startsWith("layers/") && !isLazy && !isType && !isRoot(path)) {
        say("a task imports a layer only where it provides it, lazily")
      }
      if (room === "tasks" && isRoot(target) && !isRoot(path)) say("nothing stands on a composition root")
      if (target === "effect" || /^@effect\/[\w-]+$/.test(target)) say("barrels slow the start")
      const isSpoken = target.startsWith("tasks/serve-context/") && !target.endsWith("/asked.ts")
      if (isSpoken && !path.startsWith("tasks/serve-context")) {
        say("JSON-RPC stays in its task")
      }
      if (target === "node:http" && !path.startsWith("tasks/shared/http/")) say("HTTP is served in one room")
      const isAllowed = target.startsWith("services/") || pureEffect.test(target) || purePackages.has(target)
      if (isPure(path) && !isType && !isAllowed) {
        say("a pure file imports pure files")
      }
      if (isContract(path) && !/^(?:services|layers|tasks|effect)\//.test(target)) {
        say("a contract knows no library")
      }
      if (isPure(path) && !isType && isContract(target)) {
        say("a pure file imports no contract")
      }
    }
    if (/\bEffect\.run[A-Z]\w*/.test(source) && !isRoot(path)) {
      found.push(`${path} runs an Effect: only composition roots do`)
    }
    if (/console\.(?:log|error)|process\.(?:cwd|env)\b/.test(source) && room === "services") {
      found.push(`${path} reaches for the process: the ground floor is told what it needs`)
    }
    for (const [, span = ""] of source.matchAll(/(?:Effect\.fn|withSpan)\("([^"]+)"/g)) {
      if (!spanGrammar(path).test(span)) found.push(`${path} names a span "${span}": say Service.method or task.step`)
    }
    if (/\bprocess\.env\b/.test(source) && room === "tasks" && !isRoot(path)) {
      found.push(`${path} reads the environment: the composition root tells what is in it`)
    }
    if (/^export default|^export \* from/m.test(source)) found.push(`${path} exports by default or all of another`)
    return found
  })

/** A declaration at the top of a file: whether it is exported, what it is, and its name. */
const declaration =
  /^(export )?(?:declare )?(?:abstract )?(?:async )?(const|let|function\*?|class|interface|type|enum) (\w+)/

/** Returns the exports of the ground floor that have no doc comment, a line each. */
const undocumentedIn = (all: ReadonlyArray<Module>): ReadonlyArray<string> =>
  all.filter(({ path }) => path.startsWith("services/")).flatMap(({ path, source }) => {
    const documented = new Set<string>()
    return source.split("\n").flatMap((line, at, lines) => {
      const [, isExported, , name = ""] = declaration.exec(line) ?? []
      if (isExported === undefined) return []
      // A type that stands beside a schema of its name has the schema's comment.
      if (lines[at - 1]?.trimEnd().endsWith("*/") === true) documented.add(name)
      return documented.has(name) ? [] : [`${path} exports ${name} without a doc comment`]
    })
  })

/** Names that stand in several files by convention: each layer, and each task, has its own. */
const conventional: ReadonlySet<string> = new Set(["layer", "make", "task", "handle", "asked"])

/**
 * Returns the names that stand for several things, a line each: types that are declared in several files, and values
 * that several files export.
 */
const sharedNamesIn = (all: ReadonlyArray<Module>): ReadonlyArray<string> => {
  const homes = new Map<string, Set<string>>()
  for (const { path, source } of all) {
    for (const line of source.split("\n")) {
      const [, isExported, kind = "", name = ""] = declaration.exec(line) ?? []
      const isType = /^(?:class|interface|type|enum)$/.test(kind)
      if (name === "" || conventional.has(name) || (isExported === undefined && !isType)) continue
      homes.set(name, (homes.get(name) ?? new Set()).add(path))
    }
  }
  return [...homes].filter(([, paths]) => paths.size > 1).map(([name, paths]) =>
    `${name} stands for something in each of ${[...paths].join(", ")}`
  )
}

/** Returns one circle of imports, or undefined; types count, because a reader follows them too. */
const circleIn = (all: ReadonlyArray<Module>): ReadonlyArray<string> | undefined => {
  const edges = new Map(all.map((module) => [module.path, importsOf(module).map(({ target }) => target)]))
  const state = new Map<string, "open" | "done">()
  const visit = (path: string, trail: ReadonlyArray<string>): ReadonlyArray<string> | undefined => {
    if (state.get(path) === "open") return [...trail.slice(trail.indexOf(path)), path]
    if (state.get(path) === "done") return undefined
    state.set(path, "open")
    for (const target of edges.get(path) ?? []) {
      const circle = edges.has(target) ? visit(target, [...trail, path]) : undefined
      if (circle !== undefined) return circle
    }
    state.set(path, "done")
    return undefined
  }
  for (const { path } of all) {
    const circle = visit(path, [])
    if (circle !== undefined) return circle
  }
  return undefined
}

describe("architecture", () => {
  it("finds the whole house", () => {
    assert.isAbove(modules.length, 40)
    assert.strictEqual(relative(root, join(root, "tasks")), "tasks")
  })

  it("keeps its directions", () => {
    assert.deepStrictEqual(breachesOf(modules), [])
  })

  it("says of every export of the ground floor what it is", () => {
    assert.deepStrictEqual(undocumentedIn(modules), [])
  })

  it("gives each thing a name of its own", () => {
    assert.deepStrictEqual(sharedNamesIn(modules), [])
  })

  it("has no circles", () => {
    assert.isUndefined(circleIn(modules))
  })

  it.each([
    ["services/text/span.ts", "import { readFileSync } from \"node:fs\"\n", "pure"],
    ["services/Git.ts", "import { layer } from \"../layers/git/SimpleGit.ts\"\n", "ground floor"],
    ["services/Git.ts", "import type { SimpleGit } from \"simple-git\"\n", "no library"],
    ["layers/git/SimpleGit.ts", "import { x } from \"../../tasks/main.ts\"\n", "stand on tasks"],
    ["layers/git/SimpleGit.ts", "import { x } from \"../parser/grammars.ts\"\n", "by tag"],
    ["layers/model-server/server.ts", "import { x } from \"../completer/gather.ts\"\n", "by tag"],
    ["tasks/generate.ts", "import { layer } from \"../layers/git/SimpleGit.ts\"\n", "lazily"],
    ["tasks/generate.ts", "import { Effect } from \"effect\"\n", "barrels"],
    ["tasks/generate/run.ts", "Effect.runSync(program)\n", "composition roots"],
    ["tasks/generate/run.ts", "import(\"../job-table.ts\")\n", "nothing stands on"],
    ["services/words.ts", "", "no contract"],
    ["tasks/view/web/serve.ts", "import { createServer } from \"node:http\"\n", "one room"],
    ["tasks/serve-context/serve.ts", "Effect.fn(\"serve\")\n", "Service.method or task.step"],
    ["layers/git/SimpleGit.ts", "Effect.withSpan(\"git.open\")\n", "Service.method or task.step"],
    ["tasks/keys/handle.ts", "const path = process.env[\"PATH\"]\n", "composition root tells"]
  ])("notices a breach planted in %s", (path, planted, rule) => {
    const found = breachesOf([{ path, source: planted }])
    assert.strictEqual(found.length, 1)
    assert.include(found[0], rule)
  })

  it("leaves no test out without a reason", () => {
    const files = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && file !== "support/with-tools.ts")
    const skipped = files.filter((file) =>
      /\b(?:it|test|describe)[\w.]*\.(?:skip|skipIf|runIf|todo|only)\b/.test(
        readFileSync(join(root, "test", file), "utf8")
      )
    )
    assert.deepStrictEqual(skipped, [])
  })

  it("lets no file of tests change what others of its process stand on", () => {
    const files = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
    // It gives `it` of the module other methods, in every file that comes after.
    const changing = files.filter((file) =>
      /import \{[^}]*\blayer\b[^}]*\} from "@effect\/vitest"/.test(readFileSync(join(root, "test", file), "utf8"))
    )
    assert.deepStrictEqual(changing, [])
  })

  it("notices an export without a doc comment", () => {
    const source = "/** Module. */\n\nexport const a = 1\n/** Said. */\nexport const b = 1\nexport type b = 1\n"
    assert.deepStrictEqual(undocumentedIn([{ path: "services/text/span.ts", source }]), [
      "services/text/span.ts exports a without a doc comment"
    ])
  })

  it("notices a name that stands for two things", () => {
    const found = sharedNamesIn([
      { path: "services/text/span.ts", source: "export interface A {}\nconst helper = 1\nexport const layer = 1\n" },
      { path: "tasks/view/a.ts", source: "type A = 1\nconst helper = 1\nexport const layer = 1\n" }
    ])
    assert.deepStrictEqual(found, ["A stands for something in each of services/text/span.ts, tasks/view/a.ts"])
  })

  it("notices a planted circle", () => {
    const circle = circleIn([
      { path: "services/a.ts", source: "import { b } from \"./b.ts\"\n" },
      { path: "services/b.ts", source: "import type { A } from \"./a.ts\"\n" }
    ])
    assert.deepStrictEqual(circle, ["services/a.ts", "services/b.ts", "services/a.ts"])
  })
})
