/**
 * The same answers as other harnesses log them, so that their viewers and scripts take them: lm-evaluation-harness's
 * samples, a line a row, and inspect's log. Neither has a time in it: the same answers give the same bytes.
 */
import { fingerprint } from "../../services/text/random.ts"
import type { Evaluation } from "./results.ts"
import type { ComparedRow } from "./tabulate.ts"
import { rightTextOf } from "./test-row.ts"

const task = "retrace"

const targetOf = ({ row }: ComparedRow): string => rightTextOf(row)

const promptOf = ({ row: { goal, prompt } }: ComparedRow): string =>
  prompt ?? (goal._tag === "gap" ? `${goal.gap.prefix}\u27e6\u27e7${goal.gap.suffix}` : "")

/** Returns lm-evaluation-harness's samples of a model. */
export const renderLmEvalSamples = ({ rows, settings }: Evaluation, place: number): string =>
  rows.map((compared, index) => {
    const { answers, group, row, scored } = compared
    const answer = answers[place]?.text ?? ""
    const scores = scored[place]?.scores ?? {}
    const [prompt, target] = [promptOf(compared), targetOf(compared)]
    return `${
      JSON.stringify({
        doc_id: index,
        doc: { place: row.place, language: row.language, kind: row.kind, group },
        target,
        arguments: {
          gen_args_0: { arg_0: prompt, arg_1: { until: row.stops, temperature: settings.temperature } }
        },
        resps: [[answer]],
        filtered_resps: [answer],
        filter: "none",
        metrics: Object.keys(scores),
        doc_hash: row.id,
        prompt_hash: fingerprint(prompt),
        target_hash: fingerprint(target),
        ...scores
      })
    }\n`
  }).join("")

/** Long ago: a log must have times, and ours are not to differ from run to run. */
const noTime = "1970-01-01T00:00:00+00:00"

/** Returns inspect's log of a model, version 2. */
export const renderInspectLog = (evaluation: Evaluation, place: number): string => {
  const { figures, models, rows, settings, version } = evaluation
  const { identity, name = "" } = models[place] ?? {}
  const metrics = figures.measures.map(({ means, measure }) => ({
    name: measure,
    scorer: measure,
    reducer: null,
    params: {},
    metrics: { mean: { name: "mean", value: means[place] ?? 0, params: {} } }
  }))
  const log = {
    version: 2,
    status: "success",
    eval: {
      eval_id: fingerprint("eval", name, String(place)),
      run_id: fingerprint("run", name),
      created: noTime,
      task,
      task_id: task,
      task_version: 0,
      task_attribs: {},
      task_args: {},
      dataset: { name: task, samples: rows.length, sample_ids: rows.map(({ row }) => row.place), shuffled: false },
      model: `${identity?.protocol ?? ""}/${identity?.model ?? ""}`,
      model_args: {},
      model_generate_config: {},
      config: {},
      packages: { retrace: version }
    },
    plan: {
      name: "plan",
      steps: [],
      config: { temperature: settings.temperature, seed: settings.seed }
    },
    results: { total_samples: rows.length, completed_samples: rows.length, scores: metrics },
    stats: { started_at: noTime, completed_at: noTime, model_usage: {} },
    samples: rows.map((compared) => {
      const answer = compared.answers[place]?.text ?? ""
      return {
        id: compared.row.place,
        epoch: 1,
        input: promptOf(compared),
        target: targetOf(compared),
        messages: [],
        output: {
          model: identity?.model ?? "",
          choices: [{
            message: { role: "assistant", content: answer },
            stop_reason: compared.answers[place]?.isCutOff === true ? "max_tokens" : "stop"
          }],
          completion: answer
        },
        scores: Object.fromEntries(
          Object.entries(compared.scored[place]?.scores ?? {}).map(([measure, value]) => [measure, { value, answer }])
        ),
        metadata: {},
        store: {},
        events: [],
        model_usage: {},
        attachments: {}
      }
    })
  }
  return `${JSON.stringify(log)}\n`
}
