/**
 * Finds and masks e-mail addresses, public IPv4 addresses and phone numbers in texts. Names of people are not looked for,
 * and an address that is spelled out in words is not found: what is masked here makes a text less telling and not
 * anonymous.
 */
import type { Span } from "../text/span.ts"

/** What is looked for. */
export type PersonalKind = "e-mail" | "IP address" | "phone number"

/** What was found. */
export interface PersonalData {
  readonly kind: PersonalKind
  readonly text: string
  readonly span: Span
}

/**
 * Returns the personal data of a text, in order; in time linear in the text.
 *
 * @example
 * personalDataIn("by Ann <ann@mail.org>").map(({ text }) => text) // ["ann@mail.org"]
 */
export const personalDataIn = (text: string): ReadonlyArray<PersonalData> =>
  [...emailsIn(text), ...addressesIn(text), ...phonesIn(text)].sort((a, b) => a.span.start - b.span.start)

const foundAt = (kind: PersonalKind, text: string, start: number): PersonalData => ({
  kind,
  text,
  span: { start, end: start + text.length }
})

/** The longest name before the "@" that is read. */
const longestName = 64
const name = /[A-Za-z\d][\w.+-]*$/
const domain = /(?:[A-Za-z\d][A-Za-z\d-]{0,62}\.){1,8}([A-Za-z]{2,24})(?![\w(-]|\.\w)/y
/** Domains that are nobody's, and what stands behind a dot where a file or a version is named. */
const nobodys = /(?:^|\.)(?:example\.\w+|example|test|invalid|localhost|local)$/i
const fileEnd = /^(?:png|jpe?g|gif|svg|webp|ico|css|scss|less|m?[jt]sx?|json|ya?ml|html?|md|py|go|rs|java|so|dll|git)$/i
/** Names that stand for a program. */
const programs = /^(?:git|hg|svn|user|username|noreply|no-reply|root)$/i
/** The head of an address of the web, in which a name and a password may stand before "@". */
const webHead = /\/\/[^\s/@]*$/

const emailsIn = (text: string): ReadonlyArray<PersonalData> => {
  const found: Array<PersonalData> = []
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    const before = text.slice(Math.max(0, at - 2 * longestName), at)
    const [who = ""] = name.exec(before.slice(-longestName)) ?? []
    if (who === "" || programs.test(who) || webHead.test(before)) continue
    domain.lastIndex = at + 1
    const [where = "", end = ""] = domain.exec(text) ?? []
    if (where === "" || nobodys.test(where) || fileEnd.test(end)) continue
    found.push(foundAt("e-mail", `${who}@${where}`, at - who.length))
  }
  return found
}

const address = /(?<![\w.-])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?![\w-]|\.\d)/g

const addressesIn = (text: string): ReadonlyArray<PersonalData> =>
  [...text.matchAll(address)].flatMap(({ 0: found, index, ...parts }) => {
    const numbers = [1, 2, 3, 4].map((part) => Number(parts[part]))
    return isPublic(numbers) ? [foundAt("IP address", found, index)] : []
  })

/** Whether an address may be that of a person's machine: those of small numbers are versions, tests and name servers. */
const isPublic = ([a = 0, b = 0, c = 0, d = 0]: ReadonlyArray<number>): boolean => {
  if ([a, b, c, d].some((part) => part > 255) || [a, b, c, d].every((part) => part < 10)) return false
  const isPrivate = a === 0 || a === 10 || a === 127 || a === 169 && b === 254 || a === 172 && b >= 16 && b < 32 ||
    a === 192 && b === 168 || a === 100 && b >= 64 && b < 128
  // 192.0.2.0/24, 198.51.100.0/24 and 203.0.113.0/24 stand in documentation (RFC 5737).
  const isExample = a === 192 && b === 0 || a === 198 && (b === 51 && c === 100 || b === 18 || b === 19) ||
    a === 203 && b === 0 && c === 113
  return !isPrivate && !isExample && a < 224
}

/** Numbers with a country's code in front, or written as in North America. */
const phone =
  /(?<![\w.+-])(?:\+\d{1,3}[ .-]?(?:\(\d{1,5}\)[ .-]?)?\d{1,5}(?:[ .-]\d{2,5}){2,4}|\(\d{3}\) ?\d{3}[-.]\d{4})(?![\w-])/g
/** Numbers that are kept for films and books. */
const fictional = /555.?01\d\d$/

const phonesIn = (text: string): ReadonlyArray<PersonalData> =>
  [...text.matchAll(phone)].flatMap(({ 0: found, index }) => {
    const digits = found.replace(/\D/g, "").length
    return digits < 8 || digits > 15 || fictional.test(found) ? [] : [foundAt("phone number", found, index)]
  })

/** Texts of one row with what stands for personal data. */
export interface MaskedTexts {
  readonly texts: ReadonlyArray<string>
  /** How many places were masked. */
  readonly masked: number
}

/** Stands for the datum of a number; none of these is found as personal data. */
const placeholder = (kind: PersonalKind, number: number): string => {
  switch (kind) {
    case "e-mail":
      return `person${number}@example.com`
    case "IP address":
      return `192.0.2.${number % 256}`
    case "phone number":
      return `+1-202-555-01${String(number % 100).padStart(2, "0")}`
  }
}

/**
 * Masks the personal data in the texts of a row. The same datum becomes the same placeholder in all of them, numbered in
 * the order in which they come; what is masked already stays as it is.
 */
export const maskPersonalData = (texts: ReadonlyArray<string>): MaskedTexts => {
  const given = new Map<string, string>()
  const counts = new Map<PersonalKind, number>()
  let masked = 0
  const placeholderOf = ({ kind, text }: PersonalData): string => {
    const key = kind === "e-mail" ? text.toLowerCase() : text
    const known = given.get(key)
    if (known !== undefined) return known
    for (;;) {
      const number = (counts.get(kind) ?? 0) + 1
      counts.set(kind, number)
      const fresh = placeholder(kind, number)
      // A text that was masked before, as a whole or in part, holds placeholders of its own.
      if (number < 100 && texts.some((text) => text.includes(fresh))) continue
      given.set(key, fresh)
      return fresh
    }
  }
  return {
    texts: texts.map((text) => {
      let [out, at] = ["", 0]
      for (const found of personalDataIn(text)) {
        if (found.span.start < at) continue
        out += text.slice(at, found.span.start) + placeholderOf(found)
        at = found.span.end
        masked++
      }
      return out + text.slice(at)
    }),
    masked
  }
}
