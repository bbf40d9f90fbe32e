/** Texts in HTML and SVG. */

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "\"": "&quot;",
  "'": "&#39;"
}

/** Returns a text that stands in HTML and SVG as itself, whatever it holds. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => escapes[character] ?? character).replace(/[^\P{Cc}\n\t]/gu, "\ufffd")

/** Returns the beginning of a text that is longer than `most` characters, with a mark that there is more. */
export const clipped = (text: string, most: number): string => text.length > most ? `${text.slice(0, most - 1)}…` : text
