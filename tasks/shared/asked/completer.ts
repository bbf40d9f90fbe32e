/** What every task that asks a model can be asked about its server. */
import { number, whole } from "./kinds.ts"

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
