/**
 * What clients call files, and what the project calls them. A client says a path or a URL; it may go through a link, write
 * letters with their marks in one piece or in two, or in another case where the disk takes them for the same. Whatever it
 * says, one file has one name here, or its own code would be context of itself.
 */
import { lstatSync, readdirSync, realpathSync } from "node:fs"
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { prefixOf } from "./project-files.ts"

export interface NamedProject {
  /** Absolute paths. */
  readonly root: string
  readonly includePaths: ReadonlyArray<string>
  /** Whether the project holds a file of this name. */
  readonly has: (name: string) => boolean
}

export interface FileNames {
  /** The name in the project of what a client says; an absolute path for a file outside. */
  readonly nameOf: (location: string) => string
  /** The name by which the project holds a file that the disk calls this. */
  readonly nameOnDisk: (name: string) => string
}

/** Returns the scheme of a URL; a drive of Windows is none. */
const schemeOf = (location: string): string | undefined => /^([a-z][a-z\d+.-]+):/i.exec(location)?.[1]?.toLowerCase()

/** Whether a URL names a file as it is worked on, rather than an older one that another program shows. */
export const isWorkingCopy = (uri: string): boolean => {
  const scheme = schemeOf(uri)
  return scheme === undefined || scheme === "file" || scheme === "untitled"
}

/** Returns the path that a file URL stands for; undefined for other URLs. */
export const pathOfUri = (uri: string): string | undefined => schemeOf(uri) === "file" ? pathIn(uri) : undefined

const pathIn = (uri: string): string | undefined => {
  if (!URL.canParse(uri)) return undefined
  const url = new URL(uri)
  if (!url.pathname.startsWith("/")) return undefined
  try {
    // Where shares have no names, a host is this machine by another one.
    return fileURLToPath(sep === "/" ? `file://${url.pathname}` : url)
  } catch {
    // A "%" that nobody wrote as "%25", or a "/" that somebody wrote as "%2F".
    return url.pathname.replace(/(?:%[\da-f]{2})+/gi, (escaped) => decoded(escaped) ?? escaped)
  }
}

const decoded = (escaped: string): string | undefined => {
  try {
    return decodeURIComponent(escaped)
  } catch {
    return undefined
  }
}

/** A folder whose files the project holds, and what their names begin with. */
interface Home {
  readonly folder: string
  readonly prefix: string
}

/** A place below a home. */
interface NamedPlace {
  readonly home: Home
  readonly inside: string
}

export const makeFileNames = ({ has, includePaths, root }: NamedProject): FileNames => {
  const named: ReadonlyArray<Home> = [
    ...includePaths.map((folder) => ({ folder, prefix: prefixOf(folder) })),
    { folder: root, prefix: "" }
  ]
  const homes = [...named, ...named.map(({ folder, prefix }) => ({ folder: realOf(folder), prefix }))]
  const nameAt = ({ home, inside }: NamedPlace) => home.prefix + inside

  /** The name by which the project holds what lies at a place, or would if its marks were written otherwise. */
  const heldAt = (place: NamedPlace): string | undefined => {
    const name = nameAt(place)
    if (has(name)) return name
    const { home: { folder, prefix }, inside } = place
    const form = ["NFC", "NFD"].map((form) => inside.normalize(form)).find((other) =>
      other !== inside && has(prefix + other) && isAbsentOrSame(join(folder, inside), join(folder, other))
    )
    return form === undefined ? undefined : prefix + form
  }

  return {
    nameOf: (location) => {
      const scheme = schemeOf(location)
      const file = resolve(root, (scheme === undefined ? undefined : pathIn(location)) ?? location)
      const direct = placeOf(homes, file)
      const held = direct && heldAt(direct)
      if (held !== undefined) return held
      const real = placeOf(homes, realOf(file))
      // Only what is not held as it was named is looked for on the disk, such as a file that was not there before.
      for (const place of [real, ...[direct, real].map((one) => one && spelled(one))]) {
        const found = place && heldAt(place)
        if (found !== undefined) return found
      }
      return direct !== undefined ? nameAt(direct) : real !== undefined ? nameAt(real) : file
    },
    nameOnDisk: (name) => heldAt({ home: { folder: root, prefix: "" }, inside: name }) ?? name
  }
}

/**
 * Returns where a file lies: homes are compared letter by letter first, then by what the letters look like, and then by
 * which folders they are, because a disk may take other letters for the same.
 */
const placeOf = (homes: ReadonlyArray<Home>, file: string): NamedPlace | undefined => {
  for (const form of [(path: string) => path, (path: string) => path.normalize("NFC")]) {
    for (const home of homes) {
      const inside = relative(form(home.folder), form(file))
      const isInside = inside !== "" && inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)
      if (isInside) return { home, inside: inside.split(sep).join("/") }
    }
  }
  const identities = homes.map(({ folder }) => identityOf(folder))
  for (let folder = dirname(file), inside = basename(file); folder !== dirname(folder); folder = dirname(folder)) {
    const identity = identityOf(folder)
    const home = identity === undefined ? undefined : homes[identities.indexOf(identity)]
    if (home !== undefined) return { home, inside }
    inside = `${basename(folder)}/${inside}`
  }
  return undefined
}

/** Returns a path without links; of what is not there, as far as there is something. */
const realOf = (file: string): string => {
  try {
    return realpathSync.native(file)
  } catch {
    const folder = dirname(file)
    return folder === file ? file : join(realOf(folder), basename(file))
  }
}

/** Returns a place by the names that its folders list, where the disk knows them by others too. */
const spelled = ({ home, inside }: NamedPlace): NamedPlace => {
  const parts: Array<string> = []
  for (const part of inside.split("/")) parts.push(listedAs(join(home.folder, ...parts), part))
  return { home, inside: parts.join("/") }
}

const listedAs = (folder: string, name: string): string => {
  const listed = namesIn(folder)
  if (listed.includes(name)) return name
  const alike = listed.filter((other) =>
    folded(other) === folded(name) && isAbsentOrSame(join(folder, name), join(folder, other))
  )
  // What is not there by this name is another file unless it looks the same.
  return alike.find((other) => other.normalize("NFC") === name.normalize("NFC")) ??
    alike.find((other) => identityOf(join(folder, other)) === identityOf(join(folder, name))) ?? name
}

const folded = (name: string): string => name.normalize("NFC").toLowerCase()

const namesIn = (folder: string): ReadonlyArray<string> => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const isAbsentOrSame = (file: string, other: string): boolean => {
  const identity = identityOf(file)
  return identity === undefined || identity === identityOf(other)
}

/** What cannot be looked at, such as a name that is too long, is not there. */
const identityOf = (file: string): string | undefined => {
  try {
    const { dev, ino } = lstatSync(file, { bigint: true })
    return `${dev} ${ino}`
  } catch {
    return undefined
  }
}
