/** The small repository that the pages' examples are made with: the demonstration's. */
import { dirname } from "node:path"
import { story } from "../../tasks/demo/story.ts"
import { makeRepository } from "../support/repository.ts"

/** Where the pages say that it is. */
const home = "/home/ada"

export interface Shop {
  /** The folder that `shop` is in. */
  readonly folder: string
  /** Returns a text with `folder` called what the pages call it. */
  readonly told: (text: string) => string
}

export const withShop = async (use: (shop: Shop) => Promise<string>): Promise<string> => {
  const repository = makeRepository("shop")
  try {
    for (const { files, subject } of story) {
      for (const [path, text] of Object.entries(files)) repository.write(path, text)
      repository.commit(subject)
    }
    const folder = dirname(repository.path)
    return await use({ folder, told: (text) => text.replaceAll(folder, home) })
  } finally {
    repository.dispose()
  }
}
