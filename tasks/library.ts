/** The package's one export: the tasks' programs as plain async functions, and generate's as an Effect too. */
export { type ContextOptions, type ContextPlace, openContext, type ProjectContext } from "./library/context.ts"
export {
  type BuildOptions,
  DatasetBuilder,
  examples,
  FIMFormat,
  generate,
  generateEffect,
  type GenerateOptions,
  type GenerateResult
} from "./library/generate.ts"
export { editPaths, lintseq, type LintseqFileOptions, type LintseqOptions } from "./library/lintseq.ts"
export { openVim, type RecordingOptions, type Vim, type VimAttempt, type VimOptions } from "./library/vim.ts"
export { vimLoop, type VimLoopOptions } from "./library/vim-loop.ts"
