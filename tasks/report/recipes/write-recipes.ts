/** Writes the recipes into their folder. One that somebody edited is kept, and one of ours that no longer fits goes. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import { orCannotWrite } from "../../shared/whole-file.ts"
import { isUntouched, signed } from "../signature.ts"
import { writeFile } from "../write-file.ts"
import type { Recipe } from "./recipe.ts"
import type { DatasetRecipes } from "./recipes-of.ts"

/** Returns the names of the files that were edited, and kept. */
export const writeRecipes = Effect.fn("report.writeRecipes")(
  function*(folder: string, { beside, configs, serving }: DatasetRecipes, overwrite: boolean) {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const recipes = [...configs.flatMap((config) => config.recipes), ...serving, ...beside]
    const there = yield* Effect.orElseSucceed(fs.readDirectory(folder), (): ReadonlyArray<string> => [])
    const isOurs = (file: string) =>
      fs.readFileString(path.join(folder, file)).pipe(Effect.map(isUntouched), Effect.orElseSucceed(() => false))
    const kept: Array<string> = []
    for (const file of there) {
      const isWanted = recipes.some((recipe) => recipe.file === file && recipe.language !== "json")
      const isUnedited = yield* isOurs(file)
      if (isWanted && !isUnedited && !overwrite) kept.push(file)
      const target = path.join(folder, file)
      if (!recipes.some((recipe) => recipe.file === file) && isUnedited) yield* orCannotWrite(target)(fs.remove(target))
    }
    for (const recipe of recipes) {
      if (!kept.includes(recipe.file)) yield* writeFile(path.join(folder, recipe.file), textOf(recipe))
    }
    return kept
  }
)

/** JSON has no comments, so it has no signature. */
const textOf = ({ language, text }: Recipe): string => (language === "json" ? text : signed(language, text))
