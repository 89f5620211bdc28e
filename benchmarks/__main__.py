"""Run all benchmarks, or those named."""

import importlib
import pkgutil
import sys

import benchmarks
from benchmarks.report import heading

NOT_MEASURES = {"__main__", "load", "report", "peers", "measure", "books"}


def main(names: list[str]) -> int:
    modules = {module.name for module in pkgutil.iter_modules(benchmarks.__path__)}
    known = sorted(modules - NOT_MEASURES)
    unknown = sorted(set(names) - set(known))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    print(heading())
    for name in names or known:
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
