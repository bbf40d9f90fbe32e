/** How many values a JSON text holds, counted before it is read: a text of brackets takes fifty times its size when it is. */

const quote = 34
const backslash = 92
const comma = 44
const bracket = 91
const brace = 123

/** Says whether a text has more values than a bound: one for each list, object and comma. A shorter text cannot. */
export const hasMoreValues = (text: string, most: number): boolean => {
  if (text.length <= most) return false
  let values = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === quote) {
      at = endOfString(text, at)
      if (at === -1) return false
    } else if ((unit === comma || unit === bracket || unit === brace) && ++values > most) return true
  }
  return false
}

/** Where the string that starts at an offset ends; -1 where it does not. */
const endOfString = (text: string, start: number): number => {
  for (let end = text.indexOf("\"", start + 1); end !== -1; end = text.indexOf("\"", end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes++
    if (slashes % 2 === 0) return end
  }
  return -1
}
