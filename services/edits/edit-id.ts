/** The id of an edit: it depends on what the edit starts from and ends with, not on who made it or where it stood. */
import { fingerprint } from "../text/random.ts"

/**
 * Returns 16 hex digits that depend on both texts.
 *
 * @example
 * editId({ source: "a", target: "b" }) === editId({ source: "a", target: "b" }) // true
 */
export const editId = ({ source, target }: { readonly source: string; readonly target: string }): string =>
  fingerprint("edit", source, target)
