import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { chainBefore } from "../../layers/index/chain.ts"
import { Index, type SourceFile } from "../../services/Index.ts"
import { commentStyle } from "../../services/formats/context-style.ts"
import { inMemoryIndex } from "../support/in-memory-index.ts"

describe("the chain before a cursor", () => {
  const cases: ReadonlyArray<readonly [language: string, before: string, chain: string | undefined]> = [
    ["go", "return group.engine.add", "group.engine"],
    ["javascript", "  this.router.", "this.router"],
    ["javascript", "load()\n    .then(f)\n    .", "load()\n    .then(f)"],
    ["typescript", "user!.", "user"],
    ["typescript", "ctx?.", "ctx"],
    ["php", "$this->app->make('(')->", "$this->app->make('(')"],
    ["php", "Str::", "Str"],
    ["php", "$x = $a ?-> b()?->", "$a ?-> b()"],
    ["rust", "Arc::<Foo>::", "Arc::"],
    ["ruby", "@items.", "@items"],
    ["java", "new Foo(1).", "Foo(1)"],
    // None of these takes a member.
    ["python", "def f() -> ", undefined],
    ["rust", "fn f() -> ", undefined],
    ["typescript", "[...", undefined],
    ["go", "x := 1 + 2", undefined],
    ["php", "<x-mail::", undefined],
    ["php", "</x-admin-panel::", undefined]
  ]
  for (const [language, before, chain] of cases) {
    it(`${language}: ${JSON.stringify(before)}`, () => {
      assert.strictEqual(chainBefore(language, before)?.text, chain)
    })
  }
})

/** Files of a project, the file of the cursor with "|" where it stands, and the members that come first. */
interface MemberCase {
  readonly files: Readonly<Record<string, string>>
  readonly path: string
  readonly text: string
  readonly first: ReadonlyArray<string>
  /** Members of other types, which are not listed as the receiver's. */
  readonly not?: ReadonlyArray<string>
}

