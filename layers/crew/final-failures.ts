/** Failures that another try will not mend, wherever it is made: a member that meets one ends with it. */
import { ExitCode } from "../../services/faults/exit-code.ts"

/** The exit codes of such failures. */
export const finalFailures: ReadonlySet<ExitCode> = new Set([
  ExitCode.Usage,
  ExitCode.BadInput,
  ExitCode.MissingInput,
  ExitCode.CannotWrite
])
