/** The end of a run or a sequence whose metadata is written beside its place. */
import { rm } from "node:fs/promises"
import { draftOf, nameDraft } from "../disk/disk.ts"
import type { Lock } from "./lock.ts"

/** Removes files, those that are there. */
export const removeAll = async (paths: ReadonlyArray<string>): Promise<void> => {
  for (const path of paths) await rm(path, { force: true })
}

/**
 * Removes what only the work needed, gives back the lock, and names the metadata last of all: where that is there,
 * nothing is left of the rest. `isNamed` says that it was there before, as after a kill.
 */
export const finishSealing = async (
  metadata: string,
  needless: ReadonlyArray<string>,
  held: Lock,
  isNamed: boolean
): Promise<void> => {
  await removeAll([...needless, ...(isNamed ? [draftOf(metadata)] : [])])
  await held.release()
  if (!isNamed) await nameDraft(metadata)
}
