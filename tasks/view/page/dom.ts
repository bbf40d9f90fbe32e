/** Elements made of data: text is only ever text. */

type Attributes = Readonly<Record<string, string>>

export const element = <Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: ReadonlyArray<Node | string>
): HTMLElementTagNameMap[Name] => {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}

/** A button that does something when it is clicked, or chosen with the keyboard. */
export const button = (attributes: Attributes, work: () => void, ...children: ReadonlyArray<Node | string>) => {
  const made = element("button", { type: "button", ...attributes }, ...children)
  made.addEventListener("click", work)
  return made
}

/** Finds an element that the page has from the start. */
export const byId = <E extends HTMLElement>(id: string, kind: new() => E): E => {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`the page has no #${id}`)
  return found
}

/** Says something in a field, unless a person is typing there: then what is typed stays. */
export const fillIn = (field: HTMLInputElement, text: string): void => {
  if (document.activeElement !== field) field.value = text
}

/** A count with its thousands apart. */
export const grouped = (count: number): string => count.toLocaleString("en-US")

/** A share of a whole in percent, as short as it can be told. */
export const shareText = (part: number, whole: number): string => {
  const share = whole === 0 ? 0 : part / whole * 100
  return `${share > 0 && share < 9.95 ? share.toFixed(1) : Math.round(share)} %`
}

/** A count of things by their name. */
export const countOf = (count: number, name: string): string => `${grouped(count)} ${name}${count === 1 ? "" : "s"}`
