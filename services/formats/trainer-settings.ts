/**
 * What trainers are told because of the rows, in the names of their own settings. metadata.json's advice and the recipes
 * of report both say it, so they say the same.
 */
import type { Trainer } from "./trainers.ts"

/** What rows are trained as: text without a prompt, prompts and completions, labelled answers, or pairs of answers. */
export type Training = "text" | "sft" | "kto" | "dpo"

/** What settings depend on, of the rows that are trained on. */
export interface TrainingFacts {
  /** Tokens that keep nearly all rows, and nearly all prompts, whole; null where nobody counted. */
  readonly maxLength: number | null
  readonly maxPromptLength: number | null
  /** Wanted and unwanted answers, where they are separate rows. */
  readonly positives: number
  readonly negatives: number
}

/** Trainers, and Unsloth, which trains the rows of TRL with an older TRL inside. */
export type TrainerProgram = Trainer | "unsloth"

/** The setting of each trainer, by name. */
export type TrainerSettings = Readonly<Record<string, number | string | boolean>>

/** Rows that are read at once: KTO sets each row against its neighbour, so it needs more than one. */
export const rowsAtOnce = 4

/**
 * Returns the weights that make both labels count alike: the KTO paper advises a ratio of desirable × positives to
 * undesirable × negatives between 1:1 and 4:3.
 */
export const ktoWeights = (positives: number, negatives: number) => ({
  desirable: positives >= negatives || positives === 0 ? 1 : round(negatives / positives),
  undesirable: negatives >= positives || negatives === 0 ? 1 : round(positives / negatives)
})

const round = (value: number): number => Math.round(value * 1000) / 1000

/**
 * Returns the settings that follow from the rows.
 *
 * @example
 * const facts = { maxLength: 2048, maxPromptLength: null, positives: 1, negatives: 1 }
 * trainerSettings("axolotl", "dpo", facts) // { rl: "dpo", sequence_len: 2048 }
 */
export const trainerSettings = (trainer: TrainerProgram, training: Training, facts: TrainingFacts): TrainerSettings =>
  settingsOf[trainer](training, facts)

const settingsOf: Readonly<Record<TrainerProgram, (training: Training, facts: TrainingFacts) => TrainerSettings>> = {
  trl: (training, { maxLength, negatives, positives }) => {
    const weights = ktoWeights(positives, negatives)
    return {
      ...given("max_length", maxLength),
      ...(training !== "kto" ? {} : {
        per_device_train_batch_size: rowsAtOnce,
        // Neighbours are set against each other, and the file has them in order.
        train_sampling_strategy: "sequential",
        desirable_weight: weights.desirable,
        undesirable_weight: weights.undesirable
      })
    }
  },
  unsloth: (training, { maxLength, maxPromptLength, negatives, positives }) => {
    const weights = ktoWeights(positives, negatives)
    return {
      ...given("max_length", maxLength),
      // Otherwise TRL before 0.29 cuts prompts to 512 tokens; what is left of a long row is for its answer.
      ...(isPreference(training) ? given("max_prompt_length", promptWithin(maxLength, maxPromptLength)) : {}),
      ...(training !== "kto" ? {} : {
        per_device_train_batch_size: rowsAtOnce,
        desirable_weight: weights.desirable,
        undesirable_weight: weights.undesirable
      })
    }
  },
  axolotl: (training, { maxLength, negatives, positives }) => {
    const weights = ktoWeights(positives, negatives)
    return {
      ...(isPreference(training) ? { rl: training } : {}),
      ...given("sequence_len", maxLength),
      ...(training !== "kto" ? {} : {
        micro_batch_size: rowsAtOnce,
        shuffle_merged_datasets: false,
        kto_desirable_weight: weights.desirable,
        kto_undesirable_weight: weights.undesirable
      })
    }
  },
  "llama-factory": (training, { maxLength, negatives, positives }) => {
    const weights = ktoWeights(positives, negatives)
    return {
      // What LLaMA-Factory calls pre-training is training on text.
      stage: training === "text" ? "pt" : training,
      ...given("cutoff_len", maxLength),
      ...(training !== "kto" ? {} : {
        per_device_train_batch_size: rowsAtOnce,
        kto_chosen_weight: weights.desirable,
        kto_rejected_weight: weights.undesirable
      })
    }
  }
}

/** Tokens that are left for an answer at the least. */
const leastAnswer = 128

const promptWithin = (whole: number | null, prompt: number | null): number | null =>
  whole === null || prompt === null ? prompt : Math.min(prompt, Math.max(leastAnswer, whole - leastAnswer))

const isPreference = (training: Training): boolean => training === "kto" || training === "dpo"

const given = (name: string, value: number | null): TrainerSettings => (value === null ? {} : { [name]: value })

/** Source code runs to about this many UTF-16 units a token with the tokenizers of code models; low, to be safe. */
const unitsPerToken = 2.5

/** Returns a safe number of tokens, a multiple of 64, for texts of so many UTF-16 units. */
export const tokensAtMost = (units: number): number => Math.ceil(units / unitsPerToken / 64) * 64
