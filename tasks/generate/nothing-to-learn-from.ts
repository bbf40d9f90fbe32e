/** How a run ends that has nothing to do. */
import { NothingToDo } from "../shared/dataset-run/nothing-to-do.ts"
import type { GeneratePlan } from "./plan.ts"

export const nothingToLearnFrom = ({ ledger }: Pick<GeneratePlan, "ledger">): NothingToDo =>
  new NothingToDo({
    sought: "find anything to learn from",
    ledger,
    otherwise: "no commit is in range; widen --start-date, --end-date or --max-commits"
  })
