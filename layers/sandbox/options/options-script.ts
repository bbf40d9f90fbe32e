/** The scripts that set the options of a Vim before a text is opened. */
import type { VimOptionsName } from "../../../services/keys/vim-options.ts"
import defaults from "./defaults.vim"
import none from "./none.vim"
import vimgolf from "./vimgolf.vim"

/** The script of each set of options. */
export const optionsScript: Readonly<Record<VimOptionsName, string>> = { defaults, vimgolf, none }
