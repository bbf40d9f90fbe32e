/** The table of a task's flags in its README, made from its declaration. */
import { type Declaration, flagOf, type Heading, headings, type Question, type Questions } from "./asked.ts"

const cell = (text: string): string => text.replaceAll("|", "\\|")

const nameOf = (key: string, question: Question<unknown>): string => {
  const { alias, argument, kind } = question
  if (argument === "only") return `\`<${cell(kind.placeholder)}>\``
  const value = kind.placeholder === "" ? "" : ` <${kind.placeholder}>`
  const short = alias === undefined ? "" : `\`-${alias}\`, `
  return `${short}\`${cell(`${flagOf(key, question)}${value}`)}\``
}

const defaultOf = (
  { default: fallback, kind, otherwise, required, requiredUnless }: Question<unknown>,
  questions: Questions
): string => {
  if (otherwise !== undefined) return otherwise
  const instead = requiredUnless === undefined ? undefined : questions[requiredUnless]
  if (instead !== undefined) return `required, or \`${flagOf(requiredUnless ?? "", instead)}\``
  if (required !== undefined) return "required"
  const shown = fallback === undefined || kind.placeholder === "" ? "" : kind.show(fallback)
  return shown === "" ? "" : `\`${cell(shown)}\``
}

const whatOf = ({ argument, help, kind, more, originals }: Question<unknown>): string => {
  const sentences = [
    help,
    ...(more === undefined ? [] : [more]),
    ...(argument === "too" ? ["It may also be given as a plain argument."] : []),
    ...(kind.isList === true ? ["It may be repeated."] : []),
    ...(originals === undefined ? [] : [`The original's names work too: ${originals.join(", ")}.`])
  ]
  // Markdown would take what stands in angle brackets for HTML.
  return cell(sentences.map((sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`)).join(" "))
    .replaceAll("<", "\\<")
}

/** The name of a question in the library's options; none for one that only the command line has. */
const optionOf = (key: string, { onlyTyped }: Question<unknown>): string => (onlyTyped === true ? "" : `\`${key}\``)

/** Renders one table a heading, in Markdown. */
export const renderTable = (declaration: Declaration): string => {
  const of = new Map<Heading, Array<string>>()
  for (const [key, question] of Object.entries(declaration.questions)) {
    const row = `| ${nameOf(key, question)} | ${whatOf(question)} | ${defaultOf(question, declaration.questions)} | ${
      optionOf(key, question)
    } |`
    of.set(question.heading, [...of.get(question.heading) ?? [], row])
  }
  return headings.flatMap((heading) => {
    const rows = of.get(heading)
    return rows === undefined
      ? []
      : [
        `**${heading}**\n\n| flag | what it does | default | in the library |\n| --- | --- | --- | --- |\n${
          rows.join("\n")
        }`
      ]
  }).join("\n\n")
}
