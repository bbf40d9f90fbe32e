/**
 * Finds secrets in text: tokens that say whose they are, words that look drawn beside a word such as "password", private
 * keys, and passwords in addresses. The text may be wrapped in anything: a diff, JSON, keystrokes. What says of itself
 * that it is an example is none; comments that tell other scanners to look away mean nothing here.
 */
import { readableIn } from "./base64.ts"
import { inLongWords } from "./long-words.ts"
import { isPlaceholder, isSequence, isWeak } from "./placeholder.ts"
import { isDrawn, isDrawnApart, isOdd, isRandom, isRandomHex, isRandomUuid, isStrong } from "./random-looking.ts"
import { tokenHead, tokens } from "./tokens.ts"
import { endOfLine, type Span, startOfLine } from "../text/span.ts"

/** What was found: a token, a private key, an address with a password, or the value of something that is called one. */
export interface FoundSecret {
  readonly kind: "token" | "key" | "address" | "value"
  readonly text: string
}

/** Returns a secret that a text holds, or undefined; in time linear in the text. */
export const secretIn = (text: string): FoundSecret | undefined =>
  wordIn(text) ?? keyIn(text) ?? addressIn(text) ?? loginIn(text) ?? valueIn(text)

/**
 * Whether a text holds a secret.
 *
 * @example
 * holdsSecret("url = \"https://user:pass@example.com\"") // false
 */
export const holdsSecret = (text: string): boolean => secretIn(text) !== undefined

/** What is found reaches no further from what was written than its line and so much around that. UTF-16 units. */
const furthest = 600

/**
 * Whether a text holds a secret, given that it held none before the spans were written; in time linear in the lines of
 * the spans and what is near them. The spans are in order.
 */
export const holdsSecretNear = (text: string, spans: ReadonlyArray<Span>): boolean => {
  let start = -1
  let end = -1
  for (const span of spans) {
    const from = startOfLine(text, Math.max(0, span.start - furthest))
    const to = endOfLine(text, Math.min(text.length, span.end + furthest))
    if (from <= end) end = Math.max(end, to)
    else {
      if (end > 0 && holdsSecret(text.slice(start, end))) return true
      start = from
      end = to
    }
  }
  return end > 0 && holdsSecret(text.slice(start, end))
}

const wordIn = (text: string): FoundSecret | undefined =>
  inLongWords(text, (start, end) => {
    tokenHead.lastIndex = start
    return tokenHead.test(text) || isOdd(text, start, end)
      ? secretOfWord(text, start, text.slice(start, end))
      : undefined
  })

/** So much before a word may belong to its token: a number and a colon. */
const reach = 16

const secretOfWord = (text: string, start: number, word: string): FoundSecret | undefined => {
  const from = Math.max(0, start - reach)
  for (const [token] of text.slice(from, start + word.length).matchAll(tokens)) {
    if (!isPlaceholder(token)) return { kind: "token", text: token }
  }
  if (isPlaceholder(word) || isSequence(word) || hash.test(text.slice(Math.max(0, start - hashReach), start))) {
    return undefined
  }
  // What follows "%" is a piece of an encoded word, such as the signature of a cookie.
  const isAlone = text[start - 1] !== "%" && isDrawn(word) && readableIn(word) === undefined
  if (isAlone || isTagged(word) || isOpeningUuid(word)) return { kind: "token", text: word }
  return isNamed(text, start, word) ? { kind: "value", text: word } : undefined
}

/** Names of sums and of things, whose values look drawn and are no secrets. */
const sums = /^(?:sha\d*|md\d|hash|rev|commit|etag|digest|crc\d*|checksum|integrity|uuid|guid|ulid|blob|tree)$/i
/** Letters and digits of a ULID, which begins with its time. */
const ulid = /^0[\dA-HJKMNP-TV-Z]{25}$/

/** The tags before a token: words, numbers, and what says that it opens something. */
const isTag = /^(?:[a-z]{1,10}|[A-Z]{1,10}|[A-Z][a-z]{1,9}|\d|[\da-f]{8,})\d{0,3}$/
const opening = /key|sec|tok|pat|api|auth|cred|^sk$/i

