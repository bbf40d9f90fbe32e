/**
 * Surveys: what there is to work on in each repository, before it is known on which side of the split it falls. A survey
 * is plain JSON, made from one repository alone.
 */
import type { LineageChange } from "../../../services/history/lineages.ts"
import type { Ledger } from "../../../services/rows/ledger.ts"
import type { SelectedChange } from "./read-history.ts"

/** What was found in one repository. */
export type RepositorySurvey = HistorySurvey | TreeSurvey

interface SurveyFacts {
  /** Its name. */
  readonly repository: string
  /** Newest commit in range, or the commit of the tree; null where there is none. */
  readonly head: string | null
  /** What was left out so far. */
  readonly ledger: Ledger
}

/** The changes of a history. */
export interface HistorySurvey extends SurveyFacts {
  readonly _tag: "history"
  /** Oldest first; of one commit in the order of their paths. */
  readonly changes: ReadonlyArray<SurveyedChange>
}

/** A change with both its blobs there. */
export interface SurveyedChange extends SelectedChange {
  readonly newBlob: string
  /** Bytes. */
  readonly oldSize: number
  readonly newSize: number
  /** Its place among all of its repository, the oldest first. */
  readonly place: number
  /** Whether it is worked on; one that is not, as it is too large, still keeps files together. */
  readonly isWorkedOn: boolean
  /** Whether it lies behind the moment of a split in time. */
  readonly isAfter: boolean
}

/** The files of one revision or folder. */
export interface TreeSurvey extends SurveyFacts {
  readonly _tag: "tree"
  readonly files: ReadonlyArray<SurveyedTreeFile>
}

/** A file that is worked on. */
export interface SurveyedTreeFile {
  readonly path: string
  readonly blob: string
  /** Name of the language. */
  readonly language: string
  /** Bytes. */
  readonly size: number
}

/** Returns a change as rows are made from it. */
export const lineageChangeOf = (change: SurveyedChange): LineageChange => {
  const { commit, language, newBlob, oldBlob, oldPath, parent, path, seconds, subject } = change
  return { commit, parent, subject, seconds, path, oldPath, language, oldBlob, newBlob }
}
