/** What the command does: a repository out of nothing, every task on it, and the viewer at the end. */
import * as Command from "@effect/platform/Command"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as NodeCommandExecutor from "@effect/platform-node/NodeCommandExecutor"
import { fileURLToPath } from "node:url"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { AnswersTo } from "../shared/asked/asked.ts"
import { calledAs } from "../shared/called-as.ts"
import { Screen } from "../shared/terminal.ts"
import { Tool } from "../shared/tool.ts"
import type { asked } from "./asked.ts"
import { orCannotWrite } from "../shared/whole-file.ts"
import { DemoFolderTaken, StepFailed } from "./problems.ts"
import { story } from "./story.ts"

/** The first commit; each one after it comes an hour later. */
const began = Date.UTC(2024, 0, 8, 9)
const author = { name: "Ada", email: "ada@example.org" }

export const handle = (answers: AnswersTo<typeof asked>) =>
  Effect.gen(function*() {
    const path = yield* Path.Path
    const screen = yield* Screen
    const folder = path.resolve(answers.output)
    const started = yield* Clock.currentTimeMillis
    yield* buildRepository(folder, path.join(folder, "shop"))
    for (const step of stepsIn(folder)) yield* runStep(step)
    const seconds = Math.round(((yield* Clock.currentTimeMillis) - started) / 1000)
    yield* screen.note(
      `\nAll of it took ${seconds} s and lies in ${folder}; the pages are vim/report.html and evaluation/evaluate.html.\n`
    )
    const look = ["view", "-d", path.join(folder, "vim")]
    if (answers.view && screen.isInteractive) return yield* runStep({ title: "", args: look, isShown: true })
    return yield* screen.note(`Look at it with: ${calledAs} ${look.join(" ")}\n`)
  }).pipe(Effect.provide(NodeCommandExecutor.layer))

interface Step {
  /** What it shows. */
  readonly title: string
  readonly args: ReadonlyArray<string>
  /** A file of transforms, whose best one is shown. */
  readonly bestOf?: string
  /** Whether it has the terminal for itself. */
  readonly isShown?: boolean
  /** What it is sent on standard input. */
  readonly input?: string
}

const stepsIn = (folder: string): ReadonlyArray<Step> => {
  const repository = `${folder}/shop`
  const context = [
    { jsonrpc: "2.0", id: 1, method: "initialize", params: { project_root: repository, bm25: true } },
    {
      jsonrpc: "2.0",
      id: 2,
      method: "getContext",
      params: {
        filepath: `${repository}/new.py`,
        content: "from shop.basket import Basket\n\nBasket().",
        cursor_offset: 41
      }
    },
    { jsonrpc: "2.0", id: 3, method: "shutdown" }
  ]
  return [
    {
      title: "Its history becomes preference data",
      args: ["generate", "--repo", repository, "-o", `${folder}/kto`, "--dataset-type", "both", "--split", "0.6", "-q"]
    },
    { title: "One of those rows", args: ["view", `${folder}/kto/train_dpo.jsonl`, "--row", "1"] },
    {
      title: "Its files become sequences of edits that a linter finds clean",
      args: ["lintseq", "--repo", repository, "-o", `${folder}/edits.jsonl`, "-q"]
    },
    { title: "One of those paths, at its last edit", args: ["view", `${folder}/edits.jsonl`, "--row", "1"] },
    {
      title: "What an editor is told of the project at a cursor",
      args: ["serve-context", "--no-cache", "--no-watch"],
      input: context.map((message) => `${JSON.stringify(message)}\n`).join("")
    },
    {
      title: "Keystrokes in a Vim that can touch nothing else",
      args: ["keys", "--text", "hello world", "--keys", "wcwthere<Esc>"]
    },
    {
      title: "A recording of them",
      args: ["record", "--keys", "iHello, Vim!<Esc>", "--output", `${folder}/hello.cast`]
    },
    {
      title: "Keystrokes for each edit of its history, found and tried",
      args: ["vim-loop", "--repo", repository, "-o", `${folder}/vim`, "--split", "0.6"]
    },
    {
      title: "The best way that was found for one of those edits",
      args: ["view", `${folder}/vim/transforms.jsonl`],
      bestOf: `${folder}/vim/transforms.jsonl`
    },
    { title: "What is wrong with the preference data", args: ["report", `${folder}/kto`, "--score"] },
    { title: "A dataset card and a page of figures", args: ["report", `${folder}/vim`, "--title", "Demonstration"] },
    {
      title: "Its files as they are become gaps to fill",
      args: ["generate", "--repo", repository, "-o", `${folder}/gaps`, "--source", "tree", "--split", "0.4", "-q"]
    },
    {
      title: "Two baselines that need no model, on the gaps that were held out",
      args: [
        "evaluate",
        `${folder}/gaps`,
        "--model",
        "baseline:similar-line",
        "--against",
        "baseline:suffix-echo",
        "-o",
        `${folder}/evaluation`
      ]
    }
  ]
}