const gin = {
  "go.mod": "module example.com/gin\n",
  "gin.go":
    "package gin\n\n// Engine serves.\ntype Engine struct {\n\tRouterGroup\n\tpool sync.Pool\n}\n\nfunc (engine *Engine) addRoute(method, path string) {\n}\n\nfunc New() *Engine {\n\treturn &Engine{}\n}\n",
  "more.go": "package gin\n\nfunc (engine *Engine) Run(addr string) error {\n\treturn nil\n}\n",
  "weak.go":
    "package gin\n\nfunc group(engine string) string {\n\treturn engine + group(engine)\n}\n\nfunc (o *Other) handle(group string) {}\n\ntype Other struct{ group string }\n",
  "routergroup.go":
    "package gin\n\ntype RouterGroup struct {\n\tbasePath string\n\tengine *Engine\n}\n\nfunc (group *RouterGroup) Use() {}\n"
}
const express = {
  "lib/router.js":
    "var proto = module.exports = function (options) {\n  return proto\n}\n\nproto.use = function use(fn) {\n  return this\n}\n\nproto.route = function route(path) {\n  return path\n}\n",
  "lib/view.js":
    "module.exports = View\n\nfunction View(name, options) {\n  this.name = name\n  this.root = options.root\n}\n\nView.prototype.lookup = function lookup(name) {\n  return name\n}\n",
  "lib/utils.js":
    "module.exports = {\n  etag: function (body) {\n    return body\n  },\n  flatten(list) {\n    return list\n  }\n}\n",
  "lib/weak.js": "exports.router = function router(app, view) {\n  return app.router(view)\n}\n"
}
const laravel = {
  "src/Builder.php":
    "<?php\nnamespace App\\Db;\n\nclass Builder extends Base\n{\n    use Conditions;\n\n    /** @var \\App\\Db\\Grammar */\n    protected $grammar;\n\n    public function whereKey($id)\n    {\n        return $this;\n    }\n\n    /**\n     * @return \\App\\Db\\Grammar\n     */\n    public function getGrammar()\n    {\n        return $this->grammar;\n    }\n}\n",
  "src/Base.php":
    "<?php\nnamespace App\\Db;\n\nabstract class Base\n{\n    public function firstOrFail()\n    {\n    }\n\n    private function hidden()\n    {\n    }\n}\n",
  "src/Conditions.php":
    "<?php\nnamespace App\\Db;\n\ntrait Conditions\n{\n    public function unless($value)\n    {\n    }\n}\n",
  "src/Grammar.php":
    "<?php\nnamespace App\\Db;\n\nclass Grammar\n{\n    public function compileSelect($query)\n    {\n    }\n}\n",
  "src/Facade.php":
    "<?php\nnamespace App\\Db;\n\n/**\n * @method static string connectionName(string $name)\n */\nclass Facade\n{\n}\n",
  "src/Weak.php":
    "<?php\nnamespace App\\Db;\n\nclass Weak\n{\n    public function builder($builder, $query)\n    {\n    }\n}\n"
}
const flask = {
  "shop/app.py":
    "from .store import Store\n\n\nclass App(Base):\n    config_class = Config\n\n    def __init__(self, name):\n        self.name = name\n        self.store = Store(name)\n        self.views: dict[str, View] = {}\n\n    def make_view(self, name) -> View:\n        return View(name)\n",
  "shop/store.py":
    "class Store:\n    def __init__(self, path):\n        self.path = path\n\n    def load_rows(self, limit=10):\n        return []\n",
  "shop/view.py": "class View:\n    def render_text(self):\n        return ''\n",
  "shop/base.py": "class Base:\n    def ensure_sync(self, f):\n        return f\n",
  "shop/globals.py": "from .app import App\n\ncurrent_app: App = LocalProxy('app')\n",
  "shop/weak.py": "def app(store, view):\n    return store.app(view)\n"
}
const java = {
  "src/Gson.java":
    "package g;\n\npublic final class Gson {\n  private final Excluder excluder;\n\n  public Gson(Excluder excluder) {\n    this.excluder = excluder;\n  }\n\n  public JsonWriter newJsonWriter(Writer writer) {\n    return null;\n  }\n}\n",
  "src/Excluder.java":
    "package g;\n\npublic class Excluder {\n  public boolean excludeClass(Class<?> type) {\n    return false;\n  }\n}\n",
  "src/JsonWriter.java":
    "package g;\n\npublic class JsonWriter {\n  public JsonWriter beginArray() {\n    return this;\n  }\n}\n",
  "src/Weak.java": "package g;\n\npublic class Weak {\n  void gson(Object gson, Object writer) {}\n}\n"
}
const rust = {
  "src/lib.rs": "pub mod queue;\npub mod task;\n",
  "src/queue.rs":
    "use crate::task::Task;\n\npub struct Queue {\n    head: Option<Arc<Task>>,\n}\n\nimpl Queue {\n    pub fn pop_front(&mut self) -> Option<Task> {\n        None\n    }\n}\n",
  "src/task.rs":
    "pub struct Task {\n    id: u64,\n}\n\nimpl Task {\n    pub fn wake_by_ref(&self) {}\n}\n\nimpl fmt::Debug for Task {\n    fn fmt_task(&self) {}\n}\n",
  "src/weak.rs": "pub fn queue(task: u8) -> u8 {\n    task\n}\n"
}
const typescript = {
  "src/service.ts":
    "import { Repo } from \"./repo\"\n\nexport class Service {\n  constructor(private readonly repo: Repo) {}\n\n  current(): Repo | undefined {\n    return this.repo\n  }\n}\n",
  "src/repo.ts":
    "export interface Repo extends Readable {\n  readonly size: number\n  findAll(limit: number): Promise<Repo[]>\n}\n",
  "src/readable.ts": "export interface Readable {\n  readNext(): string\n}\n",
  "src/weak.ts": "export const repo = (service: string) => service\nexport const find = (repo: string) => repo\n"
}

