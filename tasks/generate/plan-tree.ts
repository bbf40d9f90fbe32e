/** Plans a run over the files of one revision. */
import * as Effect from "effect/Effect"
import type { Repository, TreeFile } from "../../services/Git.ts"
import { leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import { expectedCutsOfFile } from "../../services/cuts/how-many.ts"
import { leastTwinBytes, makeGroups, memberOf } from "../../services/history/groups.ts"
import { splitGroups } from "../../services/history/split.ts"
import { fingerprintOf, type HashPart } from "../../services/text/random.ts"
import { treeItem } from "./items.ts"
import type { FileInput } from "./jobs.ts"
import type { GeneratePlan } from "./plan.ts"
import { packPieces } from "../../services/history/pack.ts"
import { selectPath, testedStems } from "../../services/history/selection.ts"
import type { GenerateSettings } from "./settings.ts"

export const planTree = Effect.fn("generate.planTree")(function*(
  repositories: ReadonlyArray<Repository>,
  settings: GenerateSettings
) {
  const ledger: Ledger = {}
  const groups = makeGroups()
  const planned: Array<PlannedTree> = []
  for (const repository of repositories) {
    const { commit, files } = yield* repository.files(settings.rev)
    const tested = settings.testedOnly ? testedStems(files.map(({ path }) => path)) : null
    const selected = files.flatMap((file): ReadonlyArray<SelectedFile> => {
      const choice = file.kind === "file" ? selectPath(file.path, settings, tested) : undefined
      if (choice?._tag === "selected") return [{ ...file, language: choice.language.name }]
      leaveOut(ledger, "files", choice?.reason ?? file.kind)
      return []
    })
    const sizes = yield* repository.sizes(selected.map(({ blob }) => blob))
    const kept: Array<SizedFile> = []
    for (const [index, file] of selected.entries()) {
      const size = sizes[index] ?? null
      if (file.unread !== undefined) leaveOut(ledger, "files", file.unread)
      else if (size === null) leaveOut(ledger, "files", "missing object")
      else if (size > settings.maxFileBytes) leaveOut(ledger, "files", "too large")
      else {
        const member = memberOf(repository.name, file.path, settings.groupBy)
        groups.add(member, settings.groupBy === "file" && size >= leastTwinBytes ? [file.blob] : [])
        groups.weigh(member, { language: file.language, weight: expectedCutsOfFile(size) })
        kept.push({ ...file, size })
      }
    }
    planned.push({ repository, commit, files: kept })
  }
  const split = splitGroups(groups.all(), settings)
  const parts: Array<HashPart> = []
  const items = planned.flatMap(({ commit, files, repository }, index) =>
    packPieces(files, ({ size }) => size).map((packed) => {
      parts.push("tree", index)
      const inputs = packed.map(({ blob, language, path }): FileInput => {
        const group = groups.nameOf(memberOf(repository.name, path, settings.groupBy))
        const side = split.sideOf(group)
        parts.push(path, blob, group, side)
        return { path, language, blob, group, side }
      })
      return treeItem(repository, settings, commit, inputs)
    })
  )
  const plan: GeneratePlan = {
    items,
    isContinued: false,
    ledger,
    heads: planned.map(({ commit, repository }) => ({ repository: repository.name, commit })),
    split,
    size: planned.reduce((sum, { files }) => sum + files.length, 0),
    unit: "files",
    fingerprint: fingerprintOf(parts)
  }
  return plan
})

type SelectedFile = TreeFile & { readonly language: string }
type SizedFile = SelectedFile & { readonly size: number }

interface PlannedTree {
  readonly repository: Repository
  readonly commit: string | null
  readonly files: ReadonlyArray<SizedFile>
}
