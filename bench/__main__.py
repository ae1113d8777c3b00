"""`python -m bench [name …]`: every benchmark in a process of its own; a table each, JSON under bench-results/.

`python -m bench NAME --rounds 15 …` gives one of them its sizes. A benchmark is a module here with
`run() -> list[Row]`, or a program whose exit code says whether its goals were met.
"""

import argparse
import importlib
import subprocess
import sys
from pathlib import Path

from bench import measure

HERE = Path(__file__).parent
RESULTS = HERE.parent / "bench-results"
NO_BENCHMARKS = {"__init__", "__main__", "measure"}


def found() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NO_BENCHMARKS)


def run_here(name: str) -> int:
    """Run one benchmark with `run()` in this process."""
    rows: list[measure.Row] = importlib.import_module(f"bench.{name}").run()
    print(measure.table(rows))
    measure.write_json(rows, RESULTS / f"{name}.json")
    return 0 if all(row.met is not False for row in rows) else 1


def command(name: str) -> list[str]:
    has_run = "\ndef run(" in (HERE / f"{name}.py").read_text(encoding="utf-8")
    return [sys.executable, "-m", "bench", "--here", name] if has_run else [sys.executable, "-m", f"bench.{name}"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(found())}; all when none is named")
    parser.add_argument("--here", help=argparse.SUPPRESS)
    options, sizes = parser.parse_known_args()
    if options.here:
        return run_here(options.here)
    if unknown := set(options.names) - set(found()):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    if sizes:
        if len(options.names) != 1:
            parser.error("sizes are those of one benchmark: name it alone")
        by_itself = [sys.executable, "-m", f"bench.{options.names[0]}", *sizes]
        return subprocess.run(by_itself, cwd=HERE.parent, check=False).returncode
    missed = []
    for name in options.names or found():
        print(f"\n{name}", flush=True)
        if subprocess.run(command(name), cwd=HERE.parent, check=False).returncode:
            missed.append(name)
    print(f"\nGoals missed, or the run was void: {', '.join(missed)}" if missed else "\nAll goals met.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
