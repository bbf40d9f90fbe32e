/** Who may propose keys, by the names of the command line. */
export const predictorNames = ["search", "chat", "replay"] as const
export type PredictorName = typeof predictorNames[number]
