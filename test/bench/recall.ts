/**
 * `pnpm bench recall <folder>... [--language=php] [--cursors=400] [--budgets=1024,4096,8192] [--holds=4096]
 * [--with-tests]`: how many of the identifiers that a line of code needs from elsewhere the context of its place holds.
 * No model is asked.
 *
 * One line of code inside a function of a file that is no test is masked. Its targets are the identifiers that one to
 * three other files define; what tests define counts with `--with-tests` only, because no context outside tests shows it.
 * A target is novel when the 3,000 units before and the 1,000 behind do not show it. Counted are mentions (the identifier
 * is in the context) and definitions (its signature and its file's header are).
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { basename } from "node:path"
import * as InPlaceCompute from "../../layers/compute/InPlaceCompute.ts"
import * as SimpleGit from "../../layers/git/SimpleGit.ts"
import { readFacts, runFactsJob } from "../../layers/index/facts-job.ts"
import type { FileFacts } from "../../layers/index/facts.ts"
import { factsJob } from "../../layers/index/jobs.ts"
import * as InvertedIndex from "../../layers/index/InvertedIndex.ts"
import { importRulesOf } from "../../layers/index/imports/languages.ts"
import { makePostings } from "../../layers/index/postings.ts"
import { makeProject } from "../../layers/index/project.ts"
import { eachIdentifier } from "../../layers/index/terms.ts"
import * as TreeSitterParser from "../../layers/parser/TreeSitterParser.ts"
import { commentStyle } from "../../services/formats/context-style.ts"
import { Git } from "../../services/Git.ts"
import { type ContextSource, Index, type SourceFile } from "../../services/Index.ts"
import { languageOfPath } from "../../services/text/language.ts"
import { Parser } from "../../services/Parser.ts"
import { randomOf } from "../../services/text/random.ts"

const args = process.argv.slice(2)
const option = (name: string, fallback: string) =>
  args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback
const folders = args.filter((arg) => !arg.startsWith("--"))
const cursorCount = Number(option("cursors", "400"))
const budgets = option("budgets", "1024,4096,8192").split(",").map(Number)
const holds = Number(option("holds", "4096"))
const only = option("methods", "nothing,original,jaccard,signatures,chunks,ours").split(",")
/** Whether what only tests define counts for a target as well, as it did when tests were shown anywhere. */
const withTests = args.includes("--with-tests")
const isTest = (path: string) =>
  /(?:^|\/)(?:tests?|specs?|__tests__|testing|testdata)\/|[._-](?:test|spec)s?\.|(?:^|\/)test_|Test\.php$/i.test(path)

interface Cursor {
  readonly file: SourceFile
  readonly start: number
  readonly end: number
  readonly targets: ReadonlyArray<{ readonly name: string; readonly isNovel: boolean }>
}

type Method = (cursor: Cursor, budget: number) => string

const flat = (text: string) => text.replace(/\s+/g, " ")

