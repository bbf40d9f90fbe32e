/** Which V8 this is. Code that one compiled ends the process of another. */
import { statSync } from "node:fs"
import { cachedDataVersionTag } from "node:v8"

/**
 * A name of the engine and what it was told: code that it compiled is good where the name is the same. V8's own tag says
 * its version, flags and processor; it is the same for releases of Node, and for builds of one, that differ in V8 too.
 */
export const engineName = () => {
  const { size } = statSync(process.execPath, { throwIfNoEntry: false }) ?? { size: 0 }
  return `${process.version}-${process.arch}-${size.toString(36)}-${cachedDataVersionTag().toString(36)}`
}
