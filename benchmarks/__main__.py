"""`python -m benchmarks [NAME...]`: one JSON line a figure; status 1 when a figure misses its bar or cannot be measured."""

import json
import pkgutil
import sys
from importlib import import_module

import benchmarks
from office.text import Refused

NAMES = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if not module.name.startswith("_"))


def run(names: list[str]) -> int:
    """Measure these benchmarks, each at its full size; the exit status."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        sys.stderr.write(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}\n")
        return 2
    status = 0
    for name in names or NAMES:
        try:
            for figure in import_module(f"benchmarks.{name}").measure():
                sys.stdout.write(json.dumps(figure.as_json(), ensure_ascii=False) + "\n")
                sys.stdout.flush()
                if not figure.met:
                    status = 1
        except Refused as refusal:
            sys.stderr.write(f"{name}: {refusal.in_('en')}\n")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
