/** All that demo can be asked. */
import { declare, toggle } from "../shared/asked/asked.ts"
import { folder } from "../shared/asked/kinds.ts"

export const asked = declare({
  task: "demo",
  summary: "every task on a small repository that it builds itself",
  sentence: "Run every task on a small repository: no network, no model, less than a minute. It ends in the viewer.",
  examples: ["", "--output /tmp/demo --no-view"],
  questions: {
    output: {
      kind: folder(),
      heading: "Output",
      alias: "o",
      help: "Folder for all of it",
      default: "./retrace-demo"
    },
    view: toggle({ heading: "Output", help: "Do not end in the viewer", default: true })
  }
})