const program = Effect.gen(function*() {
  const git = yield* Git
  const parser = yield* Parser
  const decoder = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true })
  for (const folder of folders) {
    const repository = yield* git.open(folder, { orFolder: true })
    const { files } = yield* repository.files("HEAD")
    const counts = new Map<string, number>()
    for (const { path } of files) {
      const name = languageOfPath(path)?.hasGrammar === true ? languageOfPath(path)?.name ?? "" : ""
      if (name !== "") counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    const language = option("language", [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "")
    const wanted = files.filter(({ kind, path }) => kind === "file" && languageOfPath(path) !== undefined)
    const blobs = yield* repository.blobs(wanted.map(({ blob }) => blob))
    const sources = wanted.flatMap(({ path }, at): ReadonlyArray<SourceFile> => {
      const bytes = blobs[at]
      return bytes === null || bytes === undefined || bytes.length > 1024 * 1024
        ? []
        : [{ path, text: decoder.decode(bytes) }]
    })
    const index = yield* (yield* Index).make({ weighting: "lucene" })
    const started = performance.now()
    yield* index.add(sources)
    const built = performance.now() - started
    const read = readFacts(parser)
    const facts: Array<FileFacts> = []
    for (const source of sources) {
      if (languageOfPath(source.path)?.name === language && index.has(source.path)) facts.push(yield* read(source))
    }

    const definers = new Map<string, Set<FileFacts>>()
    const signatures = new Map<string, Array<{ readonly facts: FileFacts; readonly signature: string }>>()
    for (const one of facts) {
      if (!withTests && isTest(one.path)) continue
      for (const { name, signature } of one.symbols) {
        definers.set(name, (definers.get(name) ?? new Set()).add(one))
        signatures.set(name, [...signatures.get(name) ?? [], { facts: one, signature: flat(signature) }])
      }
    }
    const cursors: Array<Cursor> = []
    const random = randomOf("recall", basename(folder))
    const pool = facts.filter(({ path, symbols }) =>
      !isTest(path) && symbols.some(({ hasBody, kind }) => hasBody && kind === "function")
    )
    for (let tries = 0; tries < cursorCount * 60 && cursors.length < cursorCount; tries++) {
      const file = random.pick(pool)
      if (file === undefined) break
      const cursor = yield* cursorIn(file, random.next(), parser, definers)
      if (cursor !== undefined) cursors.push(cursor)
    }
    const all = cursors.flatMap(({ targets }) => targets)
    process.stdout.write(
      `\n${basename(folder)}: ${language}, ${facts.length} files, ${index.size().chunks} chunks, built in ${
        Math.round(built)
      } ms on one thread; ` +
        `${cursors.length} cursors, ${all.length} targets, ${all.filter(({ isNovel }) => isNovel).length} novel\n`
    )
    const style = commentStyle(languageOfPath(facts[0]?.path ?? "")?.lineComment ?? null)
    const requestFor = ({ end, file, start }: Cursor, budget: number, sources: ReadonlyArray<ContextSource>) => ({
      path: file.path,
      aliases: [],
      prefix: file.text.slice(0, start),
      suffix: file.text.slice(end),
      budget,
      holds,
      sources,
      style
    })
    const ask = (cursor: Cursor, budget: number, sources: ReadonlyArray<ContextSource>) =>
      index.context(requestFor(cursor, budget, sources)).text
    const methods: Record<string, Method> = {
      nothing: () => "",
      original: originalWay(facts),
      jaccard: jaccardNeighbours(facts),
      signatures: (cursor, budget) => ask(cursor, budget, ["signatures"]),
      chunks: (cursor, budget) => ask(cursor, budget, ["chunks"]),
      ours: (cursor, budget) => ask(cursor, budget, ["signatures", "chunks"])
    }
    // Without lexical chunks: how often a file that imports something of the project is shown a definition of it.
    const tables = makeProject("lucene")
    for (const one of facts) tables.put(one)
    let importing = 0
    let resolved = 0
    for (const cursor of cursors) {
      const { path, text } = cursor.file
      const rules = importRulesOf(language)
      const importer = { path, namespace: rules.namespaceOf(text, path) }
      if (!rules.scan(text).some((one) => rules.resolve(one, importer, tables.view).length > 0)) continue
      importing++
      const { snippets } = index.context(requestFor(cursor, 4096, ["signatures"]))
      if (snippets.some(({ reason }) => /import|inherited|member of a type/.test(reason))) resolved++
    }
    process.stdout.write(
      `${resolved} of ${importing} cursors in files that import of the project are shown a definition from there\n`
    )
    process.stdout.write("method      budget  novel mention  novel definition  all definitions  chars   ms p50   p99\n")
    for (const [name, method] of Object.entries(methods)) {
      if (!only.includes(name)) continue
      for (const budget of name === "nothing" ? [0] : budgets) {
        let novel = 0
        let novelMentions = 0
        let novelDefinitions = 0
        let total = 0
        let definitions = 0
        let chars = 0
        const times: Array<number> = []
        for (const cursor of cursors) {
          const from = performance.now()
          const context = method(cursor, budget)
          times.push(performance.now() - from)
          chars += context.length
          const words = new Set<string>()
          eachIdentifier(context, 0, context.length, (word) => words.add(word))
          const lines = flat(context)
          for (const { isNovel, name: target } of cursor.targets) {
            const isDefined = (signatures.get(target) ?? []).some(({ facts: { path }, signature }) =>
              path !== cursor.file.path && lines.includes(signature.replace(/…$/, "")) &&
              context.includes(basename(path))
            )
            total++
            if (isDefined) definitions++
            if (!isNovel) continue
            novel++
            if (words.has(target)) novelMentions++
            if (isDefined) novelDefinitions++
          }
        }
        times.sort((a, b) => a - b)
        const share = (part: number, of: number) => (of === 0 ? 0 : part / of).toFixed(3)
        const at = (quantile: number) => (times[Math.floor(times.length * quantile)] ?? 0).toFixed(2)
        process.stdout.write(
          `${name.padEnd(11)} ${String(budget).padStart(6)}  ${share(novelMentions, novel).padStart(13)}  ` +
            `${share(novelDefinitions, novel).padStart(16)}  ${share(definitions, total).padStart(15)}  ` +
            `${String(Math.round(chars / cursors.length)).padStart(5)}  ${at(0.5).padStart(6)}  ${
              at(0.99).padStart(5)
            }\n`
        )
      }
    }
  }
})

