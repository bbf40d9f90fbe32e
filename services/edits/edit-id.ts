/** The name of an edit: what it starts from and what it ends with, whoever made it and wherever it stood. */
import { fingerprint } from "../text/random.ts"

/**
 * Returns 16 hex digits that depend on both texts.
 *
 * @example
 * editId({ source: "a", target: "b" }) === editId({ source: "a", target: "b" }) // true
 */
export const editId = ({ source, target }: { readonly source: string; readonly target: string }): string =>
  fingerprint("edit", source, target)
