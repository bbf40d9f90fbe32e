/** How many cuts a change or a file is given, and how many of them can be expected before its text is read. */

/** Returns the number of cuts for a change that adds so many UTF-16 units: one for a small one, up to three. */
export const cutsOfChange = (added: number): number => (added < 24 ? 1 : added < 100 ? 2 : 3)

/** Returns about how many cuts a file of so many UTF-16 units is given when it is cut as a whole. */
export const cutsOfFile = (length: number): number => Math.max(1, Math.round(length / unitsPerCut))

const unitsPerCut = 500

/** A smaller file hardly ever shows enough around a cut; bytes, and the part of its cuts that is kept. */
const smallFile = 250
const keptOfSmallFile = 0.1

/** The cuts that an added file gets on the average: many hold little but headers. */
const cutsOfAddedFile = 2

/**
 * Returns about how many cuts of a change are kept, from the sizes of its file in bytes: null before an added one. How
 * much a change adds is not known from them, only how much its file grows.
 */
export const expectedCutsOfChange = (oldSize: number | null, newSize: number): number =>
  (oldSize === null ? cutsOfAddedFile : cutsOfChange(newSize - oldSize)) * keptOf(newSize)

/** Returns about how many cuts of a whole file are kept, from its size in bytes. */
export const expectedCutsOfFile = (size: number): number => cutsOfFile(size) * keptOf(size)

const keptOf = (size: number): number => (size < smallFile ? keptOfSmallFile : 1)
