/** Reads what is wrapped in base64. */

/**
 * Returns the text that a word is the base64 of, or undefined where it is no text that a person would read.
 *
 * @example
 * readableIn("dXNlcjpwYXNz") // "user:pass"
 */
export const readableIn = (word: string): string | undefined => {
  const whole = word.replace(/=+$/, "")
  if (whole.length % 4 === 1 || /[^A-Za-z\d+/]/.test(whole)) return undefined
  const text = atob(whole)
  const foreign = text.replace(/[\t\n\r\x20-\x7e]+/g, "")
  if (foreign === "") return text
  // Names of people and passwords may have letters beyond ASCII; what was drawn is hardly ever so readable.
  return text.includes(":") && /^[\xa0-\xff]*$/.test(foreign) && foreign.length * 3 <= text.length ? text : undefined
}
