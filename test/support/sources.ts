/** A short program in each language with a grammar: a function with a condition, a call with arguments, a string. */
export const sources: Readonly<Record<string, string>> = {
  python:
    "import os\n\n\ndef first(items, limit=3):\n    # keep it small\n    if len(items) > limit:\n        items = items[:limit]\n        print(\"cut\", limit)\n    return sorted(items, key=os.path.getsize)\n",
  javascript:
    "const fs = require(\"fs\")\n\nfunction first(items, limit = 3) {\n  if (items.length > limit) {\n    items = items.slice(0, limit)\n    console.log(\"cut\", limit)\n  }\n  return items.map((item) => fs.statSync(item))\n}\n",
  typescript:
    "interface Item { readonly name: string; size?: number }\n\nexport function first(items: Item[], limit = 3): Item[] {\n  if (items.length > limit) {\n    console.log(\"cut\", limit)\n    return items.slice(0, limit)\n  }\n  return items\n}\n",
  tsx:
    "export const List = ({ items }: { items: string[] }) => {\n  const count = items.length\n  console.log(count)\n  if (count === 0) {\n    return <p>none</p>\n  }\n  return <ul>{items.map((item) => <li key={item}>{item}</li>)}</ul>\n}\n",
  java:
    "package a.b;\n\nimport java.util.List;\n\nclass First {\n  int limit = 3;\n\n  List<String> first(List<String> items) {\n    if (items.size() > limit) {\n      System.out.println(\"cut\" + limit);\n      return items.subList(0, limit);\n    }\n    return items;\n  }\n}\n",
  c: "#include <stdio.h>\n\nstatic int first(int *items, int count) {\n  int total = 0;\n  for (int i = 0; i < count; i++) {\n    if (items[i] > 3) {\n      printf(\"cut %d\\n\", items[i]);\n      total += items[i];\n    }\n  }\n  return total;\n}\n",
  cpp:
    "#include <vector>\n\nnamespace a {\nclass First {\n public:\n  int sum(const std::vector<int>& items) const {\n    int total = 0;\n    for (auto item : items) {\n      if (item > limit_) total += item;\n    }\n    return total;\n  }\n\n private:\n  int limit_ = 3;\n};\n}  // namespace a\n",
  go:
    "package first\n\nimport \"fmt\"\n\nfunc First(items []string, limit int) []string {\n\tif len(items) > limit {\n\t\tfmt.Println(\"cut\", limit)\n\t\titems = items[:limit]\n\t}\n\treturn items\n}\n",
  rust:
    "use std::cmp::min;\n\npub fn first(items: &[u32], limit: usize) -> u32 {\n    let mut total = 0;\n    if items.len() > limit {\n        println!(\"cut {}\", limit);\n    }\n    for item in &items[..min(limit, items.len())] {\n        total += item;\n    }\n    total\n}\n",
  php:
    "<?php\n\nnamespace A\\B;\n\nclass First\n{\n    private int $limit = 3;\n\n    public function first(array $items): array\n    {\n        if (count($items) > $this->limit) {\n            echo \"cut\";\n            return array_slice($items, 0, $this->limit);\n        }\n        return $items;\n    }\n}\n",
  ruby:
    "class First\n  def initialize(limit = 3)\n    @limit = limit\n  end\n\n  def first(items)\n    if items.size > @limit\n      puts \"cut\"\n      items = items.take(@limit)\n    end\n    items.map { |item| item.to_s }\n  end\n\n  def size(items)\n    items.size\n  end\nend\n",
  "c-sharp":
    "using System;\n\nnamespace A {\n  class First {\n    int limit = 3;\n\n    int Sum(int[] items) {\n      var total = 0;\n      foreach (var item in items) {\n        if (item > limit) {\n          Console.WriteLine(\"cut\", limit);\n        }\n        total += item;\n      }\n      return total;\n    }\n  }\n}\n",
  bash:
    "#!/bin/bash\nlimit=3\n\nfirst() {\n  local count=$1\n  if [ \"$count\" -gt \"$limit\" ]; then\n    echo \"cut $limit\"\n    count=$limit\n  fi\n  printf '%s\\n' \"$count\"\n}\n\nfirst \"$@\"\n"
}
