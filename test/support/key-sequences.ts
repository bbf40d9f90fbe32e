/**
 * Key sequences at random, of all that Vim has for editing one text, and texts to type them into. Left out is only what
 * starts a program ("!", "K"), which one machine has and another one lacks.
 */
import { type Keystrokes, parseKeys } from "../../services/keys/keystrokes.ts"
import { type Random, randomOf } from "../../services/text/random.ts"
import * as Either from "effect/Either"
import { sources as programs } from "./sources.ts"

/** Texts of many kinds, by name. */
export const texts: Readonly<Record<string, string>> = {
  "python": programs["python"] ?? "",
  "javascript": programs["javascript"] ?? "",
  "go (tabs)": programs["go"] ?? "",
  "rust": programs["rust"] ?? "",
  "php": programs["php"] ?? "",
  "ruby": programs["ruby"] ?? "",
  "nothing": "",
  "one line": "good morning, (old) world\n",
  "no final newline": "alpha beta\n  gamma\ndelta",
  "CRLF": "one two\r\nthree\r\n\tfour\r\n",
  "mixed line ends": "one\r\ntwo\nthree\r\n",
  "UTF-8": "żółw — 日本語 𝕏\nnaïve “quotes” é\n\nemoji 👍🏽 end\n",
  "byte order mark": "\ufeffone\ntwo\n",
  "tabs": "\tif x:\n\t\ty\t= 1\n\telse:\n        z\n",
  "long lines": `${"word ".repeat(120)}\n${"x".repeat(900)}\nend\n`,
  "blank lines": "\n\n  \na\n\n\n",
  "NUL": "a\0b\nc\0\n"
}

const motions = ("h j k l w b e ge W B E 0 ^ $ g_ gg G { } ( ) % + - _ | H M L f, tr F( T ; , n N * # ]] [[ gj gk " +
  "g0 gm go zt <CR> <BS> <Up> <Down> <Left> <Right> <Home> <End> <C-d> <C-u> <C-f> <C-b> <C-e> `` ''").split(" ")
const objects = "iw aw iW aW is as ip ap i( a( i\" a\" i{ a{ it i[ i<lt>".split(" ")
const operators = "d c y gU gu g~ > <lt> = g? gq zf gw".split(" ")
const commands =
  ("x X D Y S s J gJ p P u <C-r> . ~ r* R o O a A i I dd cc yy >> <lt><lt> gUU g~~ <C-a> <C-x> & gv gi ga " +
    "qq q @q @@ ma `a 'a \"ayy \"ap \"Ayw v V <C-v> ZZ gJ g8 U gp ]p <C-o> <C-g> <C-l> m' Q").split(" ")
const inserted = ("foo bar, <BS> <CR> <Tab> <C-w> <C-u> <C-t> <C-d> <C-e> <C-y> <C-a> <C-r>\" <C-v>065 <C-k>e: <C-n> " +
  "<C-p> <C-o>x <Left> <Del> <Esc> é日 <lt>tag> () \"").split(" ")
const lineCommands =
  ("s/o/0/g %s/e/E/g %s/\\w\\+/X/ s/a/b/gc g/e/d g/a/s/a/A/g v/e/d normal<Space>A! %normal<Space>x m0 " +
    "t. d 2,3d 1,2> 1,2j sort sort! retab %norm<Space>I# s/$/;/ w wq q! undo redo 2 $ k<Space>a set<Space>sw=2 " +
    "set<Space>et echo<Space>1 echo<Space>\"a\\nb\" 1,2co$ call<Space>setline(1,'z') put='x' noh nosuch earlier<Space>1 " +
    "startinsert let<Space>@q='x' registers left right<Space>20 vert<Space>sp new bd! only e! enew! normal!<Space>dd")
    .split(" ")
const searches = ["e", "\\<lt>\\w", "o$", "x*", "nothing", "^"]

const parse = (text: string): Keystrokes => Either.getOrThrow(parseKeys(text.replaceAll("<Space>", " ")))

const step = (random: Random): string => {
  const draw = random.below(100)
  const pick = (items: ReadonlyArray<string>) => random.pick(items) ?? ""
  const count = random.below(5) === 0 ? String(random.below(4) + 2) : ""
  if (draw < 22) return count + pick(motions)
  if (draw < 34) return count + pick(operators) + pick(random.below(2) === 0 ? objects : motions)
  if (draw < 58) return count + pick(commands)
  if (draw < 66) {
    return `${pick(["v", "V", "<C-v>"])}${pick(motions)}${
      pick(["d", "c", "y", "U", "~", "J", ">", "I", "A", "r-", "o"])
    }`
  }
  if (draw < 80) {
    return pick(["i", "A", "o", "ciw", "cw"]) + pick(inserted) + pick(inserted) + pick(["<Esc>", "<Esc>", ""])
  }
  if (draw < 92) return `:${pick(lineCommands)}<CR>`
  if (draw < 97) return `${pick(["/", "?"])}${pick(searches)}<CR>`
  return pick(["y", "n", "a", "q", "<Esc>", "<C-c>", "<CR>"])
}

/** Returns the keys that a seed and a number name. */
export const sequence = (seed: number, name: string, number: number): Keystrokes => {
  const random = randomOf("key sequences", seed, name, number)
  const steps = Array.from({ length: 1 + random.below(9) }, () => parse(step(random))).flat()
  return random.below(12) === 0 ? steps.slice(0, -1) : steps
}
