import { assert, describe, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import { isProse, readAnswer } from "../../../services/formats/keystroke-answer.ts"
import { renderAnswer } from "../../../services/formats/keystroke-chat.ts"
import { withoutThoughts } from "../../../services/formats/thoughts.ts"
import { behindLastName, keysOfText, printKeys } from "../../../services/keys/keystrokes.ts"
import { exercises } from "../../support/exercises.ts"
import { sequence, texts } from "../../support/key-sequences.ts"

/** The keys in a completion, as they are written, or why there are none, between brackets. */
const answerTo = (completion: string): string =>
  Either.match(readAnswer(completion), { onLeft: (reason) => `[${reason}]`, onRight: ({ transform }) => transform })

const key = FastCheck.oneof(
  FastCheck.constantFrom("<Esc>", "<CR>", "<lt>", "<C-v>", "<BS>", "d", "w", "\\", "n", "`", "```", " ", "{", "}"),
  FastCheck.fullUnicode().map((character) => keysOfText(character)[0] ?? "x")
)
const keys = FastCheck.array(key, { maxLength: 30 }).map((
  some
) => [...some.flatMap((one) => [...keysOfRun(one)]), "<Esc>"])
const keysOfRun = (text: string) => (text === "```" ? ["`", "`", "`"] : [text])

describe("an answer", () => {
  it.each([
    ["dd", "dd"],
    ["dd\n", "dd"],
    ["\n\n  x", "  x"],
    ["Sure:\n```vim\nwcwthere<Esc>\n```\nDone.", "wcwthere<Esc>"],
    ["```\nx\n```\nor better\n```\ndd\n```", "dd"],
    ["~~~\n:s/```/x/\n~~~", ":s/```/x/"],
    // Line ends of Windows are line ends.
    ["Sure:\r\n```\r\ndd\r\n```\r\n", "dd"],
    // A fence that was where the completion had to end.
    ["I delete it:\n```vim\ndd", "dd"],
    ["```vim\ndd\n", "dd"],
    ["`dd`", "dd"],
    ["```dd```", "dd"],
    ["<answer>dd</answer>", "dd"],
    ["<think>x</think>\n<answer>\n```\ndd\n```\n</answer>\n", "dd"],
    // What ends the turn of a model.
    ["dd<|im_end|>", "dd"],
    ["dd<|eot_id|>\n", "dd"],
    ["dd</s>", "dd"],
    ["dd<end_of_turn>\n<eos>", "dd"],
    ["dd<｜end▁of▁sentence｜>", "dd"],
    ["```vim\ndd\n```<|im_end|>\n<|endoftext|>", "dd"],
    ["<answer>dd</answer><|im_end|>", "dd"],
    ["A<lt>|im_end|><Esc>", "A<lt>|im_end|><Esc>"]
  ])("is found in %j", (completion, answer) => assert.strictEqual(answerTo(completion), answer))

  it.each([
    [""],
    [" \n\n"],
    ["```vim\n```"],
    ["```vim\n\n```"],
    ["<think>nothing is to be done</think>"],
    ["<|im_end|>"]
  ])("is empty in %j", (completion) => assert.strictEqual(answerTo(completion), "[empty answer]"))

  it.prop("is read back as it was rendered, with talk around it or without", { keys }, ({ keys }) => {
    for (const completion of [renderAnswer(keys), `I see.\n\n${renderAnswer(keys)}\nDone.`]) {
      const answer = Either.getOrThrow(readAnswer(completion))
      assert.strictEqual(answer.transform, printKeys(keys))
      assert.deepStrictEqual(answer.keys, keys)
    }
  })

  it.prop(
    "is read back behind thoughts, whatever they say",
    { keys, thought: FastCheck.stringOf(FastCheck.constantFrom("`", "```\n", "\n", "a", " ", "dd", "<", "vim")) },
    ({ keys, thought }) => {
      for (const [open, close] of [["<think>", "</think>"], ["[THINK]", "[/THINK]"], ["", " \n</think>"]] as const) {
        const completion = `${open}${thought}${close}\n\n${renderAnswer(keys)}`
        assert.strictEqual(answerTo(completion), printKeys(keys), completion)
      }
    }
  )
})

describe("thoughts", () => {
  it.each([
    ["<think>maybe dd</think>\nx", "x"],
    ["<think>\nmaybe dd\n</think>\n\nx", "x"],
    ["\n <think>maybe</think>x", "x"],
    ["<thinking>maybe dd</thinking>x", "x"],
    ["<THINK>maybe dd</THINK>x", "x"],
    ["<reasoning>maybe dd</reasoning>\nx", "x"],
    ["[THINK]maybe dd[/THINK]x", "x"],
    ["◁think▷maybe dd◁/think▷x", "x"],
    ["<|START_THINKING|>maybe dd<|END_THINKING|>x", "x"],
    ["<seed:think>maybe dd</seed:think>x", "x"],
    // A block in the thoughts is none of the answer's, whether it is closed or not.
    ["<think>```\ndd\n```</think>\nx", "x"],
    ["<think>```vim\ndd</think>\n```\nx\n```", "x"],
    ["<think>```\ndd\n```</think>```\nx\n```", "x"],
    ["```\nlet me see </think>\n```\nx\n```", "x"],
    ["maybe\n```\ndd\n```\n</think>\nx", "x"],
    // The template wrote the first tag.
    ["maybe dd</think>\nx", "x"],
    ["maybe dd</think>x", "x"],
    ["</think>\n\nx", "x"],
    ["<think>\n\n</think>\n\nx", "x"],
    // Nested, repeated, spoken of.
    ["<think>a <think>b</think> c</think>x", "x"],
    ["<think>a</think>\n<think>b</think>\nx", "x"],
    ["<think>the tag <think> opens thoughts</think>x", "x"],
    ["<think>i</think><Esc> is what\n```\ni</think><Esc>\n```\n I type</think>\nx", "x"],
    ["Sure. <think>let me see</think>\nx", "x"],
    // gpt-oss, and what is left of it where the server drops its marks.
    ["<|channel|>analysis<|message|>maybe dd<|end|><|start|>assistant<|channel|>final<|message|>x<|return|>", "x"],
    ["<|channel|>analysis<|message|>```\ndd\n```<|end|><|start|>assistant<|channel|>final<|message|>x", "x"],
    ["analysisWe need dd maybe.assistantfinalx", "x"]
  ])("are dropped from %j", (completion, answer) => assert.strictEqual(answerTo(completion), answer))

  it.each([
    ["<think>maybe dd"],
    ["<think>\n```\ndd\n```\n"],
    ["[THINK]maybe ```\ndd\n```"],
    ["<think>a</think>\n<think>maybe dd"],
    ["<|channel|>analysis<|message|>maybe dd"],
    ["<|channel|>analysis<|message|>maybe dd<|end|><|start|>assistant"]
  ])(
    "that do not end leave no answer: %j",
    (completion) => assert.strictEqual(answerTo(completion), "[unfinished thoughts]")
  )

  it.each([
    // What is typed into a text stays.
    ["```vim\ni<think><Esc>\n```", "i<think><Esc>"],
    ["```vim\ni</think><Esc>\n```", "i</think><Esc>"],
    ["```vim\no<lt>think>a b<lt>/think><Esc>\n```", "o<lt>think>a b<lt>/think><Esc>"],
    ["<think>hm</think>\n```vim\ni<think>a b</think><Esc>\n```", "i<think>a b</think><Esc>"],
    ["i<think><Esc>", "i<think><Esc>"],
    ["i</think><Esc>", "i</think><Esc>"],
    ["i<lt>/think> <Esc>", "i<lt>/think> <Esc>"],
    ["A[/THINK]<Esc>", "A[/THINK]<Esc>"]
  ])("are not what keys type: %j", (completion, answer) => assert.strictEqual(answerTo(completion), answer))

  it("and marks are read in a time that grows with the text alone", () => {
    for (const piece of ["<|im_end|>", " ", "</s> ", "<|im_end|", "I ", "**:"]) readAnswer(`x${piece.repeat(100_000)}`)
  })

  it("are looked for in a time that grows with the text alone", () => {
    const many = 200_000
    for (const piece of ["<think>", "</think>", "i</think>x", "<think></think>", "x<think>", "```\n</think>"]) {
      assert.isDefined(withoutThoughts(`x${piece.repeat(many)}`))
    }
  })
})

describe("prose", () => {
  it.each([
    "I cannot help.",
    "I can't do that.",
    "I'm sorry, but I can't help with that.",
    "Sorry, no.",
    "Sorry, I don't know Vim.",
    "Here is the answer: x",
    "Answer: x",
    "Keys:\ndd",
    "The keys are dd",
    "dw deletes the word",
    "Use dw to delete the word, then type the new one.",
    "To solve this, press dd.",
    "Press <Esc> and then type dd to delete the line.",
    "Type iHello<Esc> and you are done",
    "As an AI language model, I have no editor.",
    "No change is needed.",
    "First, I go to the line.\n\nThen I delete it.\n",
    "1. Go to the line\n2. Delete it",
    "**Delete the line**",
    "the texts are equal",
    "Lo siento, no puedo ayudar.",
    "Извините, я не могу помочь.",
    "抱歉，我无法帮助。",
    "<think>maybe dd</think>\nI cannot help.",
    "Sorry.",
    "Sorry",
    "sure!",
    "None",
    "N/A",
    "No.",
    "OK",
    "Done.",
    "Unable...",
    "Impossible.",
    "undefined",
    "I'm",
    "I can't",
    "I cannot",
    "I apologize.",
    "I’m sorry",
    "**Keys:** `dd`",
    "Sorry.<|im_end|>"
  ])("is refused: %j", (completion) => assert.strictEqual(answerTo(completion), "[prose]"))

  it.each([
    "dw",
    "dd",
    "x",
    "G",
    "Go<Esc>",
    "A!",
    "iI cannot help.<Esc>",
    "iSorry.<Esc>",
    "I sorry.<Esc>",
    "I can't<Esc>",
    "ione",
    "Idone",
    "cwnone",
    "I",
    "I x",
    "no<Esc>",
    "ISorry, I do not know.<Esc>",
    "oThe keys are these:<CR>all of them<Esc>",
    ":%s/I cannot help/I can help/g<CR>",
    "/the next word<CR>dw",
    "ione two\\033",
    "ct evening{esc}",
    "ihello world\\033:wq\\n",
    "gg dG",
    "dw dw dw",
    "daw daw",
    "wdiwjciw, and more<Esc>",
    "5jdd3kP",
    "f dw;.",
    "qaA, and so on<Esc>jq5@a",
    "~j.",
    "ggVGgU"
  ])("is not what keys are: %j", (completion) => assert.strictEqual(answerTo(completion), completion))

  it("is none of the best known ways, and no keys at random but those that leave words half typed", () => {
    const ways = [
      ...exercises.map(({ best }) => best),
      ...Object.keys(texts).flatMap((name) =>
        Array.from({ length: 100 }, (_, number) => printKeys(sequence(1, name, number)))
      )
    ]
    assert.isAbove(ways.filter((way) => behindLastName(way) !== "").length, 1000)
    assert.deepStrictEqual(ways.filter((way) => isProse(way) && !behindLastName(way).includes("foo bar")), [])
  })
})
