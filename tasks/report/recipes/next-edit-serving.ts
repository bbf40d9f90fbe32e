/**
 * Scripts that serve a model of next edits. Its prompt is written by whoever asks: servers are sent it as it is, with the
 * strings at which they are to stop.
 */
import type { Dialect } from "../../../services/next-edit/dialect.ts"
import type { Recipe } from "./recipe.ts"

const port = 8012

/** A script for llama.cpp; `merged` is the folder of the trained model. */
export const nextEditLlamaCpp = (dialect: Dialect, merged: string): Recipe => {
  const file = "serve-llama-cpp.sh"
  const title = "llama.cpp 00dc805"
  return {
    file,
    title,
    language: "sh",
    run: `LLAMA_CPP=~/llama.cpp sh recipes/${file}`,
    text: [
      "#!/bin/sh",
      `# Serves what was trained with llama.cpp. Written for ${title}.`,
      "#",
      `#     LLAMA_CPP=~/llama.cpp sh recipes/${file} [FOLDER OF THE MERGED MODEL]    # in the dataset's folder`,
      "#",
      ...asked(dialect, "/completion", "n_predict"),
      "set -eu",
      ": \"${LLAMA_CPP:?is not set: name the folder of the sources of llama.cpp}\"",
      `MERGED=\${1:-${merged}}`,
      "python \"$LLAMA_CPP/convert_hf_to_gguf.py\" \"$MERGED\" --outfile \"$MERGED/model.gguf\" --outtype q8_0",
      `llama-server -m "$MERGED/model.gguf" --port ${port} --ctx-size 0 --cache-reuse 256`,
      ""
    ].join("\n")
  }
}

/** A script for vLLM; `merged` is the folder of the trained model. */
export const nextEditVllm = (dialect: Dialect, merged: string): Recipe => {
  const file = "serve-vllm.sh"
  const title = "vLLM 002032e"
  return {
    file,
    title,
    language: "sh",
    run: `sh recipes/${file}`,
    text: [
      "#!/bin/sh",
      `# Serves what was trained with vLLM. Written for ${title}.`,
      "#",
      `#     sh recipes/${file} [FOLDER OF THE MERGED MODEL]    # in the dataset's folder`,
      "#",
      ...asked(dialect, "/v1/completions", "max_tokens"),
      "# The strings are seen only with \"skip_special_tokens\": false.",
      "set -eu",
      `vllm serve "\${1:-${merged}}" --port ${port} --served-model-name trained`,
      ""
    ].join("\n")
  }
}

/** How the server is asked, as comments. */
const asked = ({ name, stops }: Dialect, path: string, count: string): ReadonlyArray<string> => [
  `# Rows have the prompt of ${name}. A client sends it to http://127.0.0.1:${port}${path} as it is, with`,
  "#",
  `#     "temperature": 0, "${count}": 1024, "stop": ${JSON.stringify(stops)}`,
  "#"
]
