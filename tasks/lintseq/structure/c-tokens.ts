/** The tokens of C and C++ as their preprocessor sees them: comments are left out, directives are told apart. */

export interface CToken {
  readonly kind: "word" | "text" | "sign" | "directive"
  readonly text: string
  readonly start: number
  readonly end: number
}

const token =
  /\s+|\/\/(?:[^\n\\]|\\[^])*|\/\*[^]*?(?:\*\/|$)|(?:u8|[uUL])?"(?:[^"\\\n]|\\[^])*"?|(?:u8|[uUL])?'(?:[^'\\\n]|\\[^])*'?|[A-Za-z_$][\w$]*|\.?\d(?:[eEpP][+-]|[\w.'])*|::|->|[^]/y

/** A raw string of C++. */
const raw = /(?:u8|[uUL])?R"([^()\\\s]{0,16})\([^]*?\)\1"/y

const rawStart = (source: string, at: number): boolean => /^(?:u8|[uUL])?R"/.test(source.slice(at, at + 4))

/** A directive with the lines that it goes on to. */
const directive = /#(?:[^\n\\]|\\\r\n|\\[^])*/y

/** Splits a text into its tokens. Linear in the text. */
export const cTokensOf = (source: string): ReadonlyArray<CToken> => {
  const tokens: Array<CToken> = []
  let isLineStart = true
  /** Raw strings that never end are looked for to the end of the text: so often, and not more. */
  let patience = 64
  for (let at = 0; at < source.length;) {
    const pattern: RegExp = isLineStart && source[at] === "#"
      ? directive
      : rawStart(source, at) && patience > 0
      ? raw
      : token
    pattern.lastIndex = at
    const found: string | undefined = pattern.exec(source)?.[0]
    if (pattern === raw && found === undefined) patience--
    token.lastIndex = at
    const text: string = found ?? token.exec(source)?.[0] ?? source[at] ?? ""
    const isSpace = /^(?:\s|\/\/|\/\*)/.test(text)
    if (!isSpace) tokens.push({ kind: kindOf(text, pattern === directive), text, start: at, end: at + text.length })
    // A comment leaves the start of a line what it is.
    isLineStart = isSpace && (isLineStart || text.includes("\n"))
    at += text.length
  }
  return tokens
}

const kindOf = (text: string, isDirective: boolean): CToken["kind"] =>
  isDirective ? "directive" : /^(?:u8|[uUL])?R?["']/.test(text) ? "text" : /^[A-Za-z_$]/.test(text) ? "word" : "sign"
