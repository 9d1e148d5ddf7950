"""Run the measured comparisons one after the other: ``python -m bench [NAME …]``; without names, all of them."""

from __future__ import annotations

import importlib
import sys
import time
from pathlib import Path

#: Modules of this folder that are not comparisons.
NOT_MEASURES = {"__init__", "__main__", "report"}


def names() -> list[str]:
    """Names of all comparisons: the modules here that have a ``main``."""
    folder = Path(__file__).parent
    found = sorted(path.stem for path in folder.glob("*.py") if path.stem not in NOT_MEASURES)
    return [name for name in found if "\ndef main(" in (folder / f"{name}.py").read_text()]


def run(wanted: list[str]) -> int:
    """Run the named comparisons (all where none is named); the number of those that failed."""
    failed = []
    for name in wanted or names():
        print(f"\n=== {name}", flush=True)
        start, sys.argv = time.monotonic(), [name]
        try:
            importlib.import_module(f"bench.{name}").main()
        except Exception as error:
            failed.append(name)
            print(f"{name} failed: {error}", file=sys.stderr)
        print(f"=== {name}: {time.monotonic() - start:.0f} s", flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


if __name__ == "__main__":
    raise SystemExit(run(sys.argv[1:]))
