/**
 * The fill-in-the-middle tokens of the models that we write for, as published with each model.
 * A layout is the training string, cut at its slots; the prompt is everything before the slot M, which comes last.
 */

/** The parts of an example: prefix, suffix and middle, and the path and language for models that want them. */
export type Slot = "P" | "S" | "M" | "path" | "language"

/** A piece of a layout: text of the model's own, or the place of a part of the example. */
export type Piece = string | { readonly slot: Slot }

/** A training string without its end token. */
export type Layout = ReadonlyArray<Piece>

/**
 * In which order the parts stand. PSM: prefix, suffix, middle. SPM1: suffix, prefix, middle, each behind its marker.
 * SPM2: what models trained on PSM also saw, with the middle straight behind the prefix (Bavarian et al. 2022, section
 * 3).
 */
export type Order = "PSM" | "SPM1" | "SPM2"

/** What there is to know of a model's way to fill in the middle. */
export interface Preset {
  readonly name: string
  readonly layouts: Readonly<Partial<Record<Order, Layout>>>
  /** The order that is used when the user names none. */
  readonly native: Order
  /** What "SPM" means for this model. */
  readonly spm: Order
  /** Whether the vendor of the model describes SPM2. */
  readonly documentsSpm2: boolean
  /** What ends the middle in training text. */
  readonly end: string
  /** The part of `end` that a tokenizer's own end token does not cover, so that rows must carry it. */
  readonly carriedEnd: string
  /** Strings that are control tokens of this model; a source that holds one is not used for training. */
  readonly controls: ReadonlyArray<string>
  /** How the model was shown other files of a repository; null where its vendor does not say. */
  readonly context: ContextLayout | null
  /** The dialect of next edits that the model was tuned on, by its name; null for a model that fills in the middle. */
  readonly nextEdit: string | null
}

interface Around {
  readonly before: string
  readonly after: string
}

/** How a model is shown other files of a repository. */
export interface ContextLayout {
  /** Around the name of the repository, before all files; null where the name is left out. */
  readonly start: Around | null
  /** Around the path of each other file. */
  readonly file: Around
  /**
   * Around the path of the file at hand, which stands before the prompt, at the head of the prefix, there together with
   * all other files, or where the model's own layout puts it.
   */
  readonly current: Around & { readonly place: "prompt" | "prefix" | "all in prefix" | "layout" }
}

const P = { slot: "P" } as const
const S = { slot: "S" } as const
const M = { slot: "M" } as const

interface Markers {
  readonly prefix: string
  readonly suffix: string
  readonly middle: string
}

/**
 * Returns the layouts of a model that has the usual three markers: PSM, and the two orders that start with the suffix.
 */
const markerLayouts = ({ middle, prefix, suffix }: Markers): Readonly<Record<Order, Layout>> => ({
  PSM: [prefix, P, suffix, S, middle, M],
  SPM1: [suffix, S, prefix, P, middle, M],
  SPM2: [prefix, suffix, S, middle, P, M]
})

interface MarkerPreset extends Markers {
  readonly name: string
  readonly end: string
  readonly carriedEnd?: string
  readonly documentsSpm2?: boolean
  readonly others?: ReadonlyArray<string>
  readonly context?: ContextLayout
}

const withMarkers = (preset: MarkerPreset): Preset => ({
  name: preset.name,
  layouts: markerLayouts(preset),
  native: "PSM",
  spm: preset.documentsSpm2 === true ? "SPM2" : "SPM1",
  documentsSpm2: preset.documentsSpm2 === true,
  end: preset.end,
  carriedEnd: preset.carriedEnd ?? "",
  controls: [preset.prefix, preset.suffix, preset.middle, preset.end.trim(), ...preset.others ?? []],
  context: preset.context ?? null,
  nextEdit: null
})

/** Qwen2.5-Coder technical report, section 3.2: repository-level fill-in-the-middle. */
const qwenFiles: ContextLayout = {
  start: { before: "<|repo_name|>", after: "\n" },
  file: { before: "<|file_sep|>", after: "\n" },
  current: { before: "<|file_sep|>", after: "\n", place: "prompt" }
}

