/** Pages of help on what is too long for a flag: the models and the languages there are. */
import { presets } from "../../../services/formats/presets.ts"
import { languageNamed, languageNames } from "../../../services/text/language.ts"
import { wrapWords } from "./help.ts"

const renderModels = (): string => {
  const width = Math.max(...[...presets.keys()].map((name) => name.length))
  return [
    "Models whose tokens --base-model writes. A name of the Hugging Face Hub, such as",
    "Qwen/Qwen2.5-Coder-7B, stands for the model that it belongs to.",
    "",
    `${"MODEL".padEnd(width)}  FORMATS         SPM`,
    ...[...presets.values()].map(({ layouts, name, spm }) =>
      `${name.padEnd(width)}  ${Object.keys(layouts).join(" ").padEnd(14)}  ${layouts[spm] === undefined ? "" : spm}`
        .trimEnd()
    ),
    "",
    "ZED is written for every model.",
    ""
  ].join("\n")
}

const renderLanguages = (columns: number): string => {
  const named = (hasGrammar: boolean) =>
    wrapWords(languageNames.filter((name) => languageNamed(name)?.hasGrammar === hasGrammar).join(", "), columns - 2)
      .map((line) => `  ${line}`)
  return [
    "Languages that --language takes, and usual spellings of them such as golang or c++.",
    "",
    "Cut along their syntax:",
    ...named(true),
    "",
    "Cut by lines:",
    ...named(false),
    ""
  ].join("\n")
}

const pages = { models: renderModels, languages: renderLanguages }

/** What can stand behind --help. */
export const topics: ReadonlyArray<string> = Object.keys(pages)

export const renderTopic = (topic: string, columns: number): string =>
  topic === "models" ? pages.models() : pages.languages(Math.max(columns, 40))
