/** All that doctor can be asked. */
import { declare } from "../shared/asked/asked.ts"
import { text } from "../shared/asked/kinds.ts"

export const asked = declare({
  task: "doctor",
  summary: "which tools this machine has, and what does not work without the others",
  sentence: "Say which tools this machine has, and what does not work without the others.",
  examples: ["", "--endpoint http://127.0.0.1:8000/v1"],
  questions: {
    endpoint: {
      kind: text("URL"),
      heading: "Input",
      help: "Also ask this model server"
    }
  }
})
