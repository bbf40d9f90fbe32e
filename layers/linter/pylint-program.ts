/**
 * What runs inside Python: it loads pylint once, then reads a program from each line of JSON and answers with a line of
 * JSON that holds its problems. All errors and fatal messages count, as do two warnings that LintSeq counts as well:
 * bad indentation (W0311) and a base class whose __init__ is not called (W0231).
 */
export const pylintProgram = `
import json, os, sys
out = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\\n")
os.dup2(2, 1)
try:
    from astroid import MANAGER
    from pylint.lint import PyLinter
    from pylint.lint import pylinter as module
    from pylint.reporters import CollectingReporter
    import pylint
except ModuleNotFoundError:
    print(json.dumps({"missing": True}), file=out, flush=True)
    sys.exit(0)
except Exception as error:
    print(json.dumps({"failure": str(error)}), file=out, flush=True)
    sys.exit(0)
source = ""
module._read_stdin = lambda: source
linter = PyLinter()
linter.load_default_plugins()
linter.disable("all")
for category in ("E", "F", "W0311", "W0231"):
    linter.enable(category)
linter.config.persistent = False
linter.set_option("from_stdin", True) if hasattr(linter, "set_option") else setattr(linter.config, "from_stdin", True)
linter.config.from_stdin = True
print(json.dumps({"version": pylint.__version__}), file=out, flush=True)
for line in sys.stdin:
    source = json.loads(line)
    reporter = CollectingReporter()
    linter.set_reporter(reporter)
    linter.stats.reset_message_count()
    try:
        linter.check(["state.py"])
        found = [[m.msg_id, m.msg, m.line] for m in reporter.messages]
    except Exception as error:
        found = [["F0002", "astroid-error: " + type(error).__name__, 1]]
    for name in ("state", "state.py"):
        MANAGER.astroid_cache.pop(name, None)
    print(json.dumps(found), file=out, flush=True)
`
