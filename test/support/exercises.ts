/** Classic exercises of editing with Vim, each with the shortest keys that we found by hand. */

export interface Exercise {
  readonly name: string
  readonly source: string
  readonly target: string
  /** In the canonical notation. */
  readonly best: string
}

const row = (name: string, source: string, target: string, best: string): Exercise => ({ name, source, target, best })

export const exercises: ReadonlyArray<Exercise> = [
  row("change the last word", "hello world\n", "hello there\n", "wCthere<Esc>"),
  row("change the middle of a word", "good morning\n", "good evening\n", "wReve<Esc>"),
  row("delete the last word", "remove me\n", "remove\n", "f D"),
  row("insert a word", "start end\n", "start and end\n", "wiand <Esc>"),
  row("upper-case a word", "unix\n", "UNIX\n", "4~"),
  row("delete an argument", "foo(a, b, c)\n", "foo(a, c)\n", "WdW"),
  row("put spaces around an operator", "return x+1;\n", "return x + 1;\n", "wa <Esc>l."),
  row("change the kind of quotes", "print(\"hello\")\n", "print('hello')\n", "f\"r';."),
  row("delete the second line", "a\nb\nc\n", "a\nc\n", "jdd"),
  row("swap two lines", "a\nb\nc\n", "b\na\nc\n", "ddp"),
  row("duplicate a line", "one\ntwo\n", "one\none\ntwo\n", "Yp"),
  row("delete to the end of the file", "a\nb\nc\nd\n", "a\n", "jdG"),
  row("join two lines", "a\nb\n", "a b\n", "J"),
  row("join three lines", "a\nb\nc\n", "a b c\n", "3J"),
  row("end every line with a semicolon", "a\nb\nc\nd\n", "a;\nb;\nc;\nd;\n", "<C-v>G$A;<Esc>"),
  row("comment every line", "one\ntwo\nthree\n", "# one\n# two\n# three\n", "<C-v>GI# <Esc>"),
  row("count up", "version = 41\n", "version = 42\n", "<C-a>"),
  row("count up by ten", "x = 5\n", "x = 15\n", "10<C-a>"),
  row("move the first line to the end", "c\na\nb\n", "a\nb\nc\n", "ddGp"),
  row("sort lines", "fig\ndate\nbeet\napple\nelder\ncorn\n", "apple\nbeet\ncorn\ndate\nelder\nfig\n", ":sort<CR>"),
  row("turn lines around", "1x\n4a\n3k\n9b\n0c\n", "0c\n9b\n3k\n4a\n1x\n", ":g/^/m0<CR>"),
  row("delete lines that match", "a\nbug 1\nc\nbug 2\nd\ne\nbug 3\nf\n", "a\nc\nd\ne\nf\n", ":g/u/d<CR>"),
  row("keep lines that match", "x 1\ny 2\nx 3\nz 4\nw 5\nx 6\n", "x 1\nx 3\nx 6\n", ":v/x/d<CR>"),
  row("take blanks from the ends of lines", "a  \nb\nc   \nd \n", "a\nb\nc\nd\n", ":%s/ *$<CR>"),
  row(
    "rename everywhere",
    "count = 0\nfor i in items:\n    count = count + i\nprint(count, count)\n",
    "total = 0\nfor i in items:\n    total = total + i\nprint(total, total)\n",
    ":%s/count/total/g<CR>"
  ),
  row("change the text in quotes", "x = \"some old text here\"\n", "x = \"new\"\n", "ci\"new<Esc>"),
  row("change the text in parentheses", "f(a, b, c)\n", "f(x)\n", "%ci(x<Esc>"),
  row("delete the rest of a line", "keep this; drop that\n", "keep this;\n", "tdD"),
  row("upper-case a keyword", "select * from t\n", "SELECT * from t\n", "6~"),
  row("swap two letters", "teh cat\n", "the cat\n", "lxp"),
  row("indent a line", "if x\ny\n", "if x\n\ty\n", "j>>"),
  row("make a comparison of an assignment", "if (a = b) {\n", "if (a == b) {\n", "f=i=<Esc>"),
  row("move the last line to the top", "a\nb\nc\nd\n", "d\na\nb\nc\n", ":4m0<CR>"),
  row("delete blank lines", "a\n\nb\n\nc\n", "a\nb\nc\n", "jddj."),
  row("split a line", "a, b, c\n", "a,\nb,\nc\n", "f r<CR>;."),
  row("add a line", "a\nb\n", "a\nnew\nb\n", "onew<Esc>"),
  row("add a line at the end", "a\nb\nc\n", "a\nb\nc\nnew\n", "Gonew<Esc>"),
  row("add a line at the top", "a\nb\n", "new\na\nb\n", "Onew<Esc>"),
  row("quote a word", "name = value\n", "name = \"value\"\n", "A\"<Esc>bi\"<Esc>"),
  row("take quotes away", "x = \"abc\"\n", "x = abc\n", "f\"x$x"),
  row("delete a doubled word", "the the cat\n", "the cat\n", "dw"),
  row("delete lines in the middle", "1\n2\n3\n4\n5\n", "1\n5\n", "j3dd"),
  row("change the first word", "const a = 1\n", "let a = 1\n", "cwlet<Esc>"),
  row("replace a word by another one", "true\n", "false\n", "Cfalse<Esc>"),
  row("change the last argument", "f(a, b)\n", "f(a, xyz)\n", "fbsxyz<Esc>"),
  row("add an argument", "f(a, b)\n", "f(a, b, c)\n", "fba, c<Esc>"),
  row(
    "change the same word in three lines",
    "a = old\nb = old\nc = old\n",
    "a = new\nb = new\nc = new\n",
    ":%s/old/new<CR>"
  ),
  row("number a list", "0. a\n0. b\n0. c\n", "1. a\n2. b\n3. c\n", "VGg<C-a>"),
  row("clear a line", "one\ntwo\nthree\n", "one\n\nthree\n", "jD")
]
