/**
 * Text as people may see it: nothing in it is a command to a terminal or turns the text around it, and no password
 * stands in a URL.
 */

/**
 * Controls (C0, DEL and C1), line and paragraph separators, lone surrogates, marks of direction, and characters that
 * nobody sees.
 */
const unseen = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu

/** Returns what stands for a character that is not to be sent to a terminal, and any other character as it is. */
export const pictureOf = (character: string): string => {
  const point = character.codePointAt(0) ?? 0
  if (point < 0x20) return String.fromCharCode(0x2400 + point)
  if (point < 0x7f || (point >= 0xa0 && point < 0x61c)) return character
  if (point === 0x7f) return "\u2421"
  if (point < 0xa0 || (point >= 0xd800 && point < 0xe000)) return "\ufffd"
  unseen.lastIndex = 0
  return unseen.test(character) ? "\u00b7" : character
}

/** What stands between the scheme of a URL and its host: a user, and perhaps a password. */
const userInfo = /:\/\/([^\s/?#@:]*)(?::[^\s/?#]*)?@/g

/**
 * Returns a text in which the URLs have no passwords. A user without one is a token where the web is spoken, and a name
 * elsewhere.
 *
 * @example
 * withoutPasswords("https://ada:secret@host/x") // "https://ada:***@host/x"
 */
export const withoutPasswords = (text: string): string =>
  text.includes("://")
    ? text.replace(userInfo, (whole, user: string, at: number) => {
      if (whole.length > user.length + 4) return `://${user}:***@`
      return /https?$/i.test(text.slice(Math.max(0, at - 5), at)) ? "://***@" : whole
    })
    : text

/** Returns what was said of a URL, without the URL's own password where it stands by itself. */
export const withoutPasswordOf = (url: string, said: string): string => {
  const [, user = "", password = ""] = /:\/\/([^\s/?#@:]*):?([^\s/?#]*)@/.exec(url) ?? []
  const plain = withoutPasswords(said)
  const hidden = password === "" && /^https?:/i.test(url) ? user : password
  return hidden === "" ? plain : plain.replaceAll(hidden, "***")
}

/** Returns a text to be told: line ends and tabs stay, other controls become pictures. */
export const showable = (text: string): string =>
  withoutPasswords(text).replace(unseen, (character) => /[\n\t]/.test(character) ? character : pictureOf(character))
