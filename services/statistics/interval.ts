/** Intervals: where a figure lies, as far as the rows tell. */

/** From the lower end to the upper one. */
export type Interval = readonly [low: number, high: number]

/** How often an interval of ours holds the true figure, where sets are drawn again and again. */
export const confidence = 0.95