const cases: Readonly<Record<string, MemberCase>> = {
  "Go: a field of the receiver's struct": {
    files: gin,
    path: "routergroup.go",
    text:
      "package gin\n\ntype RouterGroup struct {\n\tbasePath string\n\tengine *Engine\n}\n\nfunc (group *RouterGroup) handle(path string) {\n\tgroup.engine.|\n}\n",
    first: ["addRoute", "Run"],
    not: ["group string"]
  },
  "Go: what a constructor of a package returns": {
    files: gin,
    path: "cmd/main.go",
    text: "package main\n\nimport (\n\t\"example.com/gin\"\n)\n\nfunc main() {\n\tr := gin.New()\n\tr.|\n}\n",
    first: ["addRoute", "Run", "Use"]
  },
  "Go: a package": {
    files: gin,
    path: "cmd/main.go",
    text: "package main\n\nimport (\n\t\"example.com/gin\"\n)\n\nfunc main() {\n\tgin.|\n}\n",
    first: ["New", "Engine"],
    not: ["func group("]
  },
  "Go: a parameter": {
    files: gin,
    path: "x.go",
    text: "package gin\n\nfunc serve(a string, engine *Engine) {\n\tengine.|\n}\n",
    first: ["addRoute", "Run", "Use"]
  },
  "JavaScript: functions assigned to what a module exports": {
    files: express,
    path: "lib/application.js",
    text: "var router = require('./router')\n\nexports.handle = function handle(req) {\n  router.|\n}\n",
    first: ["use", "route"],
    not: ["exports.router"]
  },
  "JavaScript: a prototype, and what its constructor assigns": {
    files: express,
    path: "lib/application.js",
    text:
      "var View = require('./view')\n\nexports.render = function render(name) {\n  var view = new View(name, {})\n  view.|\n}\n",
    first: ["lookup", "root"]
  },
  "JavaScript: an object that a module exports": {
    files: express,
    path: "lib/response.js",
    text: "const utils = require('./utils')\n\nexports.send = function send(body) {\n  return utils.|\n}\n",
    first: ["etag", "flatten"]
  },
  "JavaScript: an object of the same folder that is known by its name": {
    files: {
      ...express,
      "lib/app.js":
        "var app = exports = module.exports = {}\n\napp.init = function init() {}\n\napp.enabled = function enabled(setting) {}\n"
    },
    path: "lib/express.js",
    text:
      "var proto = require('./app')\n\nexports.create = function create() {\n  var app = function (req, res) {}\n  app.|\n}\n",
    first: ["init", "enabled"],
    not: ["exports.router"]
  },
  "PHP: a parameter, its base and its traits, without what is private there": {
    files: laravel,
    path: "src/Query.php",
    text:
      "<?php\nnamespace App\\Db;\n\nclass Query\n{\n    public function run(Builder $query)\n    {\n        $query->|\n    }\n}\n",
    first: ["whereKey", "firstOrFail", "unless"],
    not: ["hidden", "builder("]
  },
  "PHP: a property whose type its documentation tells": {
    files: laravel,
    path: "src/Query.php",
    text:
      "<?php\nnamespace App\\Db;\n\nclass Query\n{\n    /** @var \\App\\Db\\Builder */\n    protected $inner;\n\n    public function run()\n    {\n        return $this->inner->getGrammar()->|\n    }\n}\n",
    first: ["compileSelect"]
  },
  "PHP: a fluent chain over lines, and a promoted property": {
    files: laravel,
    path: "src/Query.php",
    text:
      "<?php\nnamespace App\\Db;\n\nclass Query\n{\n    public function __construct(private readonly Builder $inner) {}\n\n    public function run()\n    {\n        return $this->inner\n            ->whereKey(1)\n            ->|\n    }\n}\n",
    first: ["getGrammar", "firstOrFail"]
  },
  "PHP: what the documentation of a facade promises": {
    files: laravel,
    path: "src/Query.php",
    text:
      "<?php\nnamespace App\\Db;\n\nclass Query\n{\n    public function run()\n    {\n        Facade::|\n    }\n}\n",
    first: ["connectionName"]
  },
  "PHP: parent": {
    files: laravel,
    path: "src/Query.php",
    text:
      "<?php\nnamespace App\\Db;\n\nclass Query extends Builder\n{\n    public function run()\n    {\n        parent::|\n    }\n}\n",
    first: ["whereKey", "firstOrFail"]
  },
  "Python: an attribute that a constructor of another file assigns": {
    files: flask,
    path: "shop/cli.py",
    text: "from .app import App\n\n\ndef run(app: App):\n    rows = app.store.|\n",
    first: ["load_rows", "path"],
    not: ["def app("]
  },
  "Python: self, with the attributes of its base": {
    files: flask,
    path: "shop/web.py",
    text: "from .app import App\n\n\nclass WebApp(App):\n    def go(self):\n        self.|\n",
    first: ["make_view", "store", "ensure_sync"]
  },
  "Python: what a method returns, and an element of a dictionary": {
    files: flask,
    path: "shop/cli.py",
    text: "from .app import App\n\n\ndef run(app: App):\n    view = app.views['x']\n    view.|\n",
    first: ["render_text"]
  },
  "Python: an annotated global of another module": {
    files: flask,
    path: "shop/cli.py",
    text: "from .globals import current_app\n\n\ndef run():\n    current_app.|\n",
    first: ["make_view", "ensure_sync"]
  },
  "Python: a chain of calls": {
    files: flask,
    path: "shop/cli.py",
    text: "from .app import App\n\n\ndef run():\n    App('x').make_view('y').|\n",
    first: ["render_text"]
  },
  "Java: a field, and a fluent method": {
    files: java,
    path: "src/Main.java",
    text:
      "package g;\n\npublic class Main {\n  private final Gson gson = new Gson(null);\n\n  void run(Writer out) {\n    gson.newJsonWriter(out).beginArray().|\n  }\n}\n",
    first: ["beginArray"]
  },
  "Java: a parameter, without what is private there": {
    files: {
      ...java,
      "src/Gson.java":
        "package g;\n\npublic final class Gson {\n  private final Excluder hidden;\n  @SuppressWarnings(\"a\") private static int secret = 1;\n  final boolean htmlSafe;\n\n  public JsonWriter newJsonWriter(Writer writer) {\n    return null;\n  }\n}\n"
    },
    path: "src/Main.java",
    text: "package g;\n\npublic class Main {\n  void run(Gson gson) {\n    gson.|\n  }\n}\n",
    first: ["newJsonWriter", "htmlSafe"],
    not: ["hidden", "secret"]
  },
  "Java: this, in a class of this file": {
    files: java,
    path: "src/Main.java",
    text: "package g;\n\npublic class Main {\n  private Excluder rules;\n\n  void run() {\n    this.rules.|\n  }\n}\n",
    first: ["excludeClass"],
    not: ["void gson("]
  },
  "Rust: a field of self behind an Option and an Arc": {
    files: rust,
    path: "src/pool.rs",
    text:
      "use crate::queue::Queue;\n\npub struct Pool {\n    queue: Mutex<Queue>,\n    next: Option<Arc<Queue>>,\n}\n\nimpl Pool {\n    fn run(&mut self) {\n        self.next.|\n    }\n}\n",
    first: ["pop_front"]
  },
  "Rust: what a function of a type returns": {
    files: rust,
    path: "src/pool.rs",
    text: "use crate::queue::Queue;\n\nfn run(queue: &mut Queue) {\n    queue.pop_front().|\n}\n",
    first: ["wake_by_ref", "fmt_task"]
  },
  "TypeScript: a property that a constructor takes, and what its interface extends": {
    files: typescript,
    path: "src/api.ts",
    text:
      "import { Service } from \"./service\"\n\nexport class Api {\n  constructor(private readonly service: Service) {}\n\n  run() {\n    return this.service.current()?.|\n  }\n}\n",
    first: ["findAll", "size", "readNext"],
    not: ["export const repo"]
  },
  "TypeScript: a parameter with a type": {
    files: typescript,
    path: "src/api.ts",
    text: "import type { Repo } from \"./repo\"\n\nexport const run = (repo: Repo) => {\n  return repo.|\n}\n",
    first: ["findAll", "readNext"]
  }
}

