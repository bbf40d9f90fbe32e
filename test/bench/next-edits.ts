/**
 * `pnpm bench next-edits <repository>... [--commits=1000] [--format=zeta2.1] [--replayed=0]`: what next edits of whole
 * commits cost beside rows of ZED from the same commits, run in turn, and what they are: shares of kinds, and lengths by
 * the dialect's own estimate. With --replayed, so many mined moments are told to a session of serve-context as an editor
 * tells them, and what it would ask the model is compared with the prompt of the row.
 */
import { spawn } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SimpleGit from "../../layers/git/SimpleGit.ts"
import * as FileReader from "../../layers/reader/FileReader.ts"
import * as TreeSitterParser from "../../layers/parser/TreeSitterParser.ts"
import { renderChatMl } from "../../services/formats/chat-ml.ts"
import { Git } from "../../services/Git.ts"
import { blobsOfParts } from "../../services/history/commit-parts.ts"
import type { Dialect } from "../../services/next-edit/dialect.ts"
import { dialects } from "../../services/next-edit/dialects/all.ts"
import { tokensByBytes } from "../../services/next-edit/rows.ts"
import { type LanguageParser, Parser } from "../../services/Parser.ts"
import { lineDiff } from "../../services/text/diff.ts"
import { languageNames } from "../../services/text/language.ts"
import { makeRecentTrees } from "../../services/text/recent-trees.ts"
import { asked } from "../../tasks/generate/asked.ts"
import type { MinedPart } from "../../tasks/generate/next-edits/mine-part.ts"
import { minePart } from "../../tasks/generate/next-edits/mine-part.ts"
import { generateRequestOf } from "../../tasks/generate/request.ts"
import { answersChosen } from "../../tasks/shared/asked/read.ts"
import { readContents } from "../../tasks/shared/dataset-run/contents.ts"
import { surveyHistory } from "../../tasks/shared/survey/survey-history.ts"
import { batchCommits } from "../../tasks/shared/survey/batch-commits.ts"
import { joinSurveys } from "../../tasks/shared/survey/join-surveys.ts"
import { joinSettingsOf } from "../../tasks/generate/survey.ts"
import { playedAs, promptsOf } from "../support/edit-session.ts"

const args = process.argv.slice(2)
const repositories = args.filter((arg) => !arg.startsWith("--"))
const textOf = (flag: string) => args.find((arg) => arg.startsWith(`--${flag}=`))?.slice(flag.length + 3)
const commits = Number(textOf("commits") ?? 1000)
const replayed = Number(textOf("replayed") ?? 0)
const formats = textOf("format") === undefined ? dialects : dialects.filter(({ name }) => name === textOf("format"))
const main = fileURLToPath(new URL("./main.mjs", import.meta.url))

/** Runs generate; gives seconds of wall time, and the rows that it wrote. */
const generate = async (repository: string, format: string) => {
  const folder = mkdtempSync(join(tmpdir(), "retrace-bench-"))
  const output = join(folder, "rows")
  const flags = ["--format", format, "--dataset-type", "kto", "--max-commits", String(commits), "--quiet"]
  const started = performance.now()
  const child = spawn(process.execPath, [main, "generate", "--repo", repository, "--output", output, ...flags], {
    stdio: ["ignore", "ignore", "inherit"]
  })
  await new Promise<void>((resolve) => child.on("exit", () => resolve()))
  const seconds = (performance.now() - started) / 1000
  const rows = readdirSync(output).filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(output, name), "utf8").trimEnd().split("\n"))
    .map((line) => JSON.parse(line))
  rmSync(folder, { recursive: true, force: true })
  return { seconds, rows }
}

const share = (rows: ReadonlyArray<unknown>, all: number) => `${(100 * rows.length / all).toFixed(0)} %`

