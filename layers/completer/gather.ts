/** Reads answers of any protocol, whole and in pieces, and cuts them at the stops. */
import { createParser } from "eventsource-parser"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { faultUnderSuccess, inOneLine } from "../model-server/problem.ts"
import type { PieceReader, Reading } from "../model-server/server.ts"
import type { AnswerPiece, AskedAs } from "./protocol.ts"

/** What came of an answer. */
export interface GatheredAnswer extends AnswerPiece {
  readonly text: string
}

const parseJson = Schema.decodeUnknownOption(Schema.parseJson())

const failedWith = (detail: string, status = 200): Reading<never> => ({ _tag: "failed", status, detail })

const otherThanAsked = (text: string): Reading<never> =>
  failedWith(`it answers something else than this protocol does: ${inOneLine(text)}`)

/** Reads a JSON value of an answer. */
const readPiece = (text: string, read: AskedAs["read"]): Reading<AnswerPiece> => {
  const value = Option.getOrUndefined(parseJson(text))
  const fault = faultUnderSuccess(value)
  if (fault !== undefined) return fault
  const piece = read(value)
  if (piece === undefined) return otherThanAsked(text)
  return piece.lost === undefined || piece.lost === null ? { _tag: "said", value: piece } : failedWith(piece.lost)
}

/**
 * Returns where the first of the stops begins in a text, or its length: a server that leaves them in the text, ends
 * late, or was not told all of them counts like one that obeys.
 */
const stopIn = (text: string, stops: ReadonlyArray<string>): number =>
  Math.min(text.length, ...stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0))

/** Returns an answer without its first stop and what follows it. */
export const cutAtStops = <A extends { readonly text: string; readonly ended: AnswerPiece["ended"] }>(
  answer: A,
  stops: ReadonlyArray<string>
): A => {
  const end = stopIn(answer.text, stops)
  return end < answer.text.length ? { ...answer, text: answer.text.slice(0, end), ended: "stop" } : answer
}

/** Reads an answer that came whole. */
export const readWhole = (text: string, { read }: AskedAs, stops: ReadonlyArray<string>): Reading<GatheredAnswer> => {
  const said = readPiece(text, read)
  if (said._tag === "failed") return said
  const answer = said.value.text
  if (answer === null) return otherThanAsked(text)
  return { _tag: "said", value: cutAtStops({ ...said.value, text: answer }, stops) }
}

/** Gathers an answer that comes in pieces. */
export const gatherPieces = (
  { framing, read }: AskedAs,
  stops: ReadonlyArray<string>
): PieceReader<GatheredAnswer> => {
  let whole: GatheredAnswer = { text: "", ended: null, promptTokens: null, answerTokens: null }
  let failure: Reading<never> | undefined
  let isDone = false
  const take = (data: string) => {
    if (data === "[DONE]") {
      isDone = true
      return
    }
    const said = readPiece(data, read)
    if (said._tag === "failed") {
      failure ??= said
      return
    }
    const piece = said.value
    whole = {
      text: piece.isWhole === true && piece.text !== null ? piece.text : whole.text + (piece.text ?? ""),
      ended: piece.ended ?? whole.ended,
      promptTokens: piece.promptTokens ?? whole.promptTokens,
      answerTokens: piece.answerTokens ?? whole.answerTokens
    }
  }
  const feed = framing === "events" ? feedEvents(take) : feedLines(take)
  const isStopped = () => stopIn(whole.text, stops) < whole.text.length
  return {
    feed,
    hasBegun: () => whole.text !== "",
    // A server that was told the stop may still count its tokens: only one that writes on is left.
    isEnough: () => failure !== undefined || (whole.ended === null && isStopped()),
    isOver: () => isDone || whole.ended !== null,
    said: () => failure ?? { _tag: "said", value: cutAtStops(whole, stops) }
  }
}

const feedEvents = (take: (data: string) => void) => createParser({ onEvent: ({ data }) => take(data) }).feed

const feedLines = (take: (data: string) => void) => {
  let rest = ""
  return (text: string) => {
    const lines = (rest + text).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) if (line.trim() !== "") take(line)
  }
}
