/** pass@k: how likely one of k answers is right, judged by n answers of which c are (Chen et al. 2021, without bias). */

/**
 * Returns 1 − C(n − c, k) / C(n, k): how likely a draw of `k` among the `answers` holds one of the `right` ones. It is 1
 * where fewer than `k` are wrong. Null where `k` is not in 1 to `answers`.
 *
 * @example
 * passAtK({ answers: 4, right: 2, k: 3 }) // 1
 */
export const passAtK = (
  { answers, k, right }: { readonly answers: number; readonly right: number; readonly k: number }
): number | null => {
  if (k < 1 || k > answers) return null
  let allWrong = 1
  for (let drawn = 0; drawn < k; drawn++) allWrong *= Math.max(0, answers - right - drawn) / (answers - drawn)
  return 1 - allWrong
}