describe("members of what stands before the cursor come first", () => {
  for (const [name, { files, first, not = [], path, text }] of Object.entries(cases)) {
    it.effect(name, () =>
      Effect.gen(function*() {
        const index = yield* (yield* Index).make({ weighting: "lucene" })
        yield* index.add(Object.entries(files).map(([path, text]): SourceFile => ({ path, text })))
        const [prefix = "", suffix = ""] = text.split("|")
        const { snippets } = index.context({
          path,
          aliases: [],
          prefix,
          suffix,
          budget: 4096,
          holds: 4096,
          sources: ["signatures", "chunks"],
          style: commentStyle("#")
        })
        const received = snippets.filter(({ reason }) => reason.startsWith("belongs to the type of"))
        for (const member of first) {
          assert.isTrue(received.some(({ text }) => text.includes(member)), `${member} in\n${shownOf(snippets)}`)
        }
        for (const other of not) {
          assert.isFalse(received.some(({ text }) => text.includes(other)), `${other} in\n${shownOf(snippets)}`)
        }
        // Nothing weak stands between them and the cursor: their files come last.
        const paths = snippets.map(({ path }) => path)
        const own = new Set(received.map(({ path }) => path))
        const firstOwn = paths.findIndex((path) => own.has(path))
        assert.isTrue(paths.slice(firstOwn).every((path) => own.has(path)), shownOf(snippets))
      }).pipe(Effect.provide(inMemoryIndex)))
  }
})

const shownOf = (snippets: ReadonlyArray<{ readonly path: string; readonly text: string; readonly reason: string }>) =>
  snippets.map(({ path, reason, text }) => `${path} [${reason}] ${text}`).join("")
