/** The measures of infills once more: as plainly as they can be written, and slow. */

const isBlank = (character: string) => /\s/.test(character)

const stripped = (text: string): string => {
  let characters = [...text]
  while (characters.length > 0 && isBlank(characters[0] ?? "")) characters = characters.slice(1)
  while (characters.length > 0 && isBlank(characters[characters.length - 1] ?? "")) characters = characters.slice(0, -1)
  return characters.join("")
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

export const exact = (gold: string, answer: string) => stripped(gold) === stripped(answer)

const lines = (text: string) => text.split("\n").map(stripped).filter((line) => line.length > 0)
export const exactByLines = (gold: string, answer: string) => same(lines(gold), lines(answer))

const words = (text: string): Array<string> => {
  const found: Array<string> = []
  let open = ""
  for (const character of `${text} `) {
    if (!isBlank(character)) open += character
    else if (open !== "") {
      found.push(open)
      open = ""
    }
  }
  return found
}
export const exactByWords = (gold: string, answer: string) => same(words(gold), words(answer))

const symbols = (text: string) => {
  let spaced = ""
  const units = text.split("")
  for (const [at, unit] of units.entries()) {
    const isWord = /[A-Za-z0-9_]/.test(unit)
    const isHump = /[A-Z]/.test(unit) && /[a-z]/.test(units[at - 1] ?? "")
    spaced += isWord ? `${isHump ? " " : ""}${unit}` : ` ${unit === "\"" || unit === "'" ? "`" : unit} `
  }
  return words(spaced)
}
export const exactBySymbols = (gold: string, answer: string) => same(symbols(gold), symbols(answer))

/** A table of what is best for each two beginnings. */
const table = <A, B>(
  left: ReadonlyArray<A>,
  right: ReadonlyArray<B>,
  edge: (i: number, j: number) => number,
  step: (
    i: number,
    j: number,
    at: (i: number, j: number) => number
  ) => number
): number => {
  const cells: Array<Array<number>> = []
  const at = (i: number, j: number) => cells[i]?.[j] ?? 0
  for (let i = 0; i <= left.length; i++) {
    const row: Array<number> = []
    cells.push(row)
    for (let j = 0; j <= right.length; j++) row.push(i === 0 || j === 0 ? edge(i, j) : step(i, j, at))
  }
  return at(left.length, right.length)
}

export const similarityByCommon = (gold: string, answer: string) => {
  const [left, right] = [[...stripped(gold)], [...stripped(answer)]]
  const common = table(
    left,
    right,
    () => 0,
    (i, j, at) => left[i - 1] === right[j - 1] ? at(i - 1, j - 1) + 1 : Math.max(at(i - 1, j), at(i, j - 1))
  )
  const total = left.length + right.length
  return total === 0 ? 100 : 100 * (2 * common) / total
}

export const similarityByDistance = (gold: string, answer: string) => {
  const [left, right] = [[...stripped(gold)], [...stripped(answer)]]
  const distance = table(
    left,
    right,
    (i, j) => i + j,
    (i, j, at) =>
      Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (left[i - 1] === right[j - 1] ? 0 : 1))
  )
  const longest = Math.max(left.length, right.length)
  return longest === 0 ? 100 : 100 - 100 * distance / longest
}

/** difflib by trying every place. */
export const similarityByBlocks = (gold: string, answer: string) => {
  const [left, right] = [[...stripped(answer)], [...stripped(gold)]]
  const isFrequent = (character: string) =>
    right.length >= 200 && right.filter((other) => other === character).length > Math.floor(right.length / 100) + 1
  const isSeen = left.map((character) => !isFrequent(character))
  const shared = (fromLeft: number, toLeft: number, fromRight: number, toRight: number): number => {
    let [at, other, length] = [fromLeft, fromRight, 0]
    for (let i = fromLeft; i < toLeft; i++) {
      for (let j = fromRight; j < toRight; j++) {
        let run = 0
        while (i + run < toLeft && j + run < toRight && left[i + run] === right[j + run] && isSeen[i + run]) run++
        if (run > length) [at, other, length] = [i, j, run]
      }
    }
    while (at > fromLeft && other > fromRight && left[at - 1] === right[other - 1]) {
      ;[at, other, length] = [at - 1, other - 1, length + 1]
    }
    while (at + length < toLeft && other + length < toRight && left[at + length] === right[other + length]) length++
    if (length === 0) return 0
    return length + shared(fromLeft, at, fromRight, other) + shared(at + length, toLeft, other + length, toRight)
  }
  const total = left.length + right.length
  if (total === 0) return 100
  // In Python's order of operations: its last digits decide which way a half goes.
  const figure = 100 * (2 * shared(0, left.length, 0, right.length) / total)
  const whole = Math.floor(figure)
  const rest = figure - whole
  return rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? whole + 1 : whole
}

