/** How the files of a context are told apart in a prompt: a comment line, or the tokens a model knows for it. */

/** A file's header is `before`, its name, `after`. */
export interface ContextStyle {
  readonly before: string
  readonly after: string
  /** "short": the file's own name where no other file has it. "full": the path from the project's root. */
  readonly names: "short" | "full"
}

/**
 * Returns the style of headers as comments in a language, by what starts its comments ("//" where nothing does).
 *
 * @example
 * commentStyle("#").before + "bar.py" + commentStyle("#").after // "# --- bar.py ---\n"
 */
export const commentStyle = (lineComment: string | null): ContextStyle => ({
  before: `${lineComment ?? "//"} --- `,
  after: " ---\n",
  names: "short"
})

/** Returns a file's header. */
export const renderHeader = (style: ContextStyle, name: string): string => style.before + name + style.after
