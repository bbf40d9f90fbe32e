/** All that vim-loop can be asked. */
import { languageNamed, languageNames } from "../../services/text/language.ts"
import { declare, toggle } from "../shared/asked/asked.ts"
import {
  commits,
  concurrency,
  languagesOf,
  maxFiles,
  maxNesting,
  outputFormat,
  overwrite,
  quiet,
  repositories,
  resume,
  seed,
  split
} from "../shared/asked/common.ts"
import { file, folder, number, oneOf, text, whole } from "../shared/asked/kinds.ts"
import { machinesOf } from "../shared/asked/machines.ts"
import { sandboxAsked } from "../shared/asked/sandbox.ts"

/** What may propose keys. */
export const predictorNames = ["search", "chat", "replay"] as const

/** Languages whose edits can be cut along their syntax. */
const cuttable = languageNames.filter((name) => languageNamed(name)?.hasGrammar === true)

export const asked = declare({
  task: "vim-loop",
  summary: "edits of a history to verified keystrokes, round by round, by search or by a model",
  sentence: "Build a dataset of verified Vim keystrokes for the edits of a history, round by round.",
  examples: [
    "--repo .",
    "--repo . --predictor chat --endpoint http://127.0.0.1:8000/v1 --model qwen3",
    "--pairs pairs.jsonl",
    "--repo . --list-edits"
  ],
  questions: {
    repositories: { ...repositories, default: [] },
    pairs: {
      kind: { ...file(), takes: "a path of JSON Lines, or - for standard input" },
      heading: "Input",
      help: "Instead of --repo: JSON Lines with source and target",
      more: "- reads standard input.",
      isRecorded: false
    },
    ...commits,
    languages: {
      kind: languagesOf(cuttable),
      heading: "Input",
      flag: "language",
      help: "Only these languages, as in go,php",
      default: []
    },
    maxNesting,
    maxFiles,
    maxLines: {
      kind: whole({ from: 1 }),
      heading: "Rows",
      help: "Most changed lines of an edit",
      default: 50
    },
    maxChars: {
      kind: whole({ from: 1 }),
      heading: "Rows",
      help: "Most characters of each text of an edit",
      more: "Characters are UTF-16 units, as JavaScript counts them.",
      default: 8192
    },
    maxEdits: {
      kind: whole({ from: 1 }),
      heading: "Rows",
      help: "Most edits, drawn at random",
      otherwise: "all"
    },
    rounds: {
      kind: whole({ from: 1 }),
      heading: "Rows",
      help: "Most rounds",
      more: "Each asks for what is not solved yet.",
      default: 3
    },
    count: {
      kind: whole({ from: 1 }),
      heading: "Rows",
      help: "Candidates for one edit in one round",
      default: 8
    },
    nearMisses: {
      kind: whole({ from: 0 }),
      heading: "Rows",
      help: "Wrong keys to make for each solved edit",
      more: "They are made from right ones, where no predictor was wrong.",
      default: 2
    },
    split,
    seed,
    predictor: {
      kind: oneOf(predictorNames, { placeholder: "NAME" }),
      heading: "Model",
      help: "What proposes keys: search, chat or replay",
      more: "search is our own and needs no model; chat is a model server; replay is a file.",
      default: "search"
    },
    endpoint: {
      kind: { ...text("URL"), takes: "an http or https address" },
      heading: "Model",
      help: "With chat: the server, as in http://127.0.0.1:8000/v1",
      more: "Its key is read from the variable RETRACE_API_KEY.",
      isRecorded: false
    },
    model: {
      kind: text("NAME"),
      heading: "Model",
      help: "With chat: the model's name on the server"
    },
    temperature: {
      kind: number({ from: 0 }),
      heading: "Model",
      help: "With chat: the sampling temperature",
      default: 0.8
    },
    maxTokens: {
      kind: whole({ from: 1 }),
      heading: "Model",
      help: "With chat: most tokens of one answer",
      default: 1024
    },
    tokenBudget: {
      kind: whole({ from: 1 }),
      heading: "Model",
      help: "With chat: stop asking after so many tokens",
      otherwise: "no limit",
      isRecorded: false
    },
    requests: {
      kind: whole({ from: 1 }),
      heading: "Model",
      help: "With chat: requests at a time",
      default: 8,
      isRecorded: false
    },
    requestTimeoutSeconds: {
      kind: number({ above: 0 }, "SECONDS"),
      heading: "Model",
      flag: "request-timeout",
      help: "With chat: how long an answer may take",
      more: "With --stream it is the time that each piece may take.",
      default: 120,
      isRecorded: false
    },
    retries: {
      kind: whole({ from: 0 }),
      heading: "Model",
      help: "With chat: repeats after 429, 5xx or a timeout",
      default: 5,
      isRecorded: false
    },
    stream: toggle({
      heading: "Model",
      help: "With chat: stream the answers",
      more: "For servers behind impatient proxies.",
      isRecorded: false
    }),
    examples: {
      kind: whole({ from: 0 }),
      heading: "Model",
      help: "With chat: solved edits shown with a question",
      default: 4
    },
    examplesFrom: {
      kind: file(),
      heading: "Model",
      help: "With chat: solved edits for the first round",
      more: "Such as transforms.jsonl of an earlier run.",
      isRecorded: false
    },
    replay: {
      kind: file(),
      heading: "Model",
      help: "With replay: JSON Lines with candidates",
      more: "Rows have id, or source and target, and keys, transform or completion.",
      otherwise: "the pairs' own",
      isRecorded: false
    },
    output: {
      kind: folder(),
      heading: "Output",
      alias: "o",
      help: "Folder for the dataset",
      default: "./vim-dataset"
    },
    ...outputFormat,
    listEdits: toggle({
      heading: "Output",
      help: "Print the edits as JSON Lines, solve nothing",
      more: "Each comes with the messages that would ask a model for it.",
      onlyTyped: true
    }),
    resume: { ...resume, more: "Nothing is asked twice." },
    overwrite,
    ...sandboxAsked,
    ...machinesOf(["survey", "mine", "merge"], "edits"),
    concurrency,
    quiet
  }
})
