/** What makes two runs of generate the same. */
import { identityOf } from "../shared/dataset-run/run.ts"
import type { GeneratePlan } from "./plan.ts"
import type { GenerateRequest } from "./generate-request.ts"

/** Returns the identity of a run that is planned. */
export const generateIdentityOf = (
  { format, recorded, version }: GenerateRequest,
  { fingerprint, heads }: GeneratePlan
) =>
  identityOf({
    task: "generate",
    version,
    settings: recorded,
    repositories: heads,
    plan: fingerprint
  }, format)
