/**
 * How code from other files stands in a prompt: under comment lines at the head of the prefix or, for models that were
 * trained on whole repositories, under their own tokens before the prompt.
 */
import { languageOfPath } from "../text/language.ts"
import { type Preset, presets } from "./presets.ts"

/** How files are told apart in a context. */
export interface ContextStyle {
  /** A file's header is `before`, its path, then `after`. */
  readonly before: string
  readonly after: string
  /**
   * The one form of all paths: "short" is a file with the folder that it lies in, which leaves room for code; "full" is
   * the path from the project's root, as models with tokens for files were trained.
   */
  readonly names: "short" | "full"
  /** Snippets that hold one of these are left out, because the model would take it for one of its own tokens. */
  readonly forbidden: ReadonlyArray<string>
}

/**
 * Returns the style whose headers are comments, for a language whose comments start with `lineComment` ("//" for null).
 *
 * @example
 * renderHeader(commentStyle("#"), "src/foo/bar.py") // "# --- foo/bar.py ---\n"
 */
export const commentStyle = (lineComment: string | null, forbidden: ReadonlyArray<string> = []): ContextStyle => ({
  before: `${lineComment ?? "//"} --- `,
  after: " ---\n",
  names: "short",
  forbidden
})

/** Returns the style of a model: its own tokens where it has tokens for files, comments otherwise. */
export const styleOf = (preset: Preset, lineComment: string | null): ContextStyle =>
  preset.context === null
    ? commentStyle(lineComment, preset.controls)
    : { ...preset.context.file, names: "full", forbidden: preset.controls }

/** Returns the style for a file: that of the preset of this name, or comments where there is no such preset. */
export const styleNamed = (format: string | undefined, path: string): ContextStyle => {
  const lineComment = languageOfPath(path)?.lineComment ?? null
  const preset = format === undefined ? undefined : presets.get(format)
  return preset === undefined ? commentStyle(lineComment) : styleOf(preset, lineComment)
}

/** Returns the header of a file, by its path from the project's root. */
export const renderHeader = (style: ContextStyle, path: string): string =>
  style.before + (style.names === "full" ? path : /(?:[^/]*\/)?[^/]*$/.exec(path)?.[0] ?? path) + style.after

/** Where a context goes: what stands before the prompt, and what the prefix begins with. Either may be "". */
export interface PlacedContext {
  readonly beforePrompt: string
  readonly beforePrefix: string
}

/** Places a context that was rendered in the style of the model; an empty context adds nothing. */
export const placeContext = (
  preset: Preset,
  context: string,
  { path, repository }: { readonly repository: string; readonly path: string }
): PlacedContext => {
  if (context === "") return { beforePrompt: "", beforePrefix: "" }
  const layout = preset.context
  if (layout === null) return { beforePrompt: "", beforePrefix: context }
  const { current, start } = layout
  const head = start === null ? "" : start.before + repository + start.after
  switch (layout.current.place) {
    case "prompt":
      return { beforePrompt: head + context + current.before + path + current.after, beforePrefix: "" }
    case "prefix":
      return { beforePrompt: head + context + current.before, beforePrefix: path + current.after }
    case "all in prefix":
      return { beforePrompt: "", beforePrefix: head + context + current.before + path + current.after }
    case "layout":
      return { beforePrompt: head + context, beforePrefix: "" }
  }
}
