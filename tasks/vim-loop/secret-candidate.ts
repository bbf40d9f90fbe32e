/** Whether keystrokes that somebody proposed type a secret: they stand in the journal, right or wrong. */
import { printKeys } from "../../services/keys/keystrokes.ts"
import type { Candidate } from "../../services/Predictor.ts"
import { holdsSecret } from "../../services/secrets/secret-in.ts"

export const isSecretCandidate = ({ keys, transform }: Candidate): boolean =>
  holdsSecret(transform) || holdsSecret(printKeys(keys))
