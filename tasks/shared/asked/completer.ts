/** What every task that asks a model can be asked about its server. */
import { completerProtocols } from "../../../services/Completer.ts"
import { number, oneOf, text, whole } from "./kinds.ts"

/** How patient a task is with a model server. */
export const serverPatience = {
  requests: {
    kind: whole({ from: 1 }),
    heading: "Model",
    help: "Requests to the model server at a time",
    default: 4,
    isRecorded: false
  },
  requestTimeoutSeconds: {
    kind: number({ above: 0 }, "SECONDS"),
    heading: "Model",
    flag: "request-timeout",
    help: "How long each piece of an answer may take",
    default: 120,
    isRecorded: false
  },
  retries: {
    kind: whole({ from: 0 }),
    heading: "Model",
    help: "Repeats after 408, 429, 5xx or a timeout",
    default: 5,
    isRecorded: false
  }
} as const

/** Which model is asked, and how. */
export const completerAsked = {
  protocol: {
    kind: oneOf(completerProtocols, { placeholder: "NAME" }),
    heading: "Model",
    help: "What the model server speaks",
    more: `One of ${completerProtocols.join(", ")}; replay is a file of answers.`
  },
  endpoint: {
    kind: { ...text("URL"), takes: "an http or https address" },
    heading: "Model",
    help: "The model server, as in http://127.0.0.1:8080",
    more: "Its key is read from the variable RETRACE_API_KEY. With replay, a path of JSON Lines.",
    isRecorded: false
  },
  model: {
    kind: text("NAME"),
    heading: "Model",
    help: "The model's name on its server",
    otherwise: "the one that it runs"
  },
  ...serverPatience
} as const