const decodeBest = Schema.decodeUnknownOption(Schema.parseJson(Schema.Struct({ rank: Schema.Literal(1) })))

/** The number of the first row that ranks first among the ways to do its edit: rows lie in no order. */
const bestRow = Effect.fnUntraced(function*(file: string) {
  const fs = yield* FileSystem.FileSystem
  const lines = (yield* Effect.orElseSucceed(fs.readFileString(file), () => "")).split("\n")
  return Math.max(0, lines.findIndex((line) => Option.isSome(decodeBest(line)))) + 1
})

const runStep = Effect.fnUntraced(function*({ bestOf, input, isShown, title, ...step }: Step) {
  const screen = yield* Screen
  const tool = yield* Tool
  const args = bestOf === undefined ? step.args : [...step.args, "--row", String(yield* bestRow(bestOf))]
  const told = `${calledAs} ${args.map((arg) => (/[\s<>]/.test(arg) ? `'${arg}'` : arg)).join(" ")}`
  if (title !== "") yield* screen.note(`\n── ${title}\n$ ${told}\n`)
  const main = fileURLToPath(new URL("./main.mjs", tool.workerEntry))
  const command = Command.make(process.execPath, main, ...args).pipe(
    Command.stdout("inherit"),
    Command.stderr("inherit"),
    input === undefined ? Command.stdin(isShown === true ? "inherit" : "pipe") : Command.feed(input)
  )
  const code = yield* Effect.orElseSucceed(Command.exitCode(command), () => 1)
  if (code !== 0) return yield* new StepFailed({ command: told, code })
  return undefined
})

/** Builds the repository commit by commit, at made-up times, so that it is the same wherever it is built. */
const buildRepository = Effect.fn("demo.repository")(function*(folder: string, repository: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const screen = yield* Screen
  const there = yield* Effect.orElseSucceed(fs.readDirectory(folder), (): ReadonlyArray<string> => [])
  if (there.length > 0) return yield* new DemoFolderTaken({ path: folder })
  yield* screen.note(`── A repository of ${story.length} commits\n`)
  const git = (args: ReadonlyArray<string>, date = "") =>
    Command.make("git", "-C", repository, ...args).pipe(
      Command.env({
        GIT_AUTHOR_NAME: author.name,
        GIT_AUTHOR_EMAIL: author.email,
        GIT_COMMITTER_NAME: author.name,
        GIT_COMMITTER_EMAIL: author.email,
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_DATE: date,
        GIT_CONFIG_GLOBAL: "/dev/null"
      }),
      Command.exitCode,
      Effect.orElseSucceed(() => 1),
      Effect.filterOrFail((code) => code === 0, (code) => new StepFailed({ command: `git ${args.join(" ")}`, code }))
    )
  yield* orCannotWrite(repository)(fs.makeDirectory(repository, { recursive: true }))
  yield* git(["init", "--quiet", "--initial-branch=main"])
  for (const [index, { files, subject }] of story.entries()) {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(repository, name)
      yield* orCannotWrite(file)(fs.makeDirectory(path.dirname(file), { recursive: true }))
      yield* orCannotWrite(file)(fs.writeFileString(file, text))
    }
    yield* git(["add", "--all"])
    yield* git(["commit", "--quiet", "-m", subject], new Date(began + index * 3_600_000).toISOString())
  }
  return undefined
})
