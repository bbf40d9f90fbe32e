/**
 * A script that serves what was trained with vLLM. vLLM has no /infill and refuses a suffix, so the script stands before
 * it: it answers llama.vim, and asks vLLM in the tokens of the rows.
 */
import type { BaseModel } from "../../../services/formats/base-models.ts"
import type { Order, Preset } from "../../../services/formats/presets.ts"
import { literal } from "./python.ts"
import type { Recipe } from "./recipe.ts"

const title = "vLLM 002032e, llama.vim a1c8e6e"

const orders: ReadonlyArray<Order> = ["PSM", "SPM1", "SPM2"]

/** Returns the script; `merged` is the folder of the trained model. Undefined where no row fills in the middle. */
export const vllmRecipe = (
  preset: Preset,
  family: BaseModel,
  formats: ReadonlyArray<string>,
  merged: string
): Recipe | undefined => {
  const order = orders.find((one) => formats.includes(one))
  const layout = order === undefined ? undefined : preset.layouts[order]
  // The server does not hear the path of a file.
  if (layout === undefined || layout.some((piece) => typeof piece !== "string" && /path|language/.test(piece.slot))) {
    return undefined
  }
  const pieces = layout.flatMap((piece) =>
    typeof piece === "string" ? [literal(piece)] : piece.slot === "M" ? [] : [piece.slot === "P" ? "prefix" : "suffix"]
  )
  const begins = typeof layout[0] === "string" && family.begin !== "" && layout[0].startsWith(family.begin)
  const stops = [...new Set([preset.end.trim(), preset.carriedEnd.trim(), family.end])].filter((stop) => stop !== "")
  const file = "serve-vllm.py"
  return {
    file,
    title,
    language: "python",
    run: `python recipes/${file}`,
    text: [
      "\"\"\"Serves what was trained with vLLM, to llama.vim.",
      "",
      `Written for ${title}. vLLM has no /infill: this script`,
      "stands before it, and asks in the tokens of the rows. In the dataset's folder:",
      "",
      `    vllm serve ${merged} --port 8000 --served-model-name trained &`,
      `    python recipes/${file}    # listens on the port that llama.vim asks by default`,
      "\"\"\"",
      "import json",
      "from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer",
      "from urllib.request import Request, urlopen",
      "",
      "VLLM = \"http://127.0.0.1:8000/v1/completions\"",
      `STOPS = ${literal(stops)}`,
      "",
      "",
      "def prompt_of(prefix, suffix):",
      `    return ${pieces.join(" + ")}`,
      "",
      "",
      "class Infill(BaseHTTPRequestHandler):",
      "    def do_POST(self):",
      "        asked = json.loads(self.rfile.read(int(self.headers[\"Content-Length\"])))",
      "        content = \"\"",
      "        # llama.vim asks for no token to warm a cache up, which vLLM does by itself.",
      "        if asked.get(\"n_predict\", 128) > 0:",
      "            prefix = asked.get(\"input_prefix\", \"\") + asked.get(\"prompt\", \"\")",
      "            body = {",
      "                \"model\": \"trained\",",
      "                \"prompt\": prompt_of(prefix, asked.get(\"input_suffix\", \"\")),",
      "                \"max_tokens\": asked.get(\"n_predict\", 128),",
      "                \"temperature\": 0,",
      "                \"stop\": STOPS + asked.get(\"stop\", []),",
      `                "add_special_tokens": ${literal(!begins)},`,
      "                # Otherwise the tokens to stop at would not be seen.",
      "                \"skip_special_tokens\": False,",
      "            }",
      "            request = Request(VLLM, json.dumps(body).encode(), {\"Content-Type\": \"application/json\"})",
      "            try:",
      "                with urlopen(request, timeout=30) as answer:",
      "                    content = json.load(answer)[\"choices\"][0][\"text\"]",
      "            except OSError as error:",
      "                return self.send_error(502, str(error))",
      "        text = json.dumps({\"content\": content}, separators=(\",\", \":\")).encode()",
      "        self.send_response(200)",
      "        self.send_header(\"Content-Type\", \"application/json\")",
      "        self.send_header(\"Content-Length\", str(len(text)))",
      "        self.end_headers()",
      "        self.wfile.write(text)",
      "",
      "    def log_message(self, *_):",
      "        pass",
      "",
      "",
      "if __name__ == \"__main__\":",
      "    ThreadingHTTPServer((\"127.0.0.1\", 8012), Infill).serve_forever()",
      ""
    ].join("\n")
  }
}