export const chrf = (gold: string, answer: string) => {
  const [wanted, given] = [[...gold].filter((c) => !isBlank(c)), [...answer].filter((c) => !isBlank(c))]
  const [precisions, recalls]: [Array<number>, Array<number>] = [[], []]
  for (const n of [1, 2, 3, 4, 5, 6]) {
    const grams = (characters: ReadonlyArray<string>) =>
      characters.flatMap((_, at) => (at + n <= characters.length ? [characters.slice(at, at + n).join("")] : []))
    const [left, right] = [grams(wanted), grams(given)]
    if (left.length === 0 || right.length === 0) continue
    const rest = [...left]
    let matches = 0
    for (const gram of right) {
      const place = rest.indexOf(gram)
      if (place === -1) continue
      rest.splice(place, 1)
      matches++
    }
    precisions.push(matches / right.length)
    recalls.push(matches / left.length)
  }
  const mean = (values: ReadonlyArray<number>) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
  const [p, r] = [mean(precisions), mean(recalls)]
  return p + r === 0 ? 0 : 100 * 5 * p * r / (4 * p + r)
}

// Python's own `keyword.kwlist`, without True and False.
const pythonKeywords = (
  "None and as assert async await break class continue def del elif else except finally for from global if import " +
  "in is lambda nonlocal not or pass raise return try while with yield"
).split(" ")
const names = (text: string): ReadonlyArray<string> => {
  let code = ""
  for (const line of text.split("\n")) {
    const ends = [line.indexOf("#"), line.indexOf("//")].filter((at) => at !== -1)
    code += `${line.slice(0, Math.min(line.length, ...ends))}\n`
  }
  let bare = ""
  for (let at = 0; at < code.length; at++) {
    const quote = code[at] ?? ""
    if (quote !== "\"" && quote !== "'") {
      bare += quote
      continue
    }
    let end = at + 1
    while (end < code.length && code[end] !== quote) {
      end += code[end] === "\\" && code[end + 1] !== "\n"
        ? 2
        : code[end] === "\\"
        ? code.length
        : 1
    }
    if (end < code.length) at = end
    else bare += quote
  }
  const found: Array<string> = []
  let open = ""
  for (const character of `${bare} `) {
    if (/[\p{L}\p{N}_]/u.test(character)) open += character
    else {
      if (/^[A-Za-z_]/.test(open) && !pythonKeywords.includes(open) && !found.includes(open)) found.push(open)
      open = ""
    }
  }
  return found
}
export const identifierF1 = (gold: string, answer: string) => {
  const [wanted, given] = [names(gold), names(answer)]
  const right = given.filter((name) => wanted.includes(name)).length
  const [extra, missed] = [given.length - right, wanted.length - right]
  return 2 * right + extra + missed === 0 ? 0 : 2 * right / (2 * right + extra + missed)
}

const firstLineOf = (text: string) => text.split("\n").map(stripped).find((line) => line !== "") ?? ""
export const firstLine = (gold: string, answer: string) => firstLineOf(gold) === firstLineOf(answer)

export const prefixShare = (gold: string, answer: string) => {
  if (gold === "") return answer === "" ? 1 : 0
  let length = 0
  for (let end = 1; end <= gold.length; end++) if (answer.startsWith(gold.slice(0, end))) length = end
  return length / gold.length
}

export const stopping = (gold: string, answer: string) => {
  const [wanted, given, suffix] = [stripped(gold), stripped(answer), ")\nself.items"]
  if (wanted === given) return "exact"
  if (given === "") return "empty"
  if (wanted.slice(0, given.length) === given) return "under"
  if (given.slice(0, wanted.length) !== wanted) return "different"
  const isName = (character: string | undefined) => character !== undefined && /^[\p{L}\p{N}_$]$/u.test(character)
  if (isName(given[wanted.length - 1]) && isName(given[wanted.length])) return "different"
  const more = stripped(given.slice(wanted.length))
  return suffix.startsWith(more) || more.startsWith(")") ? "echo" : "over"
}

export const cutToGoldLines = (gold: string, answer: string) => {
  const [wanted, given] = [stripped(gold), stripped(answer)]
  const ends = [...wanted].filter((character) => character === "\n").length
  let kept = ""
  let left = ends
  for (const character of wanted === "" ? answer : given) {
    if (character === "\n" && left-- === 0) break
    kept += character
  }
  return kept
}

export const passAtK = (answers: number, right: number, k: number) => {
  let [draws, passed] = [0, 0]
  for (let set = 0; set < 2 ** answers; set++) {
    const members = Array.from({ length: answers }, (_, at) => at).filter((at) => set >> at & 1)
    if (members.length !== k) continue
    draws++
    if (members.some((member) => member < right)) passed++
  }
  return passed / draws
}
