/** The last look at a row before it is one: pieces of benchmarks, and personal data. */
import * as Effect from "effect/Effect"
import type { BenchmarkHit, Benchmarks } from "../../../services/hygiene/decontamination.ts"
import type { Draft, Refusal } from "../draft.ts"
import type { GenerateSettings } from "../settings.ts"
import type { JobTools } from "../tools.ts"
import { withoutPersonalData } from "./personal-data.ts"
import type { PersonalDataChoice } from "./settings.ts"

/**
 * Returns a draft as it may be published, or why it may not be. `reasonAgainstLength` says whether a row has become too
 * long by what stands for personal data.
 */
export type RowScreen = (
  draft: Draft,
  reasonAgainstLength: (prompt: string, completions: ReadonlyArray<string>) => string | undefined
) => Draft | Refusal

/** Returns what the rows of a job are held against; null where no files are named. */
export const benchmarksOf = (tools: JobTools, { hygiene: { benchmarks } }: GenerateSettings) =>
  benchmarks.length === 0 ? Effect.succeed(null) : tools.openBenchmarks(benchmarks)

/** Makes the screen of a job; `benchmarks` is null where there are none. */
export const makeScreen =
  (benchmarks: Benchmarks | null, personalData: PersonalDataChoice): RowScreen => (draft, reasonAgainstLength) => {
    const hit = benchmarks === null ? undefined : hitIn(benchmarks, draft)
    if (benchmarks !== null && hit !== undefined) return { reason: reasonOf(hit, benchmarks.tasks), hit }
    if (personalData === "keep") return draft
    const screened = withoutPersonalData(draft, personalData)
    if (typeof screened === "string") return { reason: screened }
    if (screened === draft) return draft
    const { example: { completion, prompt }, negative } = screened
    const reason = reasonAgainstLength(prompt, [completion, negative?.completion ?? ""])
    return reason === undefined ? screened : { reason }
  }

/** A row shows its prompt and its answers, and teaches the text that they make together. */
const hitIn = (benchmarks: Benchmarks, { example, negative }: Draft): BenchmarkHit | undefined => {
  const { completion, middle, prefix, prompt, suffix } = example
  return benchmarks.hitIn([prompt, prefix + middle + suffix, completion, negative?.completion ?? ""])
}

/** A summary that names more tasks than this is not read; then files are named. */
const mostTasks = 200
/** UTF-16 units of the name of a task. */
const longestName = 80

const reasonOf = ({ file, task }: BenchmarkHit, tasks: number): string =>
  tasks > mostTasks ? `benchmark: ${file}` : `benchmark: ${file} ${task.replace(/\s+/g, " ").slice(0, longestName)}`
