/** What a person sees of a next edit: the region before and after, with the cursor, and what the user did before. */
import type { NextEditAnswer, ReadMoment } from "../next-edit/dialect.ts"
import type { EditEvent } from "../next-edit/example.ts"
import { countLines, endOfLine, lineStartsOf, startOfLine } from "../text/span.ts"
import { answers, type ChangeSection, code, edit, type Section } from "./picture.ts"

/** An answer to a prompt of a next edit, as it is written and as it is read. */
export interface PicturedAnswer {
  readonly name: string
  readonly text: string
  readonly isWanted: boolean
  readonly read: NextEditAnswer
}

/** A moment without its events, which are pictured apart. */
type PicturedMoment = Pick<ReadMoment, "above" | "region" | "below" | "cursor">

/** Returns the sections of a moment and its answers: of two answers the better one comes first, and they are compared. */
export const nextEditSections = (
  moment: PicturedMoment,
  given: ReadonlyArray<PicturedAnswer>
): ReadonlyArray<Section> => {
  const around = { prefix: moment.above, suffix: moment.below }
  const [better, worse] = given.map(({ name, read }) => ({ name, text: regionAfter(moment, read) }))
  const compared = better?.text === undefined || worse?.text === undefined
    ? []
    : [answers({ ...better, text: better.text }, { ...worse, text: worse.text }, around)]
  return [...compared, ...given.map((answer) => answerSection(moment, answer))]
}

const regionAfter = ({ region }: PicturedMoment, read: NextEditAnswer): string | undefined =>
  read._tag === "edit" ? read.text : read._tag === "no edit" ? region : undefined

const answerSection = (moment: PicturedMoment, { isWanted, name, read, text }: PicturedAnswer): Section => {
  const { above, below, cursor, region } = moment
  switch (read._tag) {
    case "edit":
      return edit({
        name: `${name}: what changes`,
        before: region,
        after: read.text,
        around: { prefix: above, suffix: below },
        isWanted,
        ...(cursor === null ? {} : { cursor })
      })
    case "no edit":
      return nothingChanges(moment, name, isWanted)
    case "unreadable":
      return code(`${name}: ${read.reason}`, text, isWanted ? "wanted" : "unwanted")
  }
}

/**
 * Where nothing is left to do, only the line of the cursor and a few around it are looked at. Regions of formats that do
 * not tell the cursor lie evenly around it.
 */
const nothingChanges = (
  { above, below, cursor, region }: PicturedMoment,
  name: string,
  isWanted: boolean
): ChangeSection => {
  const starts = lineStartsOf(region)
  const place = cursor ?? starts[starts.length >> 1] ?? 0
  const [start, end] = [startOfLine(region, place), endOfLine(region, place)]
  const text = region.slice(start, end)
  return {
    ...edit({
      name: `${name}: what changes`,
      before: text,
      after: text,
      around: { prefix: above + region.slice(0, start), suffix: region.slice(end) + below },
      isWanted,
      ...(cursor === null ? {} : { cursor: cursor - start })
    }),
    ifSame: "nothing is left to do"
  }
}

/** Longer edits, and those before the last few, are folded away. Lines. */
const shortEdit = 12
const lastEdits = 3

/** Returns a section for each edit that came before, oldest first. */
export const eventSections = (events: ReadonlyArray<EditEvent>): ReadonlyArray<Section> =>
  events.map(({ after, before, path }, place) => ({
    ...edit({ name: `edit ${place + 1} of ${events.length}: ${path}`, before, after }),
    isAside: place < events.length - lastEdits || Math.max(countLines(before), countLines(after)) > shortEdit
  }))
