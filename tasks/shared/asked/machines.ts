/** Questions of the tasks whose work can be shared among machines. */
import { clusterUrl } from "../crew/cluster-url.ts"
import { rankKind } from "../crew/rank.ts"
import { oneOf, whole } from "./kinds.ts"

/** Changes, files, programs or edits of a part, where nobody says another number. */
export const usualPartSize = 4000

/** The questions, given the stages that the task has. */
export const machinesOf = <const S extends string>(stages: ReadonlyArray<S>, units: string) =>
  ({
    rank: {
      kind: rankKind,
      heading: "Many machines",
      help: "Be one of N that share the output folder",
      more:
        "Ranks are numbered from 0. Each does its own part of the work and then what others left; any of them may be killed and started again. slurm and k8s read the rank from what the scheduler sets.",
      onlyTyped: true
    },
    only: {
      kind: oneOf(stages, { placeholder: "STAGE" }),
      heading: "Many machines",
      help: `Do one stage alone: ${stages.join(", ")}`,
      more:
        "For machines without a folder in common: with --rank each does its own share of the stage, and nobody else's. Copy the folder .run of the output between the stages.",
      onlyTyped: true
    },
    cluster: {
      kind: clusterUrl,
      heading: "Many machines",
      help: "Share the work through a PostgreSQL database",
      more:
        "The output folder is shared as well. Machines may join and leave at any time, and none has a number. As in postgres://user@host/database.",
      onlyTyped: true
    },
    partSize: {
      kind: whole({ from: 1 }),
      heading: "Many machines",
      help: `Most ${units} of a part`,
      more: "What is lost when a machine is lost; smaller parts cost more to begin.",
      otherwise: String(usualPartSize),
      onlyTyped: true
    }
  }) as const