/** A code line inside a function's body, at a place that `draw` decides; undefined when it has no targets. */
const cursorIn = (
  facts: FileFacts,
  draw: number,
  parser: Parser["Type"],
  definers: ReadonlyMap<string, ReadonlySet<FileFacts>>
) =>
  Effect.map(parser.open(facts.language), (opened): Cursor | undefined => {
    const { path, text } = facts
    const tree = opened.parse(text)
    const nodes = tree.nodes({ start: 0, end: text.length })
    tree.release()
    const inBody: Array<readonly [number, number]> = []
    for (let row = 0; row < nodes.count; row++) {
      if (nodes.field[row] !== "body") continue
      const above = nodes.type[nodes.parent[row] ?? -1] ?? ""
      if (/function|method|constructor/.test(above)) inBody.push([nodes.start[row] ?? 0, nodes.end[row] ?? 0])
    }
    const lines: Array<readonly [number, number]> = []
    for (let start = 0; start < text.length;) {
      const newline = text.indexOf("\n", start)
      const end = newline === -1 ? text.length : newline
      const line = text.slice(start, end).trim()
      const isCode = line.length >= 8 && /\w/.test(line) && !/^(?:#|\/\/|\/?\*|"""|''')/.test(line)
      if (isCode && inBody.some(([from, to]) => from < start && end <= to)) lines.push([start, end])
      start = end + 1
    }
    const line = lines[Math.floor(draw * lines.length)]
    if (line === undefined) return undefined
    const [start, end] = line
    // Words of strings and comments are none of the program's names.
    const names = new Set<string>()
    for (let row = 0; row < nodes.count; row++) {
      const from = nodes.start[row] ?? 0
      if (nodes.isLeaf[row] !== 1 || nodes.isNamed[row] !== 1 || from < start || (nodes.end[row] ?? 0) > end) continue
      if (/string|comment|text/.test(nodes.type[row] ?? "")) continue
      // A PHP variable is the function's own.
      if (text[from - 1] === "$" || text[from] === "$" && facts.language === "php") continue
      eachIdentifier(text, from, nodes.end[row] ?? 0, (name) => names.add(name))
    }
    const visible = `${text.slice(Math.max(0, start - 3000), start)}\n${text.slice(end, end + 1000)}`
    const seen = new Set<string>()
    eachIdentifier(visible, 0, visible.length, (name) => seen.add(name))
    const targets = [...names].flatMap((name) => {
      const files = [...definers.get(name) ?? []].filter((file) => file !== facts)
      return files.length >= 1 && files.length <= 3 ? [{ name, isNovel: !seen.has(name) }] : []
    })
    return targets.length === 0 ? undefined : { file: { path, text }, start, end, targets }
  })

/**
 * The published way of the PHP generator, as its README tells it: signatures of imported classes, matched by the stem
 * of a file, then the best chunks by Okapi BM25 for 500 units on each side of the cursor.
 */
const originalWay = (facts: ReadonlyArray<FileFacts>): Method => {
  const byStem = new Map(facts.map((one) => [basename(one.path).replace(/\.\w+$/, ""), one]))
  const postings = makePostings("okapi")
  const owners: Array<{ readonly facts: FileFacts; readonly place: number }> = []
  for (const one of facts) {
    const first = postings.add(one.terms, one.postings)
    for (let place = 0; place < one.chunks.length / 2; place++) {
      postings.show(first + place)
      owners.push({ facts: one, place })
    }
  }
  postings.compact()
  return ({ end, file, start }, budget) => {
    let text = ""
    const imports = file.text.matchAll(/^(?:use|import|from)\s+([\w\\./]+)(?:\s+import\s+([\w, ]+))?/gm)
    for (const match of imports) {
      for (const name of [match[1] ?? "", ...(match[2] ?? "").split(",")]) {
        const one = byStem.get(name.trim().split(/[\\./]/).at(-1) ?? "")
        if (one === undefined || one.path === file.path) continue
        const block = `// --- ${basename(one.path)} ---\n${one.symbols.map(({ signature }) => signature).join("\n")}\n`
        if (text.length + block.length <= budget) text += block
      }
    }
    const query = new Map<string, number>()
    const near = file.text.slice(Math.max(0, start - 500), start) + file.text.slice(end, end + 500)
    eachIdentifier(
      near,
      0,
      near.length,
      (name) => query.set(name.toLowerCase(), (query.get(name.toLowerCase()) ?? 0) + 1)
    )
    const scores = postings.score(query)
    const best = [...owners.keys()].filter((chunk) => owners[chunk]?.facts.path !== file.path)
      .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0)).slice(0, 5)
    for (const chunk of best) {
      const owner = owners[chunk]
      if (owner === undefined) continue
      const { facts: { chunks, path, text: code }, place } = owner
      const block = `// --- ${basename(path)} ---\n${code.slice(chunks[2 * place], chunks[2 * place + 1])}\n`
      if (text.length + block.length <= budget) text += block
    }
    return text
  }
}

