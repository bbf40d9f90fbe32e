/** The same changes in files of different lengths, as the job of generate takes them. */
import { answersChosen } from "../../tasks/shared/asked/read.ts"
import * as Effect from "effect/Effect"
import { asked } from "../../tasks/generate/asked.ts"
import type { HistoryInput } from "../../tasks/generate/jobs.ts"
import { generateSettingsOf } from "../../tasks/generate/request.ts"
import { longSource } from "./long-sources.ts"

/** How many changes each history has. */
const changeCount = 12

/** Returns the job on a file of `count` functions of which one after the other is changed. */
export const changesOfLength = Effect.fnUntraced(function*(language: string, path: string, count: number) {
  const { settings } = yield* generateSettingsOf(yield* answersChosen(asked, { repositories: ["."] }))
  const encoder = new TextEncoder()
  const contents = new Map<string, Uint8Array>()
  const blobOf = (version: number): string => {
    const at = Math.floor(count * (version + 1) / (changeCount + 2))
    const text = version === 0
      ? longSource(language, count)
      : longSource(language, count, { at, to: `taken away, as in version ${version}` })
    const blob = version.toString(16).padStart(40, "a")
    contents.set(blob, encoder.encode(text))
    return blob
  }
  const blobs = Array.from({ length: changeCount + 1 }, (_, version) => blobOf(version))
  const changes = blobs.slice(1).map((newBlob, index) => ({
    commit: `c${index}`,
    parent: `p${index}`,
    subject: "Say what was taken",
    seconds: 0,
    path,
    oldPath: path,
    language,
    oldBlob: blobs[index] ?? "",
    newBlob
  }))
  const input: HistoryInput = {
    settings,
    repository: "long",
    location: ".",
    contents,
    lineages: [{ group: path, side: "train", changes }]
  }
  return input
})
