/** What stands where a secret would: a word that says so, a template, or characters that repeat. */

/** Each in one case throughout, or with a capital: what is drawn would spell it in mixed ones. */
const words = new RegExp(
  [
    "example|EXAMPLE|Example|sample|SAMPLE|Sample|your|YOUR|Your|fake|FAKE|Fake|dummy|DUMMY|Dummy",
    "placeholder|PLACEHOLDER|redacted|REDACTED|insert|INSERT|change[_-]?(?:me|this)|CHANGE[_-]?(?:ME|THIS)",
    "[xX]{4}|\\*{3}|\\.{3}|…"
  ].join("|")
)

/** Shells, Jinja, Ruby, printf, and the brackets of manuals. */
const template = /\$\{|\{\{|\$\(|#\{|<[^<>]*>|\{[\w.]*\}|%[sdv]|%\(|^\$[A-Za-z_]|^%\w+%$/

/** A long text around a template is a secret in which two characters look like one. */
const isTemplate = (text: string): boolean => template.test(text) && text.replace(template, "").length < 30

/** A run of one character; a run of "A" is what zeros are in base64. */
const run = /([^A])\1{7}/

const isPeriodic = (text: string): boolean => {
  for (let period = 1; period <= Math.min(12, text.length / 2); period++) {
    if (text.startsWith(text.slice(period))) return true
  }
  return false
}

/**
 * Whether what has the form of a secret says that it is none.
 *
 * @example
 * isPlaceholder("AKIAIOSFODNN7EXAMPLE") // true
 */
export const isPlaceholder = (text: string): boolean =>
  words.test(text) || isTemplate(text) || run.test(text) || isPeriodic(text) ||
  text.length >= 16 && new Set(text).size <= 5

/** Whether eight digits or letters rise one by one, as in an alphabet. */
export const isSequence = (text: string): boolean => {
  let length = 1
  for (let at = 1; at < text.length; at++) {
    length = text.charCodeAt(at) === text.charCodeAt(at - 1) + 1 ? length + 1 : 1
    if (length === 8) return true
  }
  return false
}

/** Words that examples and tests take for passwords, and what they add to them. */
const weak =
  /^(?:[pw]|pwd|pass|word|passwd|passphrase|secret|s3cr3t|user|name|login|test|testing|tester|foo|bar|baz|qux|spam|token|key|guest|root|admin|postgres|mysql|mongo|redis|letmein|hunter|qwerty|abc|demo|default|none|null|undefined|blank|empty|my|the|some|any|auth|basic|netrc|proxy|credentials?|[^A-Za-z\d])*\d{0,5}!?$|^(.)\1*$|^[a-z_]+[_-](?:pass(?:word|wd)?|pwd|secret|token)$/i

/** Whether a password is what examples and tests take: words such as "pass", the user's own name, a placeholder. */
export const isWeak = (password: string, user = ""): boolean =>
  password.length < 6 || password.toLowerCase() === user.toLowerCase() || weak.test(password) || isPlaceholder(password)
