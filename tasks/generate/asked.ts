/** All that generate can be asked. */
import { formatNames } from "../../services/formats/format-name.ts"
import { presetSpelled } from "../../services/formats/model-names.ts"
import { presets } from "../../services/formats/presets.ts"
import { trainerNames } from "../../services/formats/trainers.ts"
import { dialects } from "../../services/next-edit/dialects/all.ts"
import { editKinds } from "../../services/next-edit/spots.ts"
import { datasetTypes } from "../../services/rows/shapes.ts"
import { defaultContextBudget } from "../../services/Index.ts"
import { languageNames } from "../../services/text/language.ts"
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
  rejectedFile,
  repos,
  repositories,
  resume,
  seed,
  split
} from "../shared/asked/common.ts"
import { instant } from "../shared/asked/instant.ts"
import { machinesOf } from "../shared/asked/machines.ts"
import { file, folder, listOf, mebibytes, number, oneOf, repeated, text, whole } from "../shared/asked/kinds.ts"
import { hygieneAsked } from "./hygiene/asked.ts"
import { shares, sharesNamed } from "./mix.ts"
import { usualWrongEdits, wrongEditKinds } from "./next-edits/wrong-edits.ts"
import {
  characterShares,
  usualBaseModel,
  usualNoContextShare,
  usualNoEditShare,
  usualTargets,
  usualTotalChars
} from "./settings.ts"