/** Whether a word is a short tag or two and then something drawn, as most tokens of newer services are. */
const isTagged = (word: string): boolean => {
  const [, tag = "", rest = ""] = /^([A-Za-z]\w{0,9}?|[a-z]\d)[-_.~](.+)$/.exec(word) ?? []
  if (isTag.test(tag) && !sums.test(tag) && isDrawnApart(rest)) return true
  return word.split("/").some((path) => {
    const pieces = path.split(/[-_.~]/)
    const at = pieces.findIndex((piece, index) => index > 0 && isRandom(piece) && /\d/.test(piece) && !ulid.test(piece))
    const tags = pieces.slice(0, at)
    if (at === -1 || tags.length > 4 || !/^[A-Za-z]\w/.test(path)) return false
    if (!tags.every((tag) => isTag.test(tag) && !sums.test(tag))) return false
    // Names of built files end in "-" and a hash.
    return !isRandomHex(pieces[at] ?? "") || path[tags.join(" ").length] === "_" ||
      tags.some((tag) => opening.test(tag))
  })
}

/** Whether a word is a UUID behind tags of which one says that it opens something. */
const isOpeningUuid = (word: string): boolean =>
  isRandomUuid(word.slice(-36)) && word.length < 60 && opening.test(word.slice(0, -36))