/** What editors commonly do: windows of 60 lines by the Jaccard likeness of their words to the lines before the cursor. */
const jaccardNeighbours = (facts: ReadonlyArray<FileFacts>): Method => {
  const wordsOf = (text: string) => {
    const words = new Set<string>()
    eachIdentifier(text, 0, text.length, (word) => words.add(word))
    return words
  }
  const windows = facts.flatMap(({ path, text }) => {
    const lines = text.split("\n")
    return Array.from(
      { length: Math.ceil(lines.length / 30) },
      (_, at) => lines.slice(at * 30, at * 30 + 60).join("\n")
    )
      .map((window) => ({ path, window, words: wordsOf(window) }))
  })
  return ({ file, start }, budget) => {
    const near = wordsOf(file.text.slice(0, start).split("\n").slice(-60).join("\n"))
    const scored = windows.filter(({ path }) => path !== file.path).map((window) => {
      let shared = 0
      for (const word of window.words) if (near.has(word)) shared++
      return { window, score: shared / (near.size + window.words.size - shared || 1) }
    }).sort((a, b) => b.score - a.score)
    let text = ""
    for (const { window: { path, window } } of scored.slice(0, 20)) {
      const block = `// --- ${basename(path)} ---\n${window}\n`
      if (text.length + block.length <= budget) text += block
    }
    return text
  }
}

const platform = Layer.mergeAll(NodeFileSystem.layer, NodePath.layer)
const inPlace = Layer.unwrapEffect(
  Effect.map(Parser, (parser) => InPlaceCompute.layer({ [factsJob.name]: runFactsJob(parser) }))
)
const services = InvertedIndex.layer.pipe(
  Layer.provide(inPlace),
  Layer.provideMerge(TreeSitterParser.layer),
  Layer.merge(SimpleGit.layer.pipe(Layer.provide(platform)))
)
await Effect.runPromise(Effect.scoped(program).pipe(Effect.provide(services)))
