/** Where the transforms of vim-data number their items. */

/**
 * Returns a transform as it is typed: vim-data numbers its items where "{i}" stands, and an item whose target has no number
 * is the one without. Where the target is not known, or holds "{i}" itself, it stands for itself.
 *
 * @example
 * withoutItemNumber("ihello{i}<Esc>", "hello") // "ihello<Esc>"
 */
export const withoutItemNumber = (transform: string, target: string | undefined): string =>
  target?.includes("{i}") === false ? transform.replaceAll("{i}", "") : transform
