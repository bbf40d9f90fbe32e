/** How the card tells to train: what there is in `recipes`, and the recipe that fits best as a whole. */
import type { DatasetRecipes } from "./recipes/recipes-of.ts"
import type { Recipe } from "./recipes/recipe.ts"

/** Returns a section of Markdown; it says so where no trainer reads the rows. */
export const howToTrain = ({ configs, serving }: DatasetRecipes): string => {
  const [fitting] = configs[0]?.recipes ?? []
  if (fitting === undefined) {
    return "No trainer that we write recipes for finds the columns that it reads in all of these rows.\n"
  }
  const line = ({ file, run, title }: Recipe, what: string) =>
    `| [\`${file}\`](recipes/${file}) | ${what} | ${title} | \`${run}\` |`
  return [
    "Each recipe is complete: the model, its tokens, all files of the config, and the held-out rows to be measured on.",
    "",
    "| recipe | for | written for | run it here |",
    "|---|---|---|---|",
    ...configs.flatMap(({ name, recipes }) => recipes.map((recipe) => line(recipe, `config \`${name}\``))),
    ...serving.map((recipe) => line(recipe, "serving what was trained")),
    "",
    `\`recipes/${fitting.file}\`:`,
    "",
    `\`\`\`${fitting.language}`,
    fitting.text.trimEnd(),
    "```",
    ""
  ].join("\n")
}
