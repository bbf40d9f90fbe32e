/** All that serve-context can be asked. */
import { declare, toggle } from "../shared/asked/asked.ts"
import { concurrency } from "../shared/asked/common.ts"
import { duration, folder, oneOf, repeated, text, whole } from "../shared/asked/kinds.ts"

export const asked = declare({
  task: "serve-context",
  summary: "cross-file context for editors over JSON-RPC, from the index that makes training rows",
  sentence: "Serve cross-file signatures and lexical retrieval to editors, over JSON-RPC on standard input and output.",
  examples: [
    "",
    "--socket /tmp/retrace.sock",
    "--mcp --root .",
    "--next-edit http://127.0.0.1:8080 --next-edit-model zeta2.1",
    "--proxy-infill http://127.0.0.1:8012 --listen 8013"
  ],
  questions: {
    socket: {
      kind: { ...text("PATH|PORT"), takes: "a path of a Unix socket, or a port" },
      heading: "Server",
      help: "Serve several editors on a socket or a port",
      more: "The port is of 127.0.0.1, and its clients need the token that is printed."
    },
    mcp: toggle({
      heading: "Server",
      help: "Speak the Model Context Protocol",
      more: "It answers about the project of --root."
    }),
    proxyInfill: {
      kind: { ...text("URL"), takes: "a URL such as http://127.0.0.1:8012" },
      heading: "Server",
      help: "Add context to /infill of this llama.cpp server"
    },
    proxyNextEdit: {
      kind: { ...text("URL"), takes: "a URL such as http://127.0.0.1:8080" },
      heading: "Server",
      help: "Stand before a model server that editors ask for edits",
      more: "For editors that render the prompts themselves."
    },
    listen: {
      kind: whole({ from: 0, to: 65_535 }, "PORT"),
      heading: "Server",
      help: "With --proxy-infill or --proxy-next-edit: port of 127.0.0.1"
    },
    nextEdit: {
      kind: { ...text("URL"), takes: "a URL such as http://127.0.0.1:8080" },
      heading: "Model",
      help: "Offer edits that this model server proposes",
      more: "Its key is read from the variable RETRACE_API_KEY."
    },
    nextEditModel: {
      kind: text("NAME"),
      heading: "Model",
      help: "With --next-edit: the model, such as zeta2.1",
      more:
        "It decides what the model is shown: zeta2, zeta2.1, zeta1, sweep, sweep-v2 or instinct, or the name that a server knows one of them by."
    },
    nextEditProtocol: {
      kind: oneOf(["llama.cpp", "vllm", "openai", "ollama", "chat"], { placeholder: "NAME" }),
      heading: "Model",
      help: "With --next-edit: what the server speaks",
      more: "llama.cpp, vllm, openai, ollama, or chat for a model that chats.",
      default: "llama.cpp"
    },
    nextEditTimeout: {
      kind: duration(),
      heading: "Model",
      help: "With --next-edit: how long an answer may take",
      default: 5
    },
    errorCodes: {
      kind: oneOf(["original", "readme"]),
      heading: "Server",
      help: "The code of \"not initialized\"",
      more: "original is -32000, as the original answers; readme is -1, as its README says.",
      default: "original"
    },
    root: {
      kind: folder(),
      heading: "Context",
      help: "The project of --mcp and of both proxies",
      default: "."
    },
    includePaths: {
      kind: repeated(folder()),
      heading: "Context",
      flag: "include-path",
      help: "With --root: another folder to take context from",
      default: []
    },
    bm25Weighting: {
      kind: oneOf(["lucene", "okapi"]),
      heading: "Context",
      help: "How BM25 weighs frequent terms",
      more: "okapi weighs them as rank_bm25 does.",
      default: "lucene"
    },
    watch: toggle({
      heading: "Context",
      help: "Do not follow changes on disk",
      more: "Clients then report them.",
      default: true
    }),
    cache: toggle({
      heading: "Context",
      help: "Do not read or write the cache of indexes",
      default: true,
      onlyTyped: true
    }),
    concurrency
  }
})
