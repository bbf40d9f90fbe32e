/** Which of the records that answer the same are written: a choice that depends on all of them and on no order. */
import type { PooledRecord } from "../../services/Writer.ts"

/** Whether a record is among those that may answer so. */
export type Allowed = (line: Pick<PooledRecord, "answers" | "mate">) => boolean

/** Where answers may repeat. */
export const allowAll: Allowed = () => true

/**
 * Allows for each answer the `most` lowest mates. Holds sixteen bytes for each answer of a record while it reads, and
 * after that only those that stand too often.
 */
export const allowedOf = async (
  lines: AsyncIterable<Pick<PooledRecord, "answers" | "mate">>,
  most: number
): Promise<Allowed> => {
  const found = growing()
  const mates = growing()
  for await (const { answers, mate } of lines) {
    for (const answer of answersIn(answers)) {
      found.push(answer)
      mates.push(bitsOf(mate))
    }
  }
  const frequent = frequentOf(found.all(), most)
  const lowest = new Map<bigint, Array<bigint>>()
  for (const [index, answer] of found.all().entries()) {
    if (!frequent.has(answer)) continue
    const mate = mates.all()[index] ?? 0n
    const kept = lowest.get(answer) ?? []
    lowest.set(answer, kept)
    if (!kept.includes(mate)) insert(kept, mate, most)
  }
  return ({ answers, mate }) => answersIn(answers).every((answer) => lowest.get(answer)?.includes(bitsOf(mate)) ?? true)
}

const answersIn = (answers: string): ReadonlyArray<bigint> => {
  const found: Array<bigint> = []
  for (let at = 0; at + digitsOfAnswer <= answers.length; at += digitsOfAnswer) {
    found.push(bitsOf(answers.slice(at, at + digitsOfAnswer)))
  }
  return found
}

/** Hex digits of one answer. */
const digitsOfAnswer = 16

const bitsOf = (digits: string): bigint => BigInt(`0x${digits}`)

/** Values that stand more than `most` times. Right and wrong rows of a mate count each, so these are candidates only. */
const frequentOf = (values: BigUint64Array, most: number): ReadonlySet<bigint> => {
  const sorted = values.slice().sort()
  const frequent = new Set<bigint>()
  for (let index = most; index < sorted.length; index++) {
    const value = sorted[index]
    if (value !== undefined && value === sorted[index - most]) frequent.add(value)
  }
  return frequent
}

/** Inserts into an ascending list, which keeps its `most` lowest. */
const insert = (kept: Array<bigint>, mate: bigint, most: number): void => {
  const at = kept.findIndex((other) => other > mate)
  if (at === -1) kept.push(mate)
  else kept.splice(at, 0, mate)
  if (kept.length > most) kept.pop()
}

/** An array of 64-bit values that grows. */
const growing = () => {
  let values = new BigUint64Array(1024)
  let count = 0
  return {
    push: (value: bigint): void => {
      if (count === values.length) {
        const grown = new BigUint64Array(count * 2)
        grown.set(values)
        values = grown
      }
      values[count++] = value
    },
    all: (): BigUint64Array => values.subarray(0, count)
  }
}
