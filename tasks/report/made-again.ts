/** How a dataset was made: the command that makes it again, and what it cannot say. */
import { asked as generate } from "../generate/asked.ts"
import { asked as lintseq } from "../lintseq/asked.ts"
import type { Declaration } from "../shared/asked/asked.ts"
import { flagsFor, typedInShell } from "../shared/asked/typed-again.ts"
import type { Provenance, ReadRepository } from "../shared/provenance.ts"
import { asked as vimLoop } from "../vim-loop/asked.ts"
import { listed } from "./wording.ts"

export interface MadeAgain {
  /** To be copied into a shell. */
  readonly command: string
  /** What else has to be as it was: a sentence each. */
  readonly notes: ReadonlyArray<string>
}

const declarations: ReadonlyArray<Declaration> = [generate, lintseq, vimLoop]

/** Returns the command; null for files whose run left no metadata. */
export const madeAgain = (provenance: Provenance): MadeAgain | null => {
  const declaration = declarations.find(({ task }) => task === provenance.task)
  if (declaration === undefined) return null
  const { format, repositories, settings } = provenance
  const [only] = repositories
  const pinned = repositories.length === 1 && only !== undefined ? only.commit : null
  const flags = flagsFor(declaration, pinned === null ? settings : { ...settings, rev: pinned })
  const words = [
    "retrace",
    declaration.task,
    ...repositories.flatMap((one) => ["--repo", locationOf(one)]),
    ...readWith(provenance.read),
    ...flags,
    ...(format === null ? [] : ["--output-format", format.kind]),
    ...(format === null || format.shardRows === null ? [] : ["--shard-rows", String(format.shardRows)])
  ]
  return {
    command: typedInShell(words),
    notes: [
      ...(repositories.length > 1 ? [headsNote(repositories)] : []),
      ...(repositories.length === 0 && provenance.read === null ? ["What it read is not recorded: name it too."] : []),
      ...(repositories.some((one) => !isOnNetwork(one))
        ? ["A repository without a host in its name was a folder."]
        : [])
    ]
  }
}

const isOnNetwork = ({ repository }: ReadRepository): boolean => /^[\w-]+(?:\.[\w-]+)+\/./.test(repository)

const locationOf = (one: ReadRepository): string => isOnNetwork(one) ? `https://${one.repository}` : one.repository

const headsNote = (repositories: ReadonlyArray<ReadRepository>): string =>
  `The heads of the repositories were ${
    listed(repositories.map(({ commit, repository }) => `${commit ?? "no commit"} of ${repository}`))
  }.`

const readWith = (read: Provenance["read"]): ReadonlyArray<string> => {
  if (read === null) return []
  const samples = read.samples === null ? [] : ["--samples", String(read.samples)]
  return read.kind === "file" ? ["--input", read.name, ...samples] : ["--directory", read.name]
}
