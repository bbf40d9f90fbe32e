/**
 * What the tokenizer of each family of models adds to a text by itself, and a small model of the family to begin with.
 * Source: tokenizer_config.json, and the tokenizer's own code where it has some, of the models on the Hugging Face Hub.
 */

/** A family of models that rows are written for. */
export interface BaseModel {
  /** A model of the family on the Hub: the smallest that was trained to fill in the middle. */
  readonly model: string
  /** What its tokenizer puts before a text when it is asked for special tokens; "" for nothing. */
  readonly begin: string
  /** Its tokenizer's own end token, or that of the base model where the tuned ones have another. */
  readonly end: string
}

const endOfText = "<|endoftext|>"

const family = (model: string, end = endOfText, begin = ""): BaseModel => ({ model, begin, end })

const deepseekBegin = "<\uff5cbegin\u2581of\u2581sentence\uff5c>"
const deepseekEnd = "<\uff5cend\u2581of\u2581sentence\uff5c>"

/** Families by the names of their presets. */
export const baseModels: ReadonlyMap<string, BaseModel> = new Map(Object.entries({
  "qwen2.5-coder": family("Qwen/Qwen2.5-Coder-1.5B"),
  "qwen3-coder": family("Qwen/Qwen3-Coder-30B-A3B-Instruct"),
  starcoder: family("bigcode/starcoderbase-1b"),
  starcoder2: family("bigcode/starcoder2-3b"),
  "granite-code": family("ibm-granite/granite-3b-code-base-2k"),
  "granite-3.3": family("ibm-granite/granite-3.3-2b-base", "<|end_of_text|>"),
  "stable-code": family("stabilityai/stable-code-3b"),
  santacoder: family("bigcode/santacoder"),
  "granite-4": family("ibm-granite/granite-4.0-micro-base", "<|end_of_text|>"),
  codegemma: family("google/codegemma-2b", "<eos>", "<bos>"),
  codellama: family("codellama/CodeLlama-7b-hf", "</s>", "<s>"),
  "deepseek-coder": family("deepseek-ai/deepseek-coder-1.3b-base", deepseekEnd, deepseekBegin),
  "deepseek-coder-v2-lite": family("deepseek-ai/DeepSeek-Coder-V2-Lite-Base", deepseekEnd, deepseekBegin),
  codestral: family("mistralai/Codestral-22B-v0.1", "</s>", "<s>"),
  "seed-coder": family("ByteDance-Seed/Seed-Coder-8B-Base", "<[end\u2581of\u2581sentence]>"),
  mellum: family("JetBrains/Mellum-4b-base"),
  aixcoder: family("aiXcoder/aixcoder-7b-base", "</s>", "<s>"),
  codegeex4: family("zai-org/codegeex4-all-9b", endOfText, "[gMASK]<sop>"),
  zeta1: family("zed-industries/zeta"),
  zeta2: family("zed-industries/zeta-2", "<[end\u2581of\u2581sentence]>"),
  "zeta2.1": family("zed-industries/zeta-2.1", "<[end\u2581of\u2581sentence]>"),
  "sweep-next-edit-0.5b": family("sweepai/sweep-next-edit-0.5B"),
  "sweep-next-edit-1.5b": family("sweepai/sweep-next-edit-1.5B"),
  "sweep-next-edit-v2-7b": family("sweepai/sweep-next-edit-v2-7B"),
  instinct: family("continuedev/instinct", "<|im_end|>")
}))

/**
 * Returns a prompt without what a tokenizer would put before it; a layout that begins with it itself is left whole.
 *
 * @example
 * withoutBegin("<bos><|fim_prefix|>x") // "<|fim_prefix|>x"
 */
export const withoutBegin = (prompt: string): string => {
  for (const { begin } of baseModels.values()) {
    const rest = prompt.slice(begin.length)
    if (begin !== "" && prompt.startsWith(begin) && !ownBegins.some((own) => rest.startsWith(own))) return rest
  }
  return prompt
}

/** What follows a begin token in the layouts that have one of their own: codestral's, and aixcoder's. */
const ownBegins = ["[SUFFIX]", "\u2581<AIX-SPAN-PRE>"]
