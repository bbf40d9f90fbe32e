/** Texts of strangers in Markdown. */
import { shown } from "./cells.ts"

/** Returns a text that stands in a cell of a table as itself, on one line, whatever it holds. */
export const inCell = (text: string): string =>
  shown(text).replace(/[\\`*_{}[\]()<>#|~!]/g, "\\$&").replace(/&/g, "&amp;")