/** What credentials are called; of keys, those whose name says what they open. */
const names = new RegExp(
  "passw(?:or)?d|passphrase|passcode|pwd|secret|token|credential|authorization|bearer|\\bbasic\\b|api[_-]?key|" +
    "(?<!public[_-]?|primary[_-]?|foreign[_-]?|cache[_-]?|site[_-]?|sort[_-]?|websocket[_-]?)(?<=[a-z][_-]?)key|" +
    "(?:\\b|_)(?:auth|pat|sig|login)\\b|signature|webhook|identified by",
  "gi"
)
/** What says that a value is a sum. */
const summed = /sha\d|md5|hash|digest|checksum|integrity|etag|fingerprint|commit|urn:/i
/** How the hash of a password begins, and how far before a word that may be. */
const hash = /\$(?:2[abxy]|argon2\w*|[156]|pbkdf2[\w-]*|scrypt)\$[^\s"']*$/
const hashReach = 100
/** What may stand between a name and its value. */
const operator = /^["'\]\\]*\s*(?:=>|:=|[:=,(]|\b(?:is|to|as|was)\s)\s*[\\"'`(]*$/
/** So far before a value its name may begin. */
const sight = 64

/** Whether a word looks drawn and stands behind the name of a credential. */
const isNamed = (text: string, start: number, word: string): boolean => {
  const isLong = isRandom(word)
  if (!isLong && !isRandomUuid(word)) return false
  const before = text.slice(Math.max(0, start - sight), start)
  const name = [...before.matchAll(names)].at(-1)
  if (name === undefined) return false
  const rest = before.slice(name.index + name[0].length)
  const isNext = operator.test(rest)
  if (summed.test(rest) || !isNext && rest.includes("\n")) return false
  if (!isLong) return isNext && /api[_-]?key|secret|token|passw/i.test(name[0])
  const readable = readableIn(word)
  return readable === undefined || isLogin(readable)
}

/** Whether a text is a user and a password that is worth something. */
const isLogin = (text: string): boolean => {
  const at = text.indexOf(":")
  return at > 0 && !isWeak(text.slice(at + 1), text.slice(0, at))
}

const keyHead = /-----BEGIN (?:[A-Z\d]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/g
/** So far behind its head the first line of a key may be: names and values may stand between. */
const keyReach = 400
/** The head of a key, in base64. */
const wrappedHead = /LS0tLS1CRUdJTi[A-Za-z\d+/]{20,}/g

const keyIn = (text: string): FoundSecret | undefined => {
  if (text.includes("PRIVATE KEY")) {
    for (const { 0: head, index } of text.matchAll(keyHead)) {
      const [behind = ""] = text.slice(index + head.length, index + head.length + keyReach).split("-----END")
      const [body] = /[A-Za-z\d+/]{20,}/.exec(behind) ?? []
      if (body !== undefined && /\d/.test(body) && !isPlaceholder(body)) return { kind: "key", text: body }
    }
  }
  if (text.includes("LS0tLS1CRUdJTi")) {
    for (const [wrapped] of text.matchAll(wrappedHead)) {
      if (readableIn(wrapped.slice(0, 32))?.includes("PRIVATE") === true) return { kind: "key", text: wrapped }
    }
  }
  return undefined
}

const address = /:\/\/([^\s/:@"'`<>]{0,64}):([^\s/@"'`<>]{1,128})@([^\s/"'`<>:,;)\]}]*)/g
/** Hosts that are nobody's, or this machine, or a word that stands for one. */
const nobody =
  /(?:^|\.)(?:example(?:\.\w+)?|test|invalid|localhost|local)$|^(?:127\.|0\.0\.0\.0|\[|10\.|192\.168\.)|^[\w-]*$|[{}$%]/i

const decoded = (text: string): string => text.replace(/%[\da-f]{2}/gi, "_")

const addressIn = (text: string): FoundSecret | undefined => {
  for (const [whole, user = "", password = "", host = ""] of text.matchAll(address)) {
    if (isWeak(decoded(password), user) || isPlaceholder(user)) continue
    if (isStrong(password) || !nobody.test(host)) return { kind: "address", text: whole }
  }
  return undefined
}

/** Lines of .netrc and of curl, headers, and logins to registries. */
const logins =
  /\bmachine\s+\S+\s+login\s+(\S+)\s+password\s+([^\s"'\\]+)|\bcurl\b[^\n]{0,300}?\s(?:-u|--user)[\s=]*["']?([^\s:"']+):([^\s"']+)|(?:\bBasic\s+|auth\\*["']\s*:\s*\\*["'])([A-Za-z\d+/]{12,})/g

const loginIn = (text: string): FoundSecret | undefined => {
  if (!["machine ", "curl ", "Basic ", "auth"].some((word) => text.includes(word))) return undefined
  for (
    const [whole, machine = "", password = "", user = machine, secret = password, basic = ""] of text.matchAll(logins)
  ) {
    if (basic === "" ? !isWeak(secret, user) : isLogin(readableIn(basic) ?? "")) return { kind: "value", text: whole }
  }
  return undefined
}

const passwordName =
  /pass(?!iv|ing|ed|es|ag|en)|pwd|secret|token|(?:api|auth|access|private|master|account|signing|logged_in)_?key|credential|identified by/gi
/** The rest of a name, an operator, and a value between quotes, or up to the next space where there are none. */
const value =
  /[\w-]{0,12}(?:\\*["'])?\]?\)?(?:(?:\s{0,4}(?:=>|:=|[:=,(])|[ \t](?:(?:is|to|as|was)\s)?)\s{0,4}\(?\\{0,3}(["'`])([^\s"'`\\<>]{8,128})\\{0,3}\1|(?:[ \t]{0,4}(?:=>|:=|[:=>])[ \t]{0,4}|[ \t](?:(?:is|to|as|was)[ \t])?)([^\s"'`()<>{}[\],;\\]{8,128})(?=[\s;"'`\\<&]|$))/y

const valueIn = (text: string): FoundSecret | undefined => {
  for (const { 0: name, index } of text.matchAll(passwordName)) {
    value.lastIndex = index + name.length
    const match = value.exec(text)
    const found = match?.[2] ?? match?.[3] ?? ""
    if (!isStrong(found) && !isRandom(found) || isWeak(found) || hash.test(found) || found.startsWith("urn:")) continue
    const readable = readableIn(found)
    if (readable === undefined || isLogin(readable)) return { kind: "value", text: found }
  }
  return undefined
}
