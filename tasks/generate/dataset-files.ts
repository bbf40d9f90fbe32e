/** The names of the files of a dataset, whatever of it is asked. */
import { datasetShapes, type DatasetType } from "../../services/rows/shapes.ts"
import { tableNamed } from "../../services/rows/tables.ts"
import type { GenerateSettings } from "./settings.ts"

/** The figures of a type whose rows tell right from wrong. */
export const statsFile = (type: DatasetType): string => `${type}_stats.json`

/** What LLaMA-Factory is told of the tables. */
export const datasetInfoFile = "dataset_info.json"

/** The repositories, commits and licences that the rows come from. */
export const attributionFile = "ATTRIBUTION.md"

/** What was left out because it holds a piece of a benchmark. */
export const contaminatedFile = "contaminated.jsonl"

/** A folder that holds one of these holds a dataset. */
export const datasetFiles: ReadonlyArray<string> = [
  datasetInfoFile,
  contaminatedFile,
  ...Object.values(datasetShapes).flatMap(({ contrast, files, name }) => [
    ...Object.values(files).map(tableNamed),
    ...(contrast === "none" ? [] : [statsFile(name)])
  ])
]

/** The same for a run, which may not replace what somebody else wrote under a name that only it has. */
export const datasetFilesOf = ({ hygiene }: Pick<GenerateSettings, "hygiene">): ReadonlyArray<string> =>
  hygiene.licences === null ? datasetFiles : [...datasetFiles, attributionFile]