/** StarCoder2 paper, section 5.1: the path of the file at hand comes after the prefix token. */
const starcoder2Files: ContextLayout = {
  start: { before: "<repo_name>", after: "" },
  file: { before: "<file_sep>", after: "\n" },
  current: { before: "<file_sep>", after: "\n", place: "prefix" }
}

const qwen = (name: string) =>
  withMarkers({
    name,
    prefix: "<|fim_prefix|>",
    suffix: "<|fim_suffix|>",
    middle: "<|fim_middle|>",
    end: "<|endoftext|>",
    others: ["<|fim_pad|>", "<|repo_name|>", "<|file_sep|>", "<|im_start|>", "<|im_end|>"],
    context: qwenFiles
  })

const starcoder = (
  name: string,
  end: string,
  others: ReadonlyArray<string>,
  more: Pick<MarkerPreset, "documentsSpm2" | "context"> = {}
) =>
  withMarkers({
    name,
    prefix: "<fim_prefix>",
    suffix: "<fim_suffix>",
    middle: "<fim_middle>",
    end,
    others: ["<fim_pad>", ...others],
    ...more
  })

const deepseek = (name: string) =>
  withMarkers({
    name,
    prefix: "<\uff5cfim\u2581begin\uff5c>",
    suffix: "<\uff5cfim\u2581hole\uff5c>",
    middle: "<\uff5cfim\u2581end\uff5c>",
    end: "<\uff5cend\u2581of\u2581sentence\uff5c>",
    others: ["<\uff5cbegin\u2581of\u2581sentence\uff5c>"]
  })

const codellama: Preset = {
  name: "codellama",
  layouts: {
    PSM: ["<PRE> ", P, " <SUF>", S, " <MID>", M],
    SPM1: ["<SUF>", S, " <PRE> ", P, " <MID>", M],
    SPM2: ["<PRE> <SUF>", S, " <MID> ", P, M]
  },
  native: "PSM",
  spm: "SPM2",
  documentsSpm2: true,
  end: " <EOT>",
  carriedEnd: " <EOT>",
  controls: ["<PRE>", "<SUF>", "<MID>", "<EOT>", "\u2581<PRE>", "\u2581<SUF>", "\u2581<MID>", "\u2581<EOT>"],
  context: null,
  nextEdit: null
}

const suffixFirst = (
  name: string,
  layout: Layout,
  end: string,
  controls: ReadonlyArray<string>,
  context: ContextLayout | null = null
): Preset => ({
  name,
  layouts: { SPM1: layout },
  native: "SPM1",
  spm: "SPM1",
  documentsSpm2: false,
  end,
  carriedEnd: "",
  controls: [...controls, end],
  context,
  nextEdit: null
})

const aixcoder: Preset = {
  name: "aixcoder",
  layouts: {
    PSM: ["<s>\u2581<AIX-SPAN-PRE>", P, "\u2581<AIX-SPAN-POST>", S, "\u2581<AIX-SPAN-MIDDLE>", M],
    SPM2: ["<s>\u2581<AIX-SPAN-PRE>\u2581<AIX-SPAN-POST>", S, "\u2581<AIX-SPAN-MIDDLE>", P, M]
  },
  native: "PSM",
  spm: "SPM2",
  documentsSpm2: true,
  end: "</s>",
  carriedEnd: "",
  controls: ["<AIX-SPAN-PRE>", "<AIX-SPAN-POST>", "<AIX-SPAN-MIDDLE>", "</s>"],
  context: null,
  nextEdit: null
}

const seedCoder = suffixFirst(
  "seed-coder",
  ["<[fim-suffix]>", S, "<[fim-prefix]>", P, "<[fim-middle]>", M],
  "<[end\u2581of\u2581sentence]>",
  ["<[fim-suffix]>", "<[fim-prefix]>", "<[fim-middle]>"]
)

/** A model that was tuned to predict next edits has the tokens of the one that it was made from. */
const predicting = (name: string, from: Preset, nextEdit: string): Preset => ({ ...from, name, nextEdit })

