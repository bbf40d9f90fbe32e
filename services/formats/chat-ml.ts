/** ChatML, in which Qwen's models are shown a chat: each message between two tokens, behind the name of who says it. */

/** Ends a message. */
export const chatMlEnd = "<|im_end|>"
const start = "<|im_start|>"

/** What a model is told before a chat, and what it is asked. */
export interface ChatMlQuestion {
  readonly system: string
  readonly user: string
}

/** Renders a question, up to where the model begins to answer. */
export const renderChatMl = ({ system, user }: ChatMlQuestion): string =>
  `${start}system\n${system}${chatMlEnd}\n${start}user\n${user}${chatMlEnd}\n${start}assistant\n`

const question =
  /^<\|im_start\|>system\n([^]*?)<\|im_end\|>\n<\|im_start\|>user\n([^]*)<\|im_end\|>\n<\|im_start\|>assistant\n$/

/** Parses what `renderChatMl` wrote; undefined when it has another form. */
export const parseChatMl = (text: string): ChatMlQuestion | undefined => {
  const [, system, user] = question.exec(text) ?? []
  return system === undefined || user === undefined ? undefined : { system, user }
}
