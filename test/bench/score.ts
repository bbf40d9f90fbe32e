/**
 * `pnpm bench score <dataset folder> [--repo name=path]...`: the intrinsic figures of a
 * dataset, one line each. With the repositories that its rows name, also what only the files can tell.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SimpleGit from "../../layers/git/SimpleGit.ts"
import * as TreeSitterParser from "../../layers/parser/TreeSitterParser.ts"
import { differingMiddle, lineDiff } from "../../services/text/diff.ts"
import { Git, type Repository } from "../../services/Git.ts"
import { languageNamed } from "../../services/text/language.ts"
import { unbalancedStages } from "../../services/rows/ledger.ts"
import {
  isBlankCompletion,
  middleOfOther,
  parseRow,
  presetNamed,
  type ReadRow,
  readRow
} from "../../services/measures/rows.ts"
import { type LanguageParser, Parser, type SyntaxTree } from "../../services/Parser.ts"
import { isName } from "../../services/cuts/node-roles.ts"
import { isBoilerplate } from "../../tasks/generate/boilerplate.ts"
import { holdsNoCode, isCommentOnly } from "../../tasks/generate/comments.ts"
import { formOf } from "../../tasks/generate/form/form.ts"
import { modulesOf, type Role, roleOf } from "../../tasks/generate/mutations/roles.ts"
import type { Scene } from "../../tasks/generate/mutations/scene.ts"
import { tokensOf } from "../../tasks/generate/negatives.ts"
import { countLines, isInsideIdentifier, isOverlapping } from "../../services/text/span.ts"

const args = process.argv.slice(2)
const folder = args.find((arg) => !arg.startsWith("-") && !arg.includes("=") && existsSync(arg)) ?? ""
const repositoryPaths = args.filter((arg) => arg.startsWith("--repo=")).map((arg) => arg.slice(7))

interface Count {
  of: number
  hit: number
}
const counts = new Map<string, Count>()
const count = (name: string, isHit: boolean) => {
  const entry = counts.get(name) ?? { of: 0, hit: 0 }
  counts.set(name, { of: entry.of + 1, hit: entry.hit + (isHit ? 1 : 0) })
}
const examplesOf = new Map<string, string>()
const note = (name: string, isHit: boolean, example: () => string) => {
  count(name, isHit)
  if (isHit && !examplesOf.has(name)) examplesOf.set(name, example())
}

const isTold = (value: unknown): value is string => typeof value === "string" && value !== ""

const program = Effect.gen(function*() {
  const git = yield* Git
  const parser = yield* Parser
  const repositories = new Map<string, { repository: Repository; blobs: Map<string, ReadonlyMap<string, string>> }>()
  for (const path of repositoryPaths) {
    const repository = yield* git.open(path, { orFolder: true })
    repositories.set(repository.name, { repository, blobs: new Map() })
  }
  const metadata = existsSync(join(folder, "metadata.json"))
    ? JSON.parse(readFileSync(join(folder, "metadata.json"), "utf8"))
    : undefined
  const preset = presetNamed(metadata?.formatting?.base_model ?? "qwen2.5-coder")
  const limits = metadata?.identity?.settings ?? { maxMiddleLines: 30 }

  const decoder = new TextDecoder("utf-8", { ignoreBOM: true })
  const treeOf = Effect.fnUntraced(function*(name: string, commit: string) {
    const known = repositories.get(name)
    if (known === undefined) return undefined
    const old = known.blobs.get(commit)
    if (old !== undefined) return old
    const { files } = yield* known.repository.files(commit)
    const tree = new Map(files.map(({ blob, path }) => [path, blob]))
    known.blobs.set(commit, tree)
    return tree
  })
  const texts = new Map<string, string>()
  const textAt = Effect.fnUntraced(function*(name: string, commit: unknown, path: string) {
    if (typeof commit !== "string") return undefined
    const tree = yield* treeOf(name, commit === "" ? "HEAD" : commit)
    const blob = tree?.get(path)
    if (blob === undefined) return undefined
    const known = texts.get(blob)
    if (known !== undefined) return known
    const [bytes] = yield* repositories.get(name)?.repository.blobs([blob]) ?? Effect.succeed([null])
    if (bytes === null || bytes === undefined) return undefined
    const text = decoder.decode(bytes)
    if (texts.size > 500) texts.clear()
    texts.set(blob, text)
    return text
  })
  const parentText = (repo: string, about: ReadRow["metadata"]) =>
    isTold(about["parent_filepath"]) && isTold(about["parent"])
      ? textAt(repo, about["parent"], about["parent_filepath"])
      : Effect.sync(() => undefined)
  const parsers = new Map<string, LanguageParser>()
  const trees = new Map<string, SyntaxTree>()
  const syntaxOf = Effect.fnUntraced(function*(language: string, text: string) {
    if (languageNamed(language)?.hasGrammar !== true) return undefined
    const known = parsers.get(language) ?? (yield* parser.open(language))
    parsers.set(language, known)
    const old = trees.get(text)
    if (old !== undefined) return old
    if (trees.size > 50) {
      for (const tree of trees.values()) tree.release()
      trees.clear()
    }
    const tree = known.parse(text)
    trees.set(text, tree)
    return tree
  })

  const scoreRow = Effect.fnUntraced(function*(row: ReadRow) {
    const { metadata: about, prompt, unwanted, wanted } = row
    const label = () => `${about["repo"]} ${about["commit"]} ${about["filepath"]} ${JSON.stringify(about["span"])}`
    const right = wanted ?? [...wantedOf.get(prompt) ?? []][0]
    if (wanted !== undefined) {
      count("positives", true)
      note("blank completions", isBlankCompletion(wanted), label)
      count(`kind ${about["kind"]}`, true)
      note(
        "line fallback where a grammar exists",
        about["kind"] === "lines" && languageNamed(String(about["language"]))?.hasGrammar === true,
        label
      )
    }
    if (unwanted !== undefined) {
      count("negatives", true)
      count(`negative ${about["negative"]}`, true)
      note("chosen equals rejected", wantedOf.get(prompt)?.has(unwanted) === true || unwanted === wanted, label)
    }
    const completion = wanted ?? unwanted ?? ""
    const parsed = parseRow(row, completion, preset)
    note("rows that do not parse back", parsed === undefined, label)
    const span = about["span"]
    if (!Array.isArray(span) || repositories.size === 0) return
    const repo = String(about["repo"])
    const path = String(about["filepath"])
    const text = yield* textAt(repo, about["commit"], path)
    if (text === undefined) {
      note("rows whose file was not found", true, label)
      return
    }
    const bytes = Buffer.from(text)
    const middle = bytes.subarray(span[0], span[1]).toString()
    const start = bytes.subarray(0, span[0]).toString().length
    const end = start + middle.length
    if (wanted !== undefined) {
      note("middles over a limit", countLines(middle) > limits.maxMiddleLines || middle.length > 701, label)
      const language = String(about["language"])
      const syntax = yield* syntaxOf(language, text)
      const isProse = syntax === undefined
        ? isCommentOnly(middle, language)
        : holdsNoCode(text, syntax.nodes({ start, end }), { start, end })
      note("middles that are comments only", isProse, label)
      note("middles that are boilerplate", !isProse && isBoilerplate(text, { start, end }, language), label)
      const isCharacters = about["kind"] === "characters"
      if (!isCharacters) {
        note(
          "middles that end or start inside an identifier",
          isInsideIdentifier(text, start) || isInsideIdentifier(text, end),
          label
        )
      }
      if (parsed !== undefined) {
        if (about["format"] === "ZED") {
          const before = (yield* parentText(repo, about)) ?? ""
          note(
            "rows that do not rebuild their file",
            !rebuildsExcerpt(parsed.before + parsed.completion + parsed.after, before, text),
            label
          )
        } else {
          const isRight = parsed.completion === middle && text.slice(0, start).endsWith(parsed.before) &&
            text.slice(end).startsWith(parsed.after) &&
            (about["prefix_cut"] !== 0 || parsed.before.length === start) &&
            (about["suffix_cut"] !== 0 || parsed.after.length === text.length - end)
          note("rows that do not rebuild their file", !isRight, label)
        }
      }
      if (about["commit_message"] !== "") {
        const before = yield* parentText(repo, about)
        const isLost = before === undefined && about["parent_filepath"] !== ""
        note("rows whose parent was not found", isLost, label)
        const touches = lineDiff(before ?? "", text).some((hunk) => isOverlapping(hunk.new, { start, end }))
        if (!isLost) count("history middles that touch an added line", touches)
      }
    }
    if (unwanted !== undefined && right !== undefined) {
      const wrongParsed = parseRow(row, unwanted, preset)
      const rights = wanted === undefined ? wantedOf.get(prompt) ?? [] : [wanted]
      const other = [...rights].flatMap((candidate) => {
        const rightParsed = parseRow(row, candidate, preset)
        return rightParsed === undefined || wrongParsed === undefined
          ? []
          : middleOfOther(rightParsed.completion, middle, wrongParsed.completion) ?? []
      })[0]
      note("negatives that differ outside the middle", other === undefined, label)
      if (other !== undefined) {
        count("negatives that are a prefix of the positive", middle.startsWith(other.trimEnd()))
        const language = String(about["language"])
        const tree = yield* syntaxOf(language, text)
        const form = (piece: string) => formOf(piece, { language, isImported: false })
        note("negatives that differ in form only", form(other) === form(middle), label)
        if (about["negative"] === "condition") {
          const { head } = differingMiddle(middle, other)
          note("conditions that are wrapped as a whole", /^(?:!|not )\(/.test(other.slice(head)), label)
        }
        if (about["negative"] === "identifier" && tree !== undefined) {
          const isAlike = keepsRole(tree, { text, language, middle: { start, end } }, middle, other)
          if (isAlike !== undefined) count("swapped names that keep their role", isAlike)
        }
        if (tree !== undefined) {
          count("negatives that parse as well", tree.parsesAsWellWith({ start, end }, other))
        }
      }
    }
  })

  /** Whether the file knows the name that was put in another's place in the role that it has there. */
  const keepsRole = (
    tree: SyntaxTree,
    about: Pick<Scene, "text" | "language" | "middle">,
    middle: string,
    other: string
  ): boolean | undefined => {
    const nodes = tree.nodes({ start: 0, end: about.text.length })
    const scene: Scene = { ...about, nodes, hasGrammar: true, others: [] }
    const modules = modulesOf(scene)
    const at = about.middle.start + differingMiddle(middle, other).head
    const roles = new Map<string, Set<Role>>()
    let site: number | undefined
    for (let row = 0; row < nodes.count; row++) {
      if (nodes.isLeaf[row] === 0 || !isName(nodes.type[row] ?? "")) continue
      const name = about.text.slice(nodes.start[row], nodes.end[row])
      roles.set(name, (roles.get(name) ?? new Set()).add(roleOf(scene, row, modules)))
      if ((nodes.start[row] ?? 0) <= at && (nodes.end[row] ?? 0) >= at) site ??= row
    }
    if (site === undefined) return undefined
    const end = (nodes.end[site] ?? 0) - about.middle.start + other.length - middle.length
    const name = other.slice((nodes.start[site] ?? 0) - about.middle.start, end)
    const role = roleOf(scene, site, modules)
    return role === "module" && modules.has(name) || roles.get(name)?.has(role) === true
  }

  const files = readdirSync(folder).filter((name) => /^(?:train|test|val).*\.jsonl$/.test(name))
  const groups = new Map<string, Set<string>>()
  const wantedOf = new Map<string, Set<string>>()
  const answersOf = new Map<string, Map<string, number>>()
  const promptsOf = { train: new Set<string>(), held: new Set<string>() }
  for (const name of files) {
    const isTrain = name.startsWith("train")
    const isKto = name.includes("kto")
    let lastPrompt: string | undefined
    const lines = readFileSync(join(folder, name), "utf8").split("\n").filter((line) => line !== "")
    const rows = lines.map((line) => readRow(JSON.parse(line), preset))
    for (const row of rows) {
      if (row?.wanted !== undefined) wantedOf.set(row.prompt, (wantedOf.get(row.prompt) ?? new Set()).add(row.wanted))
    }
    for (const row of rows) {
      if (row === undefined) {
        count("rows of an unknown shape", true)
        continue
      }
      count("rows", true)
      if (isKto) {
        note("KTO neighbours with one prompt", row.prompt === lastPrompt, () => basename(name))
        lastPrompt = row.prompt
      }
      ;(isTrain ? promptsOf.train : promptsOf.held).add(row.prompt)
      const group = String(row.metadata["group"] ?? row.metadata["filepath"] ?? "")
      groups.set(group, (groups.get(group) ?? new Set()).add(isTrain ? "train" : "held"))
      if (row.wanted !== undefined) {
        const type = /_(\w+?)(?:-|\.)/.exec(name)?.[1] ?? "fim"
        const answers = answersOf.get(type) ?? new Map<string, number>()
        answersOf.set(type, answers)
        const answer = tokensOf(row.wanted)
        answers.set(answer, (answers.get(answer) ?? 0) + 1)
        note(
          "right answers that stand for the sixth time or later",
          (answers.get(answer) ?? 0) > 5,
          () => answer.slice(0, 80)
        )
      }
      yield* scoreRow(row)
    }
  }
  for (const [group, sides] of groups) note("groups on both sides of the split", sides.size > 1, () => group)
  for (const prompt of promptsOf.held) {
    note("test prompts in train", promptsOf.train.has(prompt), () => prompt.slice(-80))
  }
  if (metadata !== undefined) {
    for (const stage of Object.keys(metadata.ledger ?? {})) {
      note("ledger stages that do not add up", unbalancedStages(metadata.ledger).includes(stage), () => stage)
    }
  }
})

/** Whether the text stands whole in a state between the two: the new file up to some hunk, the old one from there on. */
const rebuildsExcerpt = (excerpt: string, before: string, after: string): boolean => {
  if (after.includes(excerpt)) return true
  for (const hunk of lineDiff(before, after)) {
    if ((after.slice(0, hunk.new.end) + before.slice(hunk.old.end)).includes(excerpt)) return true
  }
  return false
}

const platform = Layer.mergeAll(NodeFileSystem.layer, NodePath.layer)
await Effect.runPromise(
  Effect.scoped(program).pipe(
    Effect.provide(Layer.merge(SimpleGit.layer.pipe(Layer.provide(platform)), TreeSitterParser.layer))
  )
)
const width = Math.max(...[...counts.keys()].map((name) => name.length))
for (const [name, { hit, of }] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const share = of === hit && !/that|inside|in train/.test(name) ? "" : `  ${(100 * hit / of).toFixed(2)} % of ${of}`
  const example = examplesOf.get(name)
  process.stdout.write(`${name.padEnd(width)}  ${hit}${share}${example === undefined ? "" : `  e.g. ${example}`}\n`)
}
