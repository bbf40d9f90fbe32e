/** The flags of lintseq: names, aliases, defaults and help. */
import * as Options from "@effect/cli/Options"
import { editFormats } from "../../services/edits/edit-format.ts"
import { algorithms, linterNames } from "./settings.ts"
import { shapedLanguages } from "./structure/language-shapes.ts"

const optionalText = (name: string) => Options.optional(Options.text(name))

export const lintseqOptions = {
  input: optionalText("input").pipe(
    Options.withAlias("p"),
    Options.withDescription("JSON Lines with one program a row; - reads standard input")
  ),
  directory: optionalText("directory").pipe(
    Options.withDescription("A folder instead: each source file in it is one program")
  ),
  repo: optionalText("repo").pipe(
    Options.withAlias("r"),
    Options.withDescription("A git repository instead, as path or URL: each source file of --rev is one program")
  ),
  rev: Options.text("rev").pipe(
    Options.withDefault("HEAD"),
    Options.withDescription("Revision of --repo (default: HEAD)")
  ),
  fromHistory: Options.boolean("from-history").pipe(
    Options.withDescription(
      "With --repo: the commits of each file as coarse edits, what they add drawn into finer ones"
    )
  ),
  maxCommits: Options.integer("max-commits").pipe(
    Options.withDefault(1000),
    Options.withDescription("With --from-history: the newest N commits that are no merges (default: 1000)")
  ),
  historyUnit: Options.choice("history-unit", ["file", "function"]).pipe(
    Options.withDefault("file"),
    Options.withDescription("With --from-history: a row for each file, or for each function and class at its top")
  ),
  output: optionalText("output").pipe(
    Options.withAlias("o"),
    Options.withDescription("File for the rows; - writes them to standard output")
  ),
  destDir: Options.text("dest-dir").pipe(
    Options.withAlias("d"),
    Options.withDefault("."),
    Options.withDescription(
      "Without --output: folder for <input>_<programs>_<paths>_<seed>_vec.jsonl (default: the current one)"
    )
  ),
  promptField: Options.text("prompt-field").pipe(
    Options.withDefault("instruction"),
    Options.withDescription("Field of the task that a program solves; None for none (default: instruction)")
  ),
  codeField: Options.text("code-field").pipe(
    Options.withDefault("response"),
    Options.withDescription("Field of the program, which may stand between Markdown fences (default: response)")
  ),
  language: optionalText("language").pipe(
    Options.withDescription(
      `Language of the programs: ${shapedLanguages.join(", ")} (default: by file name or row, else python)`
    )
  ),
  paths: Options.integer("paths-per-program").pipe(
    Options.withAlias("s"),
    Options.withDefault(1),
    Options.withDescription("Paths to draw for each program (default: 1)")
  ),
  samples: Options.optional(Options.integer("samples")).pipe(
    Options.withAlias("n"),
    Options.withDescription("Only so many rows of the input, drawn at random")
  ),
  seed: Options.integer("seed").pipe(
    Options.withDefault(1),
    Options.withDescription("Decides every choice (default: 1)")
  ),
  algorithm: Options.choice("algorithm", algorithms).pipe(
    Options.withDefault("structure"),
    Options.withDescription("structure: pieces of syntax; pylintseq: lines, as the paper does (default: structure)")
  ),
  linter: Options.choice("linter", linterNames).pipe(
    Options.withDefault("auto"),
    Options.withDescription(
      "auto: ruff for Python (pylint with --algorithm pylintseq), oxc for JavaScript and TypeScript, else the parser"
    )
  ),
  randomBaseline: Options.boolean("random-baseline").pipe(
    Options.withDescription("The ablation without a linter: as many edits of the same sizes, of random lines")
  ),
  format: Options.choice("format", [...editFormats, "prompt-completion"]).pipe(
    Options.withDefault("udiff"),
    Options.withDescription("How edits are written, or rows of prompt and completion (default: udiff)")
  ),
  editFormat: Options.choice("edit-format", editFormats).pipe(
    Options.withDefault("udiff"),
    Options.withDescription("With --format prompt-completion: how its edits are written (default: udiff)")
  ),
  states: Options.choice("states", ["first", "each"]).pipe(
    Options.withDefault("first"),
    Options.withDescription("With --format prompt-completion: one row from nothing, or one from each state")
  ),
  maxEdits: Options.integer("max-edits").pipe(
    Options.withDefault(512),
    Options.withDescription("Edits of a path at the most; the first one takes the rest (default: 512)")
  ),
  timeLimit: Options.float("time-limit").pipe(
    Options.withDefault(20),
    Options.withDescription("Seconds for one program; one that takes longer is left out (default: 20)")
  ),
  preview: Options.optional(Options.integer("preview")).pipe(
    Options.withDescription("Show N programs growing, edit by edit, and write nothing")
  ),
  rejected: optionalText("rejected").pipe(
    Options.withDescription("Also write the rows that were left out, with their reasons, to this file")
  ),
  resume: Options.boolean("resume").pipe(Options.withDescription("Go on with the unfinished output")),
  overwrite: Options.boolean("overwrite").pipe(Options.withDescription("Replace the output"))
}

type Infer<A> = A extends Options.Options<infer B> ? B : never
/** What the command line gives once it is read. */
export type LintseqFlags = { readonly [K in keyof typeof lintseqOptions]: Infer<(typeof lintseqOptions)[K]> }