const list: ReadonlyArray<Preset> = [
  qwen("qwen2.5-coder"),
  qwen("qwen3-coder"),
  starcoder("starcoder", "<|endoftext|>", ["<reponame>", "<filename>", "<gh_stars>"], { documentsSpm2: true }),
  starcoder("starcoder2", "<|endoftext|>", ["<repo_name>", "<file_sep>"], { context: starcoder2Files }),
  starcoder("granite-code", "<|endoftext|>", ["<filename>", "<reponame>"]),
  starcoder("granite-3.3", "<|end_of_text|>", ["<filename>", "<reponame>"]),
  starcoder("stable-code", "<|endoftext|>", ["<filename>", "<reponame>"]),
  withMarkers({
    name: "santacoder",
    prefix: "<fim-prefix>",
    suffix: "<fim-suffix>",
    middle: "<fim-middle>",
    end: "<|endoftext|>",
    others: ["<fim-pad>"]
  }),
  withMarkers({
    name: "granite-4",
    prefix: "<|fim_prefix|>",
    suffix: "<|fim_suffix|>",
    middle: "<|fim_middle|>",
    end: "<|end_of_text|>",
    others: ["<|fim_pad|>"]
  }),
  withMarkers({
    name: "codegemma",
    prefix: "<|fim_prefix|>",
    suffix: "<|fim_suffix|>",
    middle: "<|fim_middle|>",
    end: "<|file_separator|><eos>",
    carriedEnd: "<|file_separator|>",
    others: ["<|file_separator|>", "<eos>"]
  }),
  codellama,
  deepseek("deepseek-coder"),
  deepseek("deepseek-coder-v2-lite"),
  suffixFirst("codestral", ["<s>[SUFFIX]", S, "[PREFIX]", P, M], "</s>", ["[SUFFIX]", "[PREFIX]", "[MIDDLE]"], {
    // A convention of editors, not the vendor's: other files as blocks at the head of the prefix.
    start: null,
    file: { before: "+++++ ", after: "\n" },
    current: { before: "+++++ ", after: "\n", place: "all in prefix" }
  }),
  seedCoder,
  suffixFirst(
    "mellum",
    ["<filename>", { slot: "path" }, "\n<fim_suffix>", S, "<fim_prefix>", P, "<fim_middle>", M],
    "<|endoftext|>",
    ["<filename>", "<fim_suffix>", "<fim_prefix>", "<fim_middle>"],
    // The model's layout names the file at hand itself.
    { start: null, file: { before: "<filename>", after: "\n" }, current: { before: "", after: "", place: "layout" } }
  ),
  aixcoder,
  suffixFirst(
    "codegeex4",
    [
      "<|user|>\n###PATH:",
      { slot: "path" },
      "\n###LANGUAGE:",
      { slot: "language" },
      "\n###MODE:BLOCK\n<|code_suffix|>",
      S,
      "<|code_prefix|>",
      P,
      "<|code_middle|><|assistant|>\n",
      M
    ],
    "<|endoftext|>",
    ["<|user|>", "<|assistant|>", "<|code_suffix|>", "<|code_prefix|>", "<|code_middle|>"]
  ),
  predicting("zeta1", qwen("qwen2.5-coder"), "zeta1"),
  predicting("zeta2", seedCoder, "zeta2"),
  predicting("zeta2.1", seedCoder, "zeta2.1"),
  predicting("sweep-next-edit-0.5b", qwen("qwen2.5-coder"), "sweep"),
  predicting("sweep-next-edit-1.5b", qwen("qwen2.5-coder"), "sweep"),
  predicting("sweep-next-edit-v2-7b", qwen("qwen2.5-coder"), "sweep-v2"),
  // It chats: its answers end as messages do.
  { ...predicting("instinct", qwen("qwen2.5-coder"), "instinct"), end: "<|im_end|>" }
]

/** Presets by the name that `--base-model` takes. */
export const presets: ReadonlyMap<string, Preset> = new Map(list.map((preset) => [preset.name, preset]))
