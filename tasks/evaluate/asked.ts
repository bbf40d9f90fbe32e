/** All that evaluate can be asked. */
import { exportForms } from "../../services/evaluation-sets/exports.ts"
import { presetSpelled } from "../../services/formats/model-names.ts"
import { presets } from "../../services/formats/presets.ts"
import { dialects } from "../../services/next-edit/dialects/all.ts"
import { type AnswersTo, declare, toggle } from "../shared/asked/asked.ts"
import { quiet, seed } from "../shared/asked/common.ts"
import { serverPatience } from "../shared/asked/completer.ts"
import { sandboxAsked } from "../shared/asked/sandbox.ts"
import { instant } from "../shared/asked/instant.ts"
import { file, folder, number, oneOf, repeated, text, whole } from "../shared/asked/kinds.ts"
import { leastMean } from "./floor.ts"
import { modelNamed } from "./model-spec.ts"
import { risingMeasureNames } from "./measures.ts"

/** The models' ways to be shown a gap, and an edit. */
const layoutNames = [...presets.keys(), ...dialects.map(({ name }) => name)]

/** The options of Vim are told by the rows. */
const { vimOptions: _, ...sandbox } = sandboxAsked

const keystrokesAsked = {
  ...sandbox,
  sandbox: {
    ...sandbox.sandbox,
    kind: oneOf(["auto", "bubblewrap", "docker"], { placeholder: "NAME" }),
    help: "For keystrokes: bubblewrap or docker",
    more: "auto is bubblewrap. A model chooses the keys, so Vim's restricted mode is not enough."
  }
} as const

export const asked = declare({
  task: "evaluate",
  summary: "whether a model is better on held-out rows than another one, and how sure that is",
  sentence: "Ask one or two models held-out rows once, with the bytes of training, and say which one is better.",
  examples: [
    "dataset --model llama.cpp=http://127.0.0.1:8080 --against llama.cpp=http://127.0.0.1:8081",
    "dataset/val_sft.jsonl --model baseline:similar-line --against baseline:suffix-echo",
    "dataset --model vllm=http://127.0.0.1:8000#tuned --min exact=0.3"
  ],
  questions: {
    rows: {
      kind: repeated({ ...text("ROWS"), completes: "files" as const, takes: "a folder or a file of rows" }),
      heading: "Input",
      argument: "only",
      help: "Held-out rows: files, or folders of a dataset",
      more: "Of a folder the files that are held out are asked; a file that is named is asked whatever its name is.",
      required: "Cannot evaluate on nothing: pass held-out rows, such as dataset/val_sft.jsonl"
    },
    layout: {
      kind: oneOf(layoutNames, {
        placeholder: "NAME",
        spelled: presetSpelled,
        summary: "a model that is listed under --help models, or a dialect of next edits"
      }),
      heading: "Input",
      help: "The model's layout, for rows of public sets",
      more: "Rows of ours have the layout that they were written in.",
      otherwise: "gaps are asked by prefix and suffix"
    },
    train: {
      kind: repeated({ ...text("ROWS"), completes: "files" as const, takes: "a folder or a file of rows" }),
      heading: "Input",
      help: "Rows that the model was trained on",
      more:
        "Held-out rows that ask or answer what stands there are a slice of their own. Files to train on in a folder that is evaluated are looked at without it.",
      default: []
    },
    cutoff: {
      kind: instant("00:00:00"),
      heading: "Input",
      help: "When the training of the model ended",
      more: "Rows of older and of younger commits are slices of their own."
    },
    limit: {
      kind: whole({ from: 1 }),
      heading: "Input",
      help: "Most rows, drawn at random",
      otherwise: "all"
    },
    model: {
      kind: modelNamed,
      heading: "Model",
      help: "The model that is judged",
      more: `It takes ${modelNamed.takes}. The key of a server is read from the variable RETRACE_API_KEY.`,
      otherwise: "required without --export"
    },
    against: {
      kind: modelNamed,
      heading: "Model",
      help: "A model to compare it with"
    },
    asGaps: toggle({
      heading: "Model",
      help: "Ask gaps in the server's own layout",
      more: "As an editor does, by prefix and suffix; without it, prompts have the bytes of training."
    }),
    maxTokens: {
      kind: whole({ from: 1 }),
      heading: "Model",
      help: "Most tokens of one answer",
      more: "A chat, which says other things too, has 512 tokens beside twice the right answer.",
      otherwise: "twice the right answer and 32"
    },
    temperature: {
      kind: number({ from: 0 }),
      heading: "Model",
      help: "The sampling temperature",
      default: 0
    },
    likelihood: toggle({
      heading: "Model",
      help: "Also ask how likely the right answers are",
      more: "vLLM, TGI and llama.cpp can say; llama.cpp takes a request a token."
    }),
    again: toggle({
      heading: "Model",
      help: "Ask the model twice, to see what chance does"
    }),
    ...serverPatience,
    headline: {
      kind: oneOf(risingMeasureNames, { placeholder: "MEASURE" }),
      heading: "Quality",
      help: "The measure that the verdict goes by",
      more: `Choose it before you look. One of ${risingMeasureNames.join(", ")}.`,
      default: "exact"
    },
    min: {
      kind: repeated(leastMean),
      heading: "Quality",
      help: "Exit with code 2 below it, as in exact=0.3",
      default: []
    },
    noWorseThan: {
      kind: file(),
      heading: "Quality",
      help: "Exit with code 2 if worse than in a results.json",
      more:
        "The models that are judged are compared on the rows of both, as verdicts are made: what may be chance is no fault."
    },
    seed: { ...seed, more: "It decides which rows are drawn, and is sent to the server." },
    output: {
      kind: folder(),
      heading: "Output",
      alias: "o",
      help: "Folder for the page, results and answers",
      more: "What was answered there before is not asked again.",
      default: "./evaluation"
    },
    export: {
      kind: oneOf(exportForms.map(({ name }) => name), { placeholder: "FORM" }),
      heading: "Output",
      help: "Ask no model: write the rows as another set",
      more: `One of ${exportForms.map(({ name }) => name).join(", ")}.`
    },
    samples: {
      kind: whole({ from: 0 }),
      heading: "Output",
      help: "Regressions and gains to show, of each",
      default: 20
    },
    ...keystrokesAsked,
    quiet
  }
})

export type EvaluateAnswers = AnswersTo<typeof asked>
