/** A script for TRL: full precision weights, a LoRA adapter, all shards, and the held-out rows to be measured on. */
import { trainerSettings } from "../../../services/formats/trainer-settings.ts"
import { keywords, literal, loading, tokenLines, trlNames } from "./python.ts"
import { learningRateOf, measuredEvery, outputOf, type Recipe, type RecipeInput, rowsToLearn } from "./recipe.ts"

const title = "TRL 1.13.0"

/** Returns the script; rows are to have TRL's columns. */
export const trlRecipe = (input: RecipeInput): Recipe => {
  const { facts, held, model, name, training } = input
  const [trainer, config] = trlNames[training]
  const file = `${name}-trl.py`
  const out = outputOf(file)
  const settings = trainerSettings("trl", training, facts)
  const rowsAtOnce = Number(settings["per_device_train_batch_size"] ?? 2)
  return {
    file,
    title,
    language: "python",
    run: `python recipes/${file}`,
    text: [
      `"""Trains ${model.id} on the ${name} rows of this folder with TRL.`,
      "",
      `Written for ${title} and Transformers 5.18.0. TRL before 0.29 wants max_prompt_length for DPO, too.`,
      "",
      `    pip install "trl>=1.8,<2" peft && python recipes/${file}`,
      "\"\"\"",
      "from pathlib import Path",
      "",
      "from datasets import load_dataset",
      "from peft import LoraConfig",
      "from transformers import AutoTokenizer",
      `from trl import ${config}, ${trainer}`,
      "",
      "# Any model of the family will do.",
      `MODEL = ${literal(model.id)}`,
      "FOLDER = Path(__file__).resolve().parent.parent",
      `OUT = FOLDER / ${literal(out)}`,
      "",
      ...(model.carriesBegin
        ? [
          "# The rows begin with the begin token themselves.",
          "tokenizer = AutoTokenizer.from_pretrained(MODEL, add_bos_token=False)"
        ]
        : ["tokenizer = AutoTokenizer.from_pretrained(MODEL)"]),
      ...tokenLines(input),
      ...loading(input),
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
      "    model=MODEL,",
      "    args=args,",
      "    processing_class=tokenizer,",
      "    train_dataset=rows[\"train\"],",
      ...(held.length === 0 ? [] : ["    eval_dataset=rows[\"test\"],"]),
      "    peft_config=LoraConfig(r=16, lora_alpha=32, target_modules=\"all-linear\", task_type=\"CAUSAL_LM\"),",
      ")",
      "trainer.train()",
      ...(held.length === 0 ? [] : ["trainer.evaluate()"]),
      "",
      "# The adapter becomes part of the weights, as servers want them.",
      "trainer.model.merge_and_unload().save_pretrained(OUT / \"merged\")",
      "tokenizer.save_pretrained(OUT / \"merged\")",
      ""
    ].join("\n")
  }
}
