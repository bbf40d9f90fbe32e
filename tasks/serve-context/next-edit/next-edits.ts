/**
 * The next edits of a session: what its user did in all buffers, and one question to the model a buffer at a time. An edit
 * belongs to the text that it was asked for; where that changes, or a newer question comes, there is none.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberHandle from "effect/FiberHandle"
import { basename, isAbsolute } from "node:path"
import { ancestorsAt, grammarOf, spanAround } from "../../../services/next-edit/ancestors.ts"
import type { ShownMoment } from "../../../services/next-edit/dialect.ts"
import { makeEditLog } from "../../../services/next-edit/edit-log.ts"
import type { EditMoment, NamedFile } from "../../../services/next-edit/example.ts"
import { type EditOffer, offerOf } from "../../../services/next-edit/offer.ts"
import { relatedRequest } from "../../../services/next-edit/related.ts"
import { orGivenUp } from "../../../services/Parser.ts"
import { isIllFormed } from "../../../services/rows/well-formed.ts"
import { differingMiddle, lineDiff } from "../../../services/text/diff.ts"
import { withLineFeeds } from "../../../services/text/lines.ts"
import { makeRecentTrees } from "../../../services/text/recent-trees.ts"
import type { Workspace } from "../../shared/workspace.ts"
import type { DocumentListener, Documents, OpenDocument } from "../documents.ts"
import { offsetAt, type OffsetEncoding, type Position } from "../place.ts"
import type { EditModel } from "./edit-model.ts"

/** Where a client asks for an edit. */
export interface EditQuestion {
  readonly uri: string
  /** The version of the buffer that the client sees; undefined where it does not say. */
  readonly version: number | undefined
  readonly position: Position
  readonly encoding: OffsetEncoding
}

/** An edit, and what it is an edit of. */
export interface FoundEdit {
  readonly document: OpenDocument
  /** The text of the buffer with "\n" for every line end, to which the offsets of the offer belong. */
  readonly text: string
  /** How lines of the buffer end. */
  readonly lineEnd: "\n" | "\r\n"
  readonly cursor: number
  readonly offer: EditOffer
}

export interface NextEdits {
  /** Hears of what the user does. */
  readonly heard: DocumentListener
  /** Begins to look for an edit: what is there now is taken in at once, and the effect within finds it. */
  readonly begin: (workspace: Workspace, question: EditQuestion) => Effect.Effect<Effect.Effect<FoundEdit | undefined>>
}

/** Questions of one session under way at a time; a client that asks about more buffers gets no edit for the oldest. */
const mostUnderWay = 16

/** Editors ask some time after the last key. What can be known without the question is got ready then. */
const untilReady = "10 millis"

/** A place, and what the model is shown of it; nothing where it cannot be shown. */
interface LookedAt {
  readonly path: string
  readonly text: string
  readonly cursor: number
  /** That of the project. */
  readonly edition: number
  readonly seen: { readonly moment: EditMoment; readonly shown: ShownMoment } | undefined
}

