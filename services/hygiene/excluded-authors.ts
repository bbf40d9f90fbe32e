/** Authors who do not want to be in a dataset: by their e-mail addresses, or those of a domain. */

/** Returns whether the author with an e-mail address is left out. */
export type AuthorExclusion = (address: string) => boolean

/**
 * Returns what leaves out the authors of a list: an address is one author, "@" and a domain all authors of that domain and
 * of those below it. Case does not count.
 *
 * @example
 * excludedAuthors(["@mail.org"])("Ann@eu.mail.org") // true
 */
export const excludedAuthors = (list: ReadonlyArray<string>): AuthorExclusion => {
  const names = new Set(list.map((name) => name.toLowerCase()))
  return (address) => names.size > 0 && namesOf(address.toLowerCase()).some((name) => names.has(name))
}

/** What an address is left out by: itself, and its domain and all above it. */
const namesOf = (address: string): ReadonlyArray<string> => {
  const labels = address.slice(address.lastIndexOf("@") + 1).split(".")
  return [address, ...labels.map((_, at) => `@${labels.slice(at).join(".")}`)]
}

/** One author, or all of a domain. */
const form = /^[^\s@<>,]*@[^\s@<>,]+$/

/**
 * Returns the authors of a list of one a line, or the number of the first line, from 1, that names none. Behind "#" stand
 * comments, and a name may stand before an address, as in "Ann <ann@mail.org>".
 */
export const readAuthors = (text: string): ReadonlyArray<string> | number => {
  const authors: Array<string> = []
  for (const [at, line] of text.split(/\r\n|\r|\n/).entries()) {
    const plain = line.replace(/(?:^|\s)#.*$/, "").trim()
    if (plain === "") continue
    const named = /<([^<>]*)>$/.exec(plain)?.[1]?.trim() ?? plain
    if (!form.test(named)) return at + 1
    authors.push(named)
  }
  return authors
}

/** Whether a text is an address or "@" with a domain. */
export const isAuthor = (text: string): boolean => form.test(text)