const printRun = async (repository: string, dialect: Dialect, zed: number) => {
  const { rows, seconds } = await generate(repository, dialect.name)
  const wanted = rows.filter(({ label }) => label)
  const kinds = [...new Set(wanted.map(({ metadata }) => metadata.kind))].toSorted()
  const lengths = wanted.map(({ completion, prompt }) => tokensByBytes(prompt + completion)).toSorted((a, b) => a - b)
  const at = (part: number) => lengths[Math.floor((lengths.length - 1) * part)]
  console.info(
    `${basename(repository)} ${dialect.name}: ${rows.length} rows in ${seconds.toFixed(2)} s ` +
      `(${(rows.length / seconds).toFixed(0)}/s), ${(seconds / zed).toFixed(2)} times ZED; ` +
      `${
        kinds.map((kind) => `${kind} ${share(wanted.filter((row) => row.metadata.kind === kind), wanted.length)}`).join(
          ", "
        )
      }; ` +
      `tokens ${at(0.5)}, at most ${at(1)} of ${dialect.maxTokens}`
  )
}

/** The moments that a run draws from a repository. */
const mined = (repository: string, dialect: Dialect) =>
  Effect.scoped(Effect.gen(function*() {
    const answers = yield* answersChosen(asked, {
      repositories: [repository],
      format: dialect.name,
      maxCommits: commits,
      datasetType: ["sft"]
    })
    const { request: { settings } } = yield* generateRequestOf(answers, { version: "bench", keepRejected: false })
    const { nextEdits } = settings
    if (nextEdits === null) return []
    const opened = yield* (yield* Git).open(repository, { orFolder: false })
    const { open } = yield* Parser
    const parsers = new Map<string, LanguageParser>()
    for (const name of languageNames) {
      const parser = yield* Effect.option(open(name))
      if (parser._tag === "Some") parsers.set(name, parser.value)
    }
    const found: Array<MinedPart> = []
    const survey = yield* surveyHistory(opened, settings, { mostFiles: 30 })
    const { joinedOf } = yield* joinSurveys([Effect.succeed(survey)], joinSettingsOf(settings))
    for (const parts of batchCommits(survey, joinedOf(survey), nextEdits.history)) {
      if (found.length >= replayed) break
      const { contents } = yield* readContents(opened, blobsOfParts(parts))
      for (const part of parts) {
        const trees = makeRecentTrees(lineDiff)
        const treeOf = (path: string, language: string, text: string) => {
          const parser = parsers.get(language)
          return parser === undefined ? undefined : trees.parserOf(path, language, parser).parse(text)
        }
        const input = { settings, repository: opened.name, contents }
        const bench = { input, nextEdits, dialect, treeOf, secrets: new Map(), project: null, asked: new Set<string>() }
        found.push(...minePart({ ...bench, judgeLicence: () => ({ _tag: "unknown" }), ledger: {} }, part).mined)
        trees.release()
      }
    }
    return found.slice(0, replayed)
  })).pipe(
    Effect.provide(
      Layer.mergeAll(SimpleGit.layer, FileReader.layer({ cache: null }), TreeSitterParser.layer).pipe(
        Layer.provideMerge(Layer.merge(NodeFileSystem.layer, NodePath.layer))
      )
    )
  )

const printReplay = async (repository: string, dialect: Dialect) => {
  const found = await Effect.runPromise(mined(repository, dialect))
  const prompts = await promptsOf(dialect, found.map(({ edit }) => playedAs(edit.example)))
  const same = found.filter(({ edit: { rendered: { prompt, system } } }, place) =>
    prompts[place] === (system === null ? prompt : renderChatMl({ system, user: prompt }))
  )
  console.info(
    `${basename(repository)} ${dialect.name}: of ${found.length} moments the server asks ${same.length} byte for byte`
  )
  for (const [place, { edit: { example, kind } }] of found.entries()) {
    if (same.some(({ edit }) => edit.example === example)) continue
    console.info(`  not ${kind} in ${example.file.path}: ${prompts[place] === undefined ? "nothing" : "other words"}`)
  }
}

if (formats.length === 0) {
  console.error(`Cannot find the format: pass one of ${dialects.map(({ name }) => name).join(", ")}`)
}
for (const repository of repositories) {
  const { rows, seconds } = await generate(repository, "ZED")
  console.info(`${basename(repository)} ZED: ${rows.length} rows in ${seconds.toFixed(2)} s`)
  for (const dialect of formats) await printRun(repository, dialect, seconds)
  if (replayed > 0) { for (const dialect of formats) await printReplay(repository, dialect) }
}