export const asked = declare({
  task: "generate",
  summary: "git history and source trees to fill-in-the-middle, SFT, KTO and DPO data",
  sentence: "Turn git history or source trees into fill-in-the-middle, SFT, KTO and DPO data.",
  examples: [
    "--repo . --output dataset",
    "--source tree --preview 3 src/",
    "https://github.com/pallets/flask --dataset-type both"
  ],
  questions: {
    repositories: {
      ...repositories,
      argument: "too",
      required: "Cannot start without a repository: pass its path or URL, as in --repo .",
      requiredUnless: "repos",
      default: [],
      more: "A folder inside a repository is read alone; with --source tree a folder without git will do."
    },
    repos,
    source: {
      kind: oneOf(["history", "tree"]),
      heading: "Input",
      help: "Commits, or a tree of files",
      more: "history reads what commits changed; tree reads the files of one revision.",
      default: "history"
    },
    ...commits,
    extensions: {
      kind: listOf({ ...text("LIST"), takes: "extensions such as .js" }, { inARow: /^\.\w+$/ }),
      heading: "Input",
      help: "Only these files, as in .js,.py",
      more: "Extensions may also follow one another, as in --extensions .js .py.",
      default: []
    },
    languages: {
      kind: languagesOf(languageNames),
      heading: "Input",
      flag: "language",
      help: "Only these languages, as in go,php",
      more: "Usual spellings such as golang or c++ are taken.",
      default: []
    },
    maxFileBytes: {
      kind: whole({ from: 1 }),
      heading: "Input",
      help: "Leave out larger files",
      default: 1024 * 1024
    },
    maxNesting,
    maxFiles,
    datasetType: {
      kind: listOf(oneOf([...datasetTypes, "both"], { placeholder: "LIST" })),
      heading: "Rows",
      help: `${datasetTypes.join(", ")}, or both for kto,dpo`,
      otherwise: "kto for history, fim for tree"
    },
    split,
    testAfter: {
      kind: instant("00:00:00"),
      heading: "Rows",
      help: "Hold out commits from this day on (UTC)",
      more:
        "Instead of a share. A group that was changed on both sides is cut there, and a right answer that is to be " +
        "trained on as well, between the same lines, is not held out."
    },
    testAfterCommit: {
      kind: text("REV"),
      heading: "Rows",
      help: "Hold out what is not in the history of REV"
    },
    group: {
      kind: oneOf(["file", "repo"]),
      heading: "Rows",
      help: "What the split keeps whole",
      more: "A file stays together with its renames and its twins.",
      default: "file"
    },
    maxMiddleLines: {
      kind: whole({ from: 1 }),
      heading: "Rows",
      help: "Longest middle, in lines",
      default: 30
    },
    maxTotalChars: {
      kind: whole({ from: 64 }),
      heading: "Rows",
      help: "Longest row, in characters",
      more:
        "Characters are UTF-16 units, as JavaScript counts them. Rows of next edits are as long as their format allows, where nobody says how long.",
      otherwise: String(usualTotalChars)
    },
    maxTokens: {
      kind: whole({ from: 16 }),
      heading: "Rows",
      help: "Longest row, in tokens of --tokenizer"
    },
    tokenizer: {
      kind: file(),
      heading: "Rows",
      help: "A local tokenizer.json, for --max-tokens"
    },
    characterShare: {
      kind: number({ from: 0, to: 1 }, "SHARE"),
      heading: "Rows",
      help: "Share of random spans",
      more: "They start and end anywhere, unlike the cuts along the syntax.",
      otherwise: `${characterShares.history}; tree ${characterShares.tree}`
    },
    seed,
    format: {
      kind: oneOf([...formatNames, ...dialects.map(({ name }) => name)], { placeholder: "NAME" }),
      heading: "Formats",
      help: "How rows are written",
      more:
        `PSM, SPM (the model's own variant), SPM1, SPM2, ZED or MIXED. Without it, ZED for histories, and the model's own for trees and with --base-model. Next edits of whole commits: ${
          dialects.map(({ name }) => name).join(", ")
        }.`,
      otherwise: "ZED, or the model's own"
    },
    editTargets: {
      kind: sharesNamed(editKinds),
      heading: "Next edits",
      help: "Where the next edit lies, as in near=2,far=1",
      more:
        `Shares of same-line (the line is half typed), near (30 lines at the most), far and other-file. Without it, ${
          sharesNamed(editKinds).show(usualTargets)
        }.`
    },
    noEditShare: {
      kind: number({ from: 0, to: 0.9 }, "SHARE"),
      heading: "Next edits",
      help: "Share of rows without an edit",
      more: "Nothing is left to do there, and the answer says so.",
      otherwise: String(usualNoEditShare)
    },
    editHistory: {
      kind: whole({ from: 0, to: 100 }),
      heading: "Next edits",
      help: "Earlier commits remembered",
      more: "Those of the same author within eight hours before.",
      otherwise: "0"
    },
    wrongEdits: {
      kind: sharesNamed(wrongEditKinds),
      heading: "Next edits",
      help: "Shares of mistakes, as in undo=1,stale=1",
      more:
        `Negatives take back what the user did (undo), do more than is due (over-edit) or the right thing in the wrong place (wrong-place), edit where nothing is due or do nothing where something is, or answer an earlier state (stale). Without it, ${
          sharesNamed(wrongEditKinds).show(usualWrongEdits)
        }.`
    },
    mix: {
      kind: shares,
      heading: "Formats",
      help: "Shares of MIXED, as in PSM=0.5,SPM=0.5"
    },
    baseModel: {
      kind: oneOf([...presets.keys()], {
        placeholder: "MODEL",
        spelled: presetSpelled,
        summary: "a model that is listed under --help models"
      }),
      heading: "Formats",
      help: "See --help models",
      more:
        "Qwen, StarCoder, DeepSeek and others: it decides whose tokens are written. Names of the Hugging Face Hub, such as Qwen/Qwen2.5-Coder-7B, are taken.",
      otherwise: usualBaseModel
    },
    trainer: {
      kind: oneOf(trainerNames, { placeholder: "NAME" }),
      heading: "Formats",
      help: "trl, axolotl or llama-factory",
      default: "trl"
    },
    crossFileContext: toggle({
      heading: "Context",
      help: "Show signatures from other files",
      more: "They come from what a row's file imports, inherits and mentions."
    }),
    bm25Context: toggle({
      heading: "Context",
      help: "Show similar code from other files"
    }),
    includePaths: {
      kind: repeated(folder()),
      heading: "Context",
      flag: "include-path",
      help: "Take context from this folder too",
      default: []
    },
    contextChars: {
      kind: whole({ from: 100 }),
      heading: "Context",
      help: "Longest context, in characters",
      otherwise: String(defaultContextBudget)
    },
    noContextShare: {
      kind: number({ from: 0, below: 1 }, "SHARE"),
      heading: "Context",
      help: "Share of rows without any",
      more: "A model that always saw context does not work where there is none.",
      otherwise: String(usualNoContextShare)
    },
    qualityFilter: toggle({
      heading: "Quality",
      help: "Keep generated and minified code",
      more:
        "Without it, generated, vendored, minified and repetitive code is left out, and so are middles that are only a licence, a comment or boilerplate.",
      default: true
    }),
    maxRepeats: {
      kind: whole({ from: 1 }),
      heading: "Quality",
      help: "Most rows with the same answer",
      more:
        "In train and test together. White space makes no other answer; of KTO, the wrong rows of a place go with its right one.",
      default: 5
    },
    testedOnly: toggle({
      heading: "Quality",
      help: "Only files that have a test file"
    }),
    curriculum: toggle({
      heading: "Quality",
      help: "Sort rows by complexity, hardest first"
    }),
    curriculumTopPercent: {
      kind: number({ above: 0, to: 100 }),
      heading: "Quality",
      flag: "curriculum-top-pct",
      help: "Keep only the hardest N percent of rows",
      more: "It implies --curriculum."
    },
    ...hygieneAsked,
    nearDuplicates: toggle({
      heading: "Publish",
      help: "Leave out rows that are nearly alike",
      more:
        "Of rows whose right answers, with ten lines on each side, have about 70 % or more of their words in common, one stays, in train and test together: a held-out one if there is any. Of KTO, the wrong rows of a place go with its right one.",
      default: true
    }),
    output: {
      kind: folder(),
      heading: "Output",
      alias: "o",
      help: "Folder for the dataset",
      default: "./dataset"
    },
    ...outputFormat,
    rejected: rejectedFile,
    preview: {
      kind: whole({ from: 1 }),
      heading: "Output",
      help: "Print N examples and write nothing",
      onlyTyped: true
    },
    resume,
    overwrite,
    ...machinesOf(["survey", "join", "mine", "merge"], "changes or files"),
    concurrency,
    bufferBytes: {
      kind: mebibytes({ from: 1 }),
      heading: "Run",
      flag: "buffer-mb",
      help: "Memory for rows in flight",
      more: "On the command line in mebibytes, in the library in bytes.",
      default: 16 * 1024 * 1024
    },
    quiet
  }
})
