/**
 * The folder of a run of the program for its temporary files, and those of the programs that it starts. Its name says
 * whose it is, so the next run removes those of runs that were killed. What a run drafts elsewhere has the name of this
 * folder in its own name, and goes in the same way.
 */
import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync, utimesSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { isHeld, ownMark, placeOfNumbers } from "../disk/lock-owner.ts"

/** The number of a process, when it started, and where such numbers count. */
const name = /retrace-(\d+)-(\d*)-([\da-f]{8})(?![\da-f])/

/** Removes what dead runs of this user and place left in a folder; what cannot be removed is for another day. */
const sweep = (folder: string, place: string): void => {
  for (const entry of orNothing(() => readdirSync(folder)) ?? []) {
    const [, number = "", started = "", owners = ""] = name.exec(entry) ?? []
    if (owners !== place || isHeld(`${number} ${started}`.trim())) continue
    const path = join(folder, entry)
    orNothing(() => {
      // In a folder of all users, another one could turn his own into a link while it is removed.
      if (lstatSync(path).uid === process.getuid?.()) rmSync(path, { recursive: true, force: true })
    })
  }
}

const touchMillis = 12 * 3_600_000

const orNothing = <A>(work: () => A): A | undefined => {
  try {
    return work()
  } catch {
    return undefined
  }
}

/**
 * Makes the folder below `temporary`, to be removed when the process ends, and removes those of dead runs there and in
 * `drafts`. Returns undefined where none can be made: whoever needs one then says so.
 */
export const openRunFolder = (temporary: string, drafts: ReadonlyArray<string>): string | undefined => {
  // A run that another run started does not live in that one's folder, which may end first.
  const parent = name.test(basename(temporary)) ? dirname(temporary) : temporary
  const place = placeOfNumbers()
  for (const folder of [parent, ...drafts]) sweep(folder, place)
  const [number = "", started = ""] = ownMark().split(" ")
  const folder = join(parent, `retrace-${number}-${started.replace("-", "")}-${place}`)
  const made = orNothing(() => {
    mkdirSync(folder)
    // The user of a confined Vim passes through it, but does not look around.
    chmodSync(folder, 0o711)
    return folder
  })
  if (made === undefined) return undefined
  process.on("exit", () => orNothing(() => rmSync(made, { recursive: true, force: true })))
  // Systems remove what nobody touched for some days; a server runs longer.
  setInterval(() => orNothing(() => utimesSync(made, new Date(), new Date())), touchMillis).unref()
  return made
}
