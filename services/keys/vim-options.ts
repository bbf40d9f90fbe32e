/** The options that a Vim has when keys are typed into it, by name: what a key does depends on them. */
import * as Schema from "effect/Schema"

/**
 * - "defaults": those of Vim's own defaults.vim that change what keys do, as `vim --clean` has them; no plugins.
 * - "vimgolf": those of the vimrc of vimgolf.com, in the same way.
 * - "none": those of `vim -u NONE -N`, where <BS> deletes nothing but what was just typed.
 */
export const VimOptionsName = Schema.Literal("defaults", "vimgolf", "none")
export type VimOptionsName = typeof VimOptionsName.Type

/** The names, the default first. */
export const vimOptionsNames = VimOptionsName.literals

/** The options where nobody asks for others. */
export const defaultVimOptions: VimOptionsName = "defaults"

/**
 * Whether the cursor of a text that was just opened is on its first character; with "none" it is on the first one of the
 * first line that is not blank.
 */
export const startsOnFirstCharacter = (options: VimOptionsName): boolean => options !== "none"

/** Whether a new line gets the indentation of the one before it. */
export const indentsByItself = (options: VimOptionsName): boolean => options === "vimgolf"

/** The options of rows that do not say theirs: they were made before there was a choice. */
export const unnamedVimOptions: VimOptionsName = "none"
