/** Mistral's gap filler: prefix and suffix in the server's own layout. It does not say how likely a text is. */
import { versionedAddress } from "../model-server/addresses.ts"
import { readChat } from "./chat.ts"
import { identityOfModels } from "./openai.ts"
import { type Protocol, takesOnly } from "./protocol.ts"

export const mistralProtocol: Protocol = {
  name: "mistral",
  identity: identityOfModels,
  complete: (talk, question) => {
    const { asked, maxTokens, seed, stops, temperature } = question
    if (asked._tag !== "infill") return takesOnly(talk, asked, "a gap")
    return talk.ask(question, {
      url: versionedAddress(talk.endpoint, "/fim/completions"),
      body: {
        model: talk.model,
        prompt: asked.prefix,
        suffix: asked.suffix,
        max_tokens: maxTokens,
        temperature,
        top_p: 1,
        random_seed: seed,
        ...(stops.length === 0 ? {} : { stop: stops }),
        stream: talk.isStreamed
      },
      framing: "events",
      read: readChat
    })
  },
  likelihood: null
}
