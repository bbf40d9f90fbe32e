/** What every stage of generate is given, and how it fails. */
import type * as FileSystem from "@effect/platform/FileSystem"
import type { Compute } from "../../../services/Compute.ts"
import type { Crew } from "../../../services/Crew.ts"
import type { CommitGone, Git, NoSuchRevision } from "../../../services/Git.ts"
import type { CannotWrite, FolderTaken, Writer } from "../../../services/Writer.ts"
import type { WorkFailed } from "../../shared/dataset-run/item.ts"
import type { RunListener } from "../../shared/dataset-run/listener.ts"
import type { Losses } from "../../shared/dataset-run/losses.ts"
import type { NothingToDo } from "../../shared/dataset-run/nothing-to-do.ts"
import type { SourceFailed } from "../../shared/dataset-run/sources.ts"
import type { CannotReadInput, WrongUsage } from "../../shared/problems.ts"
import type { GenerateRequest } from "../generate-request.ts"
import type { CutIntoPieces } from "./request.ts"

export interface StageTools {
  readonly request: GenerateRequest
  readonly cut: CutIntoPieces
  readonly folderOf: Crew["Type"]["folderOf"]
  readonly lost: Losses
  readonly listen: RunListener
}

/** How a stage fails. */
export type StageFailed =
  | CommitGone
  | CannotReadInput
  | CannotWrite
  | FolderTaken
  | NoSuchRevision
  | NothingToDo
  | SourceFailed
  | WorkFailed
  | WrongUsage

/** What a stage runs on. */
export type StageNeeds = Compute | FileSystem.FileSystem | Git | Writer
