/** Where a rising function takes a value, by halving: slow, plain, and right to the last digit. */

/** Returns the point between `low` and `high` where `f` reaches `value`; an end where it does so nowhere between them. */
export const solveRising = (f: (x: number) => number, value: number, low: number, high: number): number => {
  let [from, to] = [low, high]
  for (let middle = (from + to) / 2; middle > from && middle < to; middle = (from + to) / 2) {
    if (f(middle) < value) from = middle
    else to = middle
  }
  return (from + to) / 2
}
