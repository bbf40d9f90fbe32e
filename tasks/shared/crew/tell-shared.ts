/** What is said at the end of a share of a run, for a person. */
import type { StagedOutcome } from "./stages.ts"

export const tellShared = (outcome: StagedOutcome, output: string): string => {
  switch (outcome) {
    case "sealed":
      return `Wrote ${output}`
    case "sealed before":
      return `Nothing is left to do: ${output} is finished`
    case "stage done":
      return `This stage is done in ${output}`
  }
}
