/** Elements made of data: text is only ever text. */
import type { Token, TokenLine } from "../web/protocol.ts"

export const element = (
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: ReadonlyArray<Node | string>
): HTMLElement => {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}

/** Finds an element that the page has from the start. */
export const byId = <E extends HTMLElement>(id: string, kind: new() => E): E => {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`the page has no #${id}`)
  return found
}

const token = ({ dark, isMarked, light, text }: Token): Node => {
  if (light === null && dark === null && isMarked !== true) return document.createTextNode(text)
  const span = element("span", isMarked === true ? { class: "marked" } : {}, text)
  if (light !== null) span.style.setProperty("--light", light)
  if (dark !== null) span.style.setProperty("--dark", dark)
  return span
}

export const lineElement = (line: TokenLine | null, className = ""): HTMLElement =>
  element("div", className === "" ? {} : { class: className }, ...(line ?? []).map(token))
