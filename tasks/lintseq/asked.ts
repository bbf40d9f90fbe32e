/** All that lintseq can be asked. */
import { editFormats } from "../../services/edits/edit-format.ts"
import { languageSpelled } from "../../services/text/language.ts"
import { declare, toggle } from "../shared/asked/asked.ts"
import {
  commits,
  concurrency,
  maxFiles,
  maxNesting,
  outputFormat,
  overwrite,
  quiet,
  rejectedFile,
  resume,
  seed
} from "../shared/asked/common.ts"
import { file, folder, type Kind, number, oneOf, text, whole } from "../shared/asked/kinds.ts"
import { machinesOf } from "../shared/asked/machines.ts"
import { algorithms, linterNames } from "./settings.ts"
import { shapedLanguages } from "./structure/language-shapes.ts"

/** The name of a field, or null for no field, which is typed as None. */
const fieldOrNone: Kind<string | null> = {
  ...text("FIELD"),
  takes: "the name of a field, or None",
  read: (typed) => (typed === "None" ? null : typed),
  is: (value): value is string | null => value === null || typeof value === "string",
  show: (value) => (value === null ? "None" : String(value))
}

export const asked = declare({
  task: "lintseq",
  summary: "programs to sequences of edits that build them, each state clean under a linter",
  sentence: "Turn programs into sequences of edits, each of which leaves a state that a linter finds clean.",
  examples: [
    "--input programs.jsonl --output edits.jsonl",
    "--repo . --preview 1",
    "-p programs.jsonl -d out -s 5 -c 8 --seed 1",
    "--repo . --from-history -o edits.jsonl"
  ],
  questions: {
    input: {
      kind: { ...file(), takes: "a path of JSON Lines, or - for standard input" },
      heading: "Input",
      alias: "p",
      originals: ["--name_or_path"],
      help: "JSON Lines, a program a row; - is standard input",
      isRecorded: false
    },
    directory: {
      kind: folder(),
      heading: "Input",
      help: "A folder instead: each source file is a program",
      isRecorded: false
    },
    repository: {
      kind: { ...text("REPOSITORY"), completes: "folders" as const },
      heading: "Input",
      flag: "repo",
      alias: "r",
      help: "A repository instead, as path or URL",
      more: "Each source file of --rev is a program.",
      isRecorded: false
    },
    rev: { ...commits.rev, help: "Revision of --repo" },
    fromHistory: toggle({
      heading: "Input",
      help: "With --repo: use the edits of its commits",
      more: "The commits of each file are taken as coarse edits; what each of them adds is drawn into finer ones."
    }),
    maxCommits: { ...commits.maxCommits, help: "With --from-history: newest commits to read" },
    historyUnit: {
      kind: oneOf(["file", "function"]),
      heading: "Input",
      help: "With --from-history: what becomes a row",
      more: "A row for each file, or one for each function and class at its top.",
      default: "file"
    },
    promptField: {
      kind: fieldOrNone,
      heading: "Input",
      originals: ["--prompt_data_field"],
      help: "Field with the task of a program, or None",
      default: "instruction"
    },
    codeField: {
      kind: text("FIELD"),
      heading: "Input",
      originals: ["--code_data_field"],
      help: "Field with the program",
      more: "The program may stand between Markdown fences.",
      default: "response"
    },
    replaceSurrogates: toggle({
      heading: "Input",
      help: "Write U+FFFD for halves of surrogate pairs",
      more:
        "Rows that hold one, such as \\ud83d alone, are left out otherwise: loaders of datasets refuse whole files for one."
    }),
    language: {
      kind: oneOf(shapedLanguages, {
        placeholder: "NAME",
        spelled: languageSpelled,
        summary: shapedLanguages.join(", ")
      }),
      heading: "Input",
      help: "Language of the programs",
      more: `One of ${shapedLanguages.join(", ")}.`,
      otherwise: "by file name or row, else python"
    },
    maxNesting: { ...maxNesting, help: "Leave out programs nested deeper" },
    maxFiles,
    samples: {
      kind: whole({ from: 1 }),
      heading: "Input",
      alias: "n",
      originals: ["--num_samples"],
      help: "Only N rows of the input, drawn at random",
      isRecorded: false
    },
    pathsPerProgram: {
      kind: whole({ from: 1 }),
      heading: "Rows",
      alias: "s",
      originals: ["--num_edit_paths_per_sample"],
      help: "Paths to draw for each program",
      default: 1
    },
    seed: { ...seed, default: 1 },
    algorithm: {
      kind: oneOf(algorithms),
      heading: "Rows",
      help: "Draw pieces of syntax, or lines as the paper does",
      default: "structure"
    },
    linter: {
      kind: oneOf(linterNames, { placeholder: "NAME" }),
      heading: "Rows",
      help: `What checks each state: ${linterNames.join(", ")}`,
      more:
        "auto is ruff for Python (pylint with --algorithm pylintseq), oxc for JavaScript and TypeScript, else the parser.",
      default: "auto"
    },
    randomBaseline: toggle({
      heading: "Rows",
      help: "The ablation: random lines, no linter",
      more: "It draws as many edits of the same sizes."
    }),
    maxEdits: {
      kind: whole({ from: 1 }),
      heading: "Rows",
      help: "Most edits of a path; the first has the rest",
      default: 512
    },
    timeLimitSeconds: {
      kind: number({ above: 0 }, "SECONDS"),
      heading: "Rows",
      flag: "time-limit",
      help: "Leave out a program that takes longer",
      isRecorded: false,
      default: 20
    },
    format: {
      kind: oneOf([...editFormats, "prompt-completion"], { placeholder: "FORMAT" }),
      heading: "Formats",
      help: `How edits are written: ${editFormats.join(", ")}, or prompt-completion`,
      default: "udiff"
    },
    editFormat: {
      kind: oneOf(editFormats, { placeholder: "FORMAT" }),
      heading: "Formats",
      help: "With prompt-completion: how its edits are written",
      default: "udiff"
    },
    states: {
      kind: oneOf(["first", "each"]),
      heading: "Formats",
      help: "With prompt-completion: a row a path, or a state",
      more: "first starts from the empty file only; each starts from every state of the path in turn.",
      default: "first"
    },
    output: {
      kind: file(),
      heading: "Output",
      alias: "o",
      help: "File for the rows; - is standard output"
    },
    destDir: {
      kind: folder(),
      heading: "Output",
      alias: "d",
      originals: ["--dest_dir"],
      help: "Without --output: folder of the file",
      more: "The file is named <input>_<programs>_<paths>_<seed>_vec.jsonl, as the original names it.",
      default: ".",
      onlyTyped: true
    },
    ...outputFormat,
    rejected: rejectedFile,
    preview: {
      kind: whole({ from: 1 }),
      heading: "Output",
      help: "Show N programs growing and write nothing",
      onlyTyped: true
    },
    resume,
    overwrite,
    ...machinesOf(["survey", "mine", "merge"], "programs"),
    concurrency: { ...concurrency, originals: ["--num_workers", "-c"] },
    quiet
  }
})