export const makeNextEdits = Effect.fnUntraced(function*(
  model: EditModel,
  documents: () => Documents,
  opened: () => Workspace | undefined
) {
  const { dialect, parser } = model
  const log = makeEditLog()
  const trees = makeRecentTrees(lineDiff)
  const readying = yield* FiberHandle.make()
  let ready: LookedAt | undefined
  /** What ends the question of a buffer without an edit. */
  const underWay = new Map<string, Deferred.Deferred<undefined>>()

  const endOf = (path: string) => {
    const ending = underWay.get(path)
    underWay.delete(path)
    return ending === undefined ? Effect.void : Deferred.succeed(ending, undefined)
  }

  const ancestorsIn = (file: NamedFile, cursor: number): Effect.Effect<EditMoment["ancestors"]> => {
    const grammar = dialect.growsAlongSyntax ? grammarOf(file) : undefined
    if (grammar === undefined) return Effect.succeed([])
    return parser.open(grammar).pipe(
      Effect.map((opened) =>
        orGivenUp(() => {
          const tree = trees.parserOf(file.path, grammar, opened).parse(file.text)
          return ancestorsAt(tree.nodes(spanAround(cursor)), cursor)
        })
      ),
      Effect.map((spans) => typeof spans === "string" ? [] : spans),
      // A language whose grammar cannot be loaded has no syntax, here as in the index.
      Effect.orElseSucceed(() => [])
    )
  }

  const lookAt = Effect.fnUntraced(
    function*(workspace: Workspace, path: string, text: string, cursor: number, events: EditMoment["events"]) {
      const related = yield* workspace.related(
        documents().texts,
        relatedRequest(dialect, { path, text }, cursor, events)
      )
      const file = { path: nameIn(path), text }
      const moment: EditMoment = { file, cursor, events, related, ancestors: yield* ancestorsIn(file, cursor) }
      const made = dialect.show(moment)
      const looked: LookedAt = {
        path,
        text,
        cursor,
        edition: workspace.edition(),
        seen: made._tag === "refused" || isIllFormed(made.shown.prompt) ? undefined : { moment, shown: made.shown }
      }
      return looked
    }
  )

  /** Looks at the place where the user most likely is. */
  const getReady = (path: string, before: string, text: string) =>
    Effect.suspend(() => {
      const workspace = opened()
      if (workspace === undefined) return Effect.void
      const { tail } = differingMiddle(before, text)
      return Effect.map(lookAt(workspace, path, text, text.length - tail, log.events()), (looked) =>
        void (ready = looked))
    })

  const heard: DocumentListener = Effect.fnUntraced(function*(path, before, after) {
    ready = undefined
    yield* FiberHandle.clear(readying)
    yield* endOf(path)
    if (after === undefined) return
    const text = withLineFeeds(after)
    if (before === undefined) {
      // What follows is parsed from the tree that is made here, and no question waits for a whole file.
      yield* ancestorsIn({ path: nameIn(path), text }, 0)
      return
    }
    const old = withLineFeeds(before)
    log.edited(nameIn(path), old, text, yield* model.millis)
    yield* FiberHandle.run(readying, Effect.delay(getReady(path, old, text), untilReady))
  })

  const find = Effect.fnUntraced(function*({ seen }: LookedAt) {
    if (seen === undefined) return undefined
    const { moment, shown } = seen
    const answer = yield* model.ask(shown)
    if (answer === undefined) return undefined
    const offer = offerOf(moment, shown, dialect.parse(withLineFeeds(answer), shown, moment))
    return offer._tag === "none" || /\r|\p{Surrogate}/u.test(offer.text) ? undefined : offer
  })

  const begin: NextEdits["begin"] = (workspace, { encoding, position, uri, version }) =>
    Effect.gen(function*() {
      const path = workspace.pathOf(uri)
      const raw = documents().texts.get(path)
      const document = documents().opened.get(path)
      yield* endOf(path)
      const isOther = version !== undefined && version !== document?.version
      // Where "\r" stands before "\r\n", its lines would be counted otherwise.
      if (raw === undefined || document === undefined || isOther || raw.includes("\r\r\n")) {
        return Effect.succeed(undefined)
      }
      const text = withLineFeeds(raw)
      const cursor = offsetAt(text, position, encoding)
      const isReady = ready?.path === path && ready.cursor === cursor && ready.text === text &&
        ready.edition === workspace.edition()
      const looking = ready !== undefined && isReady
        ? Effect.succeed(ready)
        : lookAt(workspace, path, text, cursor, log.events())
      const ending = Deferred.unsafeMake<undefined>(yield* Effect.fiberId)
      const [oldest] = underWay.keys()
      if (underWay.size >= mostUnderWay && oldest !== undefined) yield* endOf(oldest)
      underWay.set(path, ending)
      return Effect.raceFirst(Effect.flatMap(looking, find), Deferred.await(ending)).pipe(
        Effect.map((offer): FoundEdit | undefined =>
          offer && { document, text, lineEnd: raw.includes("\r\n") ? "\r\n" : "\n", cursor, offer }
        ),
        Effect.ensuring(Effect.sync(() => {
          if (underWay.get(path) === ending) underWay.delete(path)
        }))
      )
    })

  const edits: NextEdits = { heard, begin }
  return edits
})

/** What a model is told that a file is called: where a file outside the project lies is nobody's business. */
const nameIn = (path: string): string => isAbsolute(path) ? basename(path) : path
