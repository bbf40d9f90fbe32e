/**
 * A script for Unsloth, which trains the rows of TRL with an older TRL inside: 0.24 wants a length for prompts, and adds
 * begin tokens in its own way.
 */
import { trainerSettings } from "../../../services/formats/trainer-settings.ts"
import { keywords, literal, loading, tokenLines, trlNames } from "./python.ts"
import { learningRateOf, measuredEvery, outputOf, type Recipe, type RecipeInput, rowsToLearn } from "./recipe.ts"

const title = "Unsloth 2026.8.19, with TRL 0.24.0"

/** Presets whose models have an architecture that FastLanguageModel knows: Llama, Mistral, Gemma, Qwen2 or Qwen3. */
const known: ReadonlySet<string> = new Set([
  "qwen2.5-coder",
  "qwen3-coder",
  "granite-code",
  "codegemma",
  "codellama",
  "deepseek-coder",
  "codestral",
  "seed-coder",
  "mellum",
  "aixcoder",
  "zeta1",
  "zeta2",
  "zeta2.1",
  "sweep-next-edit-0.5b",
  "sweep-next-edit-1.5b",
  "sweep-next-edit-v2-7b",
  "instinct"
])

/** Returns the script; undefined for models that Unsloth does not know. Rows are to have TRL's columns. */
export const unslothRecipe = (input: RecipeInput): Recipe | undefined => {
  const { columns, facts, held, model, name, training } = input
  if (model.preset !== null && !known.has(model.preset.name)) return undefined
  const [trainer, config] = trlNames[training]
  const file = `${name}-unsloth.py`
  const out = outputOf(file)
  const settings = trainerSettings("unsloth", training, facts)
  const rowsAtOnce = Number(settings["per_device_train_batch_size"] ?? 2)
  return {
    file,
    title,
    language: "python",
    run: `python recipes/${file}`,
    text: [
      `"""Trains ${model.id} on the ${name} rows of this folder with Unsloth.`,
      "",
      `Written for ${title}.`,
      "",
      `    pip install unsloth && python recipes/${file}`,
      "\"\"\"",
      "from pathlib import Path",
      "",
      "# Comes first: it changes what is imported below.",
      "from unsloth import FastLanguageModel",
      "",
      "from datasets import load_dataset",
      `from trl import ${config}, ${trainer}`,
      "",
      "# Any model of the family will do.",
      `MODEL = ${literal(model.id)}`,
      "FOLDER = Path(__file__).resolve().parent.parent",
      `OUT = FOLDER / ${literal(out)}`,
      "",
      "model, tokenizer = FastLanguageModel.from_pretrained(",
      "    model_name=MODEL,",
      `    max_seq_length=${literal(facts.maxLength ?? 4096)},`,
      "    load_in_4bit=False,",
      ")",
      "model = FastLanguageModel.get_peft_model(",
      "    model,",
      "    r=16,",
      "    lora_alpha=32,",
      "    target_modules=[\"q_proj\", \"k_proj\", \"v_proj\", \"o_proj\", \"gate_proj\", \"up_proj\", \"down_proj\"],",
      ")",
      ...tokenLines(input),
      ...loading(input),
      ...(columns === "messages" ? [] : beginning(input)),
      "",
      `args = ${config}(`,
      "    output_dir=str(OUT),",
      ...keywords({
        ...settings,
        per_device_train_batch_size: rowsAtOnce,
        gradient_accumulation_steps: rowsToLearn / rowsAtOnce,
        learning_rate: learningRateOf(training),
        num_train_epochs: 1,
        lr_scheduler_type: "cosine",
        ...(held.length === 0
          ? {}
          : { per_device_eval_batch_size: rowsAtOnce, eval_strategy: "steps", eval_steps: measuredEvery }),
        report_to: "none"
      }),
      ")",
      `trainer = ${trainer}(`,
      "    model=model,",
      "    args=args,",
      "    processing_class=tokenizer,",
      "    train_dataset=rows[\"train\"],",
      ...(held.length === 0 ? [] : ["    eval_dataset=rows[\"test\"],"]),
      ")",
      "trainer.train()",
      ...(held.length === 0 ? [] : ["trainer.evaluate()"]),
      "",
      "# The adapter becomes part of the weights, as servers want them.",
      "model.save_pretrained_merged(str(OUT / \"merged\"), tokenizer, save_method=\"merged_16bit\")",
      ""
    ].join("\n")
  }
}

/** What TRL 0.24 does with begin tokens: none in DPO, whatever the tokenizer says, and one in KTO even where it says none. */
const beginning = ({ model: { carriesBegin, family }, training }: RecipeInput): ReadonlyArray<string> => {
  if (family === null || carriesBegin) return []
  if (training === "dpo" && family.begin !== "") {
    return [
      "# TRL 0.24 adds no begin token to pairs.",
      `rows = rows.map(lambda row: {"prompt": ${literal(family.begin)} + row["prompt"]})`
    ]
  }
  return training === "kto" && family.begin === ""
    ? ["# This model wants no begin token, which TRL 0.24 would add.", "tokenizer.bos_token = None"]
    : []
}
