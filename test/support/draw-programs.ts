/** Draws paths of programs as the job of lintseq does, without the program around it. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { replayPath } from "../../services/edits/edit-format.ts"
import { jobTable } from "../../tasks/job-table.ts"
import { asked } from "../../tasks/lintseq/asked.ts"
import { type LintseqOutput, type RowsInput, rowsJob } from "../../tasks/lintseq/jobs.ts"
import { lintseqSettingsOf } from "../../tasks/lintseq/request.ts"
import type { Choices } from "../../tasks/shared/asked/asked.ts"
import { answersChosen } from "../../tasks/shared/asked/read.ts"
import { joinLines } from "../../services/text/lines.ts"
import { rowsIn } from "./program.ts"

/** The jobs of this thread, made once. */
const table = Effect.runSync(Effect.cached(jobTable))

/** Runs the job on programs and gives its rows. */
export const drawPrograms = async (
  programs: ReadonlyArray<{ readonly code: string; readonly language?: string }>,
  choices: Choices<typeof asked> = {}
) => {
  const settings = await Effect.runPromise(Effect.flatMap(answersChosen(asked, choices), lintseqSettingsOf))
  const lines = programs.map(({ code, language }) =>
    `${JSON.stringify({ instruction: "do", response: code, language })}\n`
  )
  const input: RowsInput = {
    settings,
    source: "x.jsonl",
    indices: programs.map((_, at) => at),
    bytes: new TextEncoder().encode(lines.join(""))
  }
  const handler = (await Effect.runPromise(table))[rowsJob.name]
  assert(handler !== undefined)
  const output = await Effect.runPromise(handler(input as never)) as LintseqOutput
  const decoder = new TextDecoder()
  return {
    rows: rowsIn(decoder.decode(output.rows)),
    rejected: rowsIn(decoder.decode(output.rejected)),
    ledger: output.ledger
  }
}

/** The text that the first edits of a path build. */
export const textAfter = (path: ReadonlyArray<string>, count = path.length): string =>
  joinLines({ lines: replayPath("udiff", path.slice(0, count)), isOpen: false })
