/** All that status can be asked. */
import { declare, toggle } from "../shared/asked/asked.ts"
import { text } from "../shared/asked/kinds.ts"

export const asked = declare({
  task: "status",
  summary: "how far a shared run has come",
  sentence: "Say how far a shared run has come: pieces, rate, time left, failures.",
  examples: ["dataset", "edits.jsonl", "dataset --json"],
  questions: {
    run: {
      kind: text("RUN"),
      heading: "Input",
      help: "Folder or file that the run writes",
      argument: "only",
      required: "Cannot start without a run: pass the folder or the file that it writes, as in retrace status dataset"
    },
    json: toggle({
      heading: "Output",
      help: "Print it as JSON",
      onlyTyped: true
    })
  }
})
