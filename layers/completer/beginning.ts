/**
 * Tokens that begin a text. Servers put their model's own before a prompt, so a prompt that begins with one, as layouts
 * of Codestral and aiXcoder do, would have it twice; that costs answers.
 */
const beginnings: ReadonlyArray<string> = ["<s>", "<bos>", "<|begin_of_text|>", "<｜begin▁of▁sentence｜>"]

const beginningOf = (prompt: string): string => beginnings.find((token) => prompt.startsWith(token)) ?? ""

/** Whether a prompt has the token that begins a text. */
export const hasBeginning = (prompt: string): boolean => beginningOf(prompt) !== ""

/** Returns a prompt without that token, for servers that cannot be told to leave theirs out. */
export const withoutBeginning = (prompt: string): string => prompt.slice(beginningOf(prompt).length)
