/**
 * A session that asks a scripted model for edits, and what a user does in it. `promptsOf` plays examples as an editor would
 * tell them, and gives the prompts that the server sends: what rows are made of must be what is served.
 */
import * as Effect from "effect/Effect"
import * as TreeSitterParser from "../../layers/parser/TreeSitterParser.ts"
import { Completer, type ModelAnswer, type ModelQuestion } from "../../services/Completer.ts"
import type { Dialect } from "../../services/next-edit/dialect.ts"
import type { EditEvent, EditMoment, RelatedExcerpt } from "../../services/next-edit/example.ts"
import { lineDiff } from "../../services/text/diff.ts"
import { type EditModelOptions, makeEditModel } from "../../tasks/serve-context/next-edit/edit-model.ts"
import { positionOf } from "../../tasks/serve-context/place.ts"
import type { Workspace } from "../../tasks/shared/workspace.ts"
import { type RunningSession, startSession } from "./session.ts"

type Answering = ReturnType<Completer["Type"]["complete"]>

/** An answer of a model that was not cut off. */
export const said = (text: string, ended: ModelAnswer["ended"] = "stop"): ModelAnswer => ({
  text,
  ended,
  promptTokens: null,
  answerTokens: null,
  millis: 1,
  firstMillis: null
})

/** A model that answers as it is told to. */
export const scriptedModel = (
  options: Omit<EditModelOptions, "timeoutMillis"> & { readonly timeoutMillis?: number },
  answer: (question: ModelQuestion) => Answering
) =>
  Effect.runSync(
    makeEditModel({ timeoutMillis: 60_000, ...options }).pipe(
      Effect.provideService(
        Completer,
        Completer.of({
          concurrency: 1,
          identity: Effect.succeed({ protocol: "", model: "", server: "" }),
          complete: answer,
          likelihood: null
        })
      ),
      Effect.provide(TreeSitterParser.layer)
    )
  )

/** One change of one file. A pause makes an event of its own of what follows. */
export interface EditStep extends EditEvent {
  readonly isAfterPause: boolean
}

/** What a user did, and where the question comes. */
export interface PlayedMoment {
  readonly steps: ReadonlyArray<EditStep>
  readonly file: EditMoment["file"]
  readonly cursor: number
  /** What the project tells of the place. */
  readonly related: ReadonlyArray<RelatedExcerpt>
}

/** The moment of an example, each of whose events was one change. */
export const playedAs = ({ cursor, events, file, related }: EditMoment): PlayedMoment => ({
  steps: events.map((event) => ({ ...event, isAfterPause: true })),
  file,
  cursor,
  related
})

const root = "/project"
const uriOf = (path: string) => `file://${root}/${path.split("/").map(encodeURIComponent).join("/")}`

/** The smallest change of whole lines between two texts, as an editor sends it. */
export const changeOf = (before: string, after: string) => {
  const hunks = lineDiff(before, after)
  const [first, last] = [hunks[0], hunks.at(-1)]
  if (first === undefined || last === undefined) return { text: after }
  return {
    range: {
      start: positionOf(before, first.old.start, "utf-16"),
      end: positionOf(before, last.old.end, "utf-16")
    },
    text: after.slice(first.new.start, last.new.end)
  }
}

/** Tells a session of files as an editor does. */
export const makeEditor = (session: Pick<RunningSession, "tell">) => {
  const texts = new Map<string, string>()
  const versions = new Map<string, number>()
  const versionOf = (path: string) => {
    const version = (versions.get(path) ?? 0) + 1
    versions.set(path, version)
    return version
  }
  const close = (path: string) => {
    if (!texts.delete(path)) return
    session.tell("textDocument/didClose", { textDocument: { uri: uriOf(path) } })
  }
  /** Sees to it that a file is open with this text, without an edit. */
  const open = (path: string, text: string) => {
    if (texts.get(path) === text) return
    close(path)
    texts.set(path, text)
    const document = { uri: uriOf(path), languageId: "", version: versionOf(path), text }
    session.tell("textDocument/didOpen", { textDocument: document })
  }
  const edit = (path: string, after: string) => {
    const before = texts.get(path) ?? ""
    texts.set(path, after)
    session.tell("textDocument/didChange", {
      textDocument: { uri: uriOf(path), version: versionOf(path) },
      contentChanges: [changeOf(before, after)]
    })
  }
  const at = (path: string, cursor: number) => ({
    textDocument: { uri: uriOf(path), version: versions.get(path) },
    position: positionOf(texts.get(path) ?? "", cursor, "utf-16")
  })
  return { open, close, edit, at, textOf: (path: string) => texts.get(path) }
}

/** A project without files of its own, which tells of each place what it is told to. */
export const toldWorkspace = (related: () => ReadonlyArray<RelatedExcerpt>): Workspace => ({
  size: () => ({ files: 0, chunks: 0 }),
  edition: () => 0,
  ledger: {},
  pathOf: (location) => decodeURIComponent(location).replace(`file://${root}/`, ""),
  locate: () => "",
  context: () => Effect.succeed({ text: "", snippets: [] }),
  related: () => Effect.sync(related),
  lookUp: () => Effect.die("not asked here"),
  read: () => Effect.succeed(null),
  refresh: () => Effect.void
})

/** Returns what the server asks the model in each moment; undefined where it asks nothing. */
export const promptsOf = async (
  dialect: Dialect,
  moments: ReadonlyArray<PlayedMoment>
): Promise<ReadonlyArray<string | undefined>> => {
  const prompts: Array<string | undefined> = []
  for (const { cursor, file, related, steps } of moments) {
    let millis = 0
    let asked: string | undefined
    const model = scriptedModel({ dialect, millis: Effect.sync(() => millis) }, (question) =>
      Effect.sync(() => {
        asked = question.asked._tag === "raw" ? question.asked.prompt : JSON.stringify(question.asked)
        return said("")
      }))
    const session = startSession({ edits: model }, () => Effect.succeed(toldWorkspace(() => related)))
    await session.ask("initialize", { capabilities: {}, rootUri: `file://${root}` })
    const editor = makeEditor(session)
    for (const { after, before, isAfterPause, path } of steps) {
      editor.open(path, before)
      // The session reads the clock when it is told, so it has to have been told before the clock moves on.
      await session.ask("workspace/executeCommand", { command: "none" })
      millis += isAfterPause ? 1000 : 1
      editor.edit(path, after)
      await session.ask("workspace/executeCommand", { command: "none" })
    }
    editor.open(file.path, file.text)
    await session.ask("textDocument/copilotInlineEdit", editor.at(file.path, cursor))
    await session.close()
    prompts.push(asked)
  }
  return prompts
}
