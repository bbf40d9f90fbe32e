/** Counters of the server, in the text format that Prometheus reads. */

export interface Metrics {
  readonly countAnswer: (status: number) => void
  readonly countOutcome: (outcome: string, isValid: boolean) => void
  /** Counts a completion that held no keys. */
  readonly countRefusal: (reason: string) => void
  readonly render: (gauges: Readonly<Record<string, number>>) => string
}

export const makeMetrics = (): Metrics => {
  const answers = new Map<number, number>()
  const outcomes = new Map<string, number>()
  const refusals = new Map<string, number>()
  let valid = 0
  const increase = <Key>(counts: Map<Key, number>, key: Key) => counts.set(key, (counts.get(key) ?? 0) + 1)
  return {
    countAnswer: (status) => increase(answers, status),
    countOutcome: (outcome, isValid) => {
      increase(outcomes, outcome)
      if (isValid) valid++
    },
    countRefusal: (reason) => {
      increase(outcomes, "refused")
      increase(refusals, reason)
    },
    render: (gauges) => {
      const sorted = <Key extends number | string>(counts: ReadonlyMap<Key, number>) =>
        [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
      return [
        "# TYPE retrace_requests_total counter",
        ...sorted(answers).map(([status, count]) => `retrace_requests_total{status="${status}"} ${count}`),
        "# TYPE retrace_completions_total counter",
        ...sorted(outcomes).map(([outcome, count]) => `retrace_completions_total{outcome="${outcome}"} ${count}`),
        "# TYPE retrace_refused_total counter",
        ...sorted(refusals).map(([reason, count]) => `retrace_refused_total{reason="${reason}"} ${count}`),
        "# TYPE retrace_valid_total counter",
        `retrace_valid_total ${valid}`,
        ...Object.entries(gauges).flatMap((
          [name, value]
        ) => [`# TYPE retrace_${name} gauge`, `retrace_${name} ${value}`]),
        ""
      ].join("\n")
    }
  }
}
