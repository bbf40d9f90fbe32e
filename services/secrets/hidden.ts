/** What is shown in place of a secret. */
import { holdsSecret } from "./secret-in.ts"

/** Stands where a text would show a secret. */
export const hidden = "(holds a secret)"

/** Returns a text as it is, or what stands for one that holds a secret. */
export const withoutSecret = (text: string): string => holdsSecret(text) ? hidden : text
