/** How a model is named on the command line: a protocol and an address, a file of answers, or a baseline. */
import { type CompleterProtocol, completerProtocols } from "../../services/Completer.ts"
import { type BaselineName, baselines } from "../../services/text/baseline-infills.ts"
import type { Kind } from "../shared/asked/kinds.ts"

/** A model that is asked. */
export type ModelSpec =
  | { readonly _tag: "served"; readonly protocol: CompleterProtocol; readonly endpoint: string; readonly model: string }
  | { readonly _tag: "baseline"; readonly name: BaselineName }

const isBaseline = (name: string): name is BaselineName => Object.hasOwn(baselines, name)

/**
 * Reads the name of a model; undefined where it is none. The name that a server knows it by stands behind "#", which is
 * never sent to a server as a part of an address.
 */
export const parseModelSpec = (typed: string): ModelSpec | undefined => {
  const [, kind = "", rest = ""] = /^([\w.-]+)[=:](.+)$/s.exec(typed) ?? []
  if (kind === "baseline") return isBaseline(rest) ? { _tag: "baseline", name: rest } : undefined
  const protocol = completerProtocols.find((name) => name === kind)
  if (protocol === undefined) return undefined
  if (protocol === "replay") return { _tag: "served", protocol, endpoint: rest, model: "" }
  if (!URL.canParse(rest)) return undefined
  const url = new URL(rest)
  if (!/^https?:$/.test(url.protocol)) return undefined
  const model = decodeURIComponent(url.hash.slice(1))
  url.hash = ""
  return { _tag: "served", protocol, endpoint: url.href, model }
}

/** The kind of a model's name. */
export const modelNamed: Kind<string> = {
  placeholder: "MODEL",
  takes: `a protocol with an address, as in llama.cpp=http://127.0.0.1:8080 or ollama=http://127.0.0.1:11434#qwen, ` +
    `replay:FILE, or baseline:${Object.keys(baselines).join(" or baseline:")}; the protocols are ${
      completerProtocols.filter((name) => name !== "replay").join(", ")
    }`,
  read: (typed) => typed,
  is: (value): value is string => typeof value === "string" && parseModelSpec(value) !== undefined,
  show: String
}
