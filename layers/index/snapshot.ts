/**
 * An index as bytes: a head that says which program wrote it and what the rest must hash to, then the facts in V8's own
 * serialization, which is read several times faster than files are parsed.
 */
import { createHash } from "node:crypto"
import { deserialize, serialize } from "node:v8"
import type { FileFacts } from "./facts.ts"

export interface Snapshot {
  readonly facts: ReadonlyArray<FileFacts>
  readonly configs: ReadonlyArray<readonly [path: string, text: string]>
}

/** Raise this whenever the facts of an unchanged file come out differently, or another file is left out. */
const factsVersion = 7

const headLength = 64

const headOf = (body: Uint8Array): string =>
  `retrace index ${factsVersion} ${createHash("sha1").update(body).digest("hex")}\n`.padEnd(headLength, " ")

export const saveSnapshot = (snapshot: Snapshot): Uint8Array => {
  const body = serialize(snapshot)
  return Buffer.concat([Buffer.from(headOf(body), "latin1"), body])
}

/** Returns what `saveSnapshot` was given, or undefined for bytes that it did not write, or not all of them. */
export const readSnapshot = (bytes: Uint8Array): Snapshot | undefined => {
  const body = bytes.subarray(headLength)
  if (Buffer.from(bytes.subarray(0, headLength)).toString("latin1") !== headOf(body)) return undefined
  try {
    // The hash vouches for what the bytes are.
    return deserialize(body)
  } catch {
    // Written by a newer V8 than this one.
    return undefined
  }
}
