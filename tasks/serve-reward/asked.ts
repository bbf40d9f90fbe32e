/** All that serve-reward can be asked. */
import { declare } from "../shared/asked/asked.ts"
import { concurrency } from "../shared/asked/common.ts"
import { mebibytes, number, oneOf, repeated, text, whole } from "../shared/asked/kinds.ts"
import { sandboxAsked } from "../shared/asked/sandbox.ts"

export const asked = declare({
  task: "serve-reward",
  summary: "rewards over HTTP for keystrokes that models answer, tried in that Vim",
  sentence: "Serve rewards for reinforcement learning over HTTP: completions are typed into a sandboxed Vim.",
  examples: [
    "",
    "--port 9000 --length-bonus 0.2 --concurrency 8"
  ],
  questions: {
    host: {
      kind: text("ADDRESS"),
      heading: "Server",
      help: "Address to listen on",
      more: "The default is reached from this machine only.",
      default: "127.0.0.1"
    },
    port: {
      kind: whole({ from: 0, to: 65_535 }, "PORT"),
      heading: "Server",
      help: "Port to listen on; 0 for any free port",
      default: 8765
    },
    allowHost: {
      kind: repeated(text("NAME")),
      heading: "Server",
      help: "Another name, or NAME:PORT, that clients call the server by",
      more:
        "It answers to the address that it listens on; behind a forwarded port or a name of your network, say it here.",
      default: []
    },
    lengthBonus: {
      kind: number({ from: 0 }),
      heading: "Server",
      help: "Most that a short right answer earns beyond 1",
      more: "Short means fewer keys than it takes to retype the text.",
      default: 0
    },
    maxQueue: {
      kind: whole({ from: 1 }),
      heading: "Server",
      help: "Completions that may wait",
      more: "A request beyond that is answered with 429.",
      default: 4096
    },
    maxBody: {
      kind: mebibytes({ from: 1 }),
      heading: "Server",
      help: "Largest request",
      default: 16 * 1024 * 1024
    },
    ...sandboxAsked,
    sandbox: {
      ...sandboxAsked.sandbox,
      kind: oneOf(["auto", "bubblewrap", "docker"], { placeholder: "NAME" }),
      help: "bubblewrap or docker; auto is bubblewrap",
      more: "A model chooses the keys, so Vim's restricted mode is not enough."
    },
    concurrency: { ...concurrency, help: "Vims at a time" }
  }
})
