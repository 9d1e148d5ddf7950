"""Run measures one after the other: ``python -m bench [--quick] [--dry] [--against FOLDER] [NAME …]``.

Without names all are run, with ``--quick`` those that take a minute or two. One name may be followed by options of its
own: ``python -m bench analyze --long 60``. ``--dry`` prints and leaves ``RESULTS.md`` as it is; so does ``--quick``.
``--against FOLDER`` runs the same measures of another checkout too, in turn, and prints both figures side by side.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench import measures
from bench.compare import compared
from bench.guard import refuse_writes
from bench.places import ROOT, SRC
from bench.report import RESULTS, Out, Section

#: What another checkout runs: its measure by this layout, or by the one before it, with the sections taken down.
_CHILD = """
import contextlib, importlib, importlib.util, json, sys
name, found = sys.argv[1], []
sys.argv = [name]
with contextlib.redirect_stdout(sys.stderr):
    if importlib.util.find_spec("bench.measures"):
        from bench.report import Out
        out = Out((), None)
        importlib.import_module("bench.measures." + name).run(out)
        found = [vars(section) for section in out.sections]
    else:
        import bench.report
        bench.report.write_section = lambda name, title, text, command="": found.append(
            {"name": name, "title": title, "text": text})
        importlib.import_module("bench." + name).main()
print(json.dumps(found))
"""


def names() -> list[str]:
    """All measures: the modules of ``bench/measures``, each with a ``run(out)``."""
    return sorted(module.name for module in pkgutil.iter_modules(measures.__path__))


def is_quick(name: str) -> bool:
    """Whether the measure says ``QUICK = True``: a minute or two, and nothing that is not installed or beside us."""
    return bool(getattr(importlib.import_module(f"bench.measures.{name}"), "QUICK", False))


def measure(name: str, out: Out) -> None:
    """Run one measure here."""
    importlib.import_module(f"bench.measures.{name}").run(out)


def elsewhere(name: str, checkout: Path) -> list[Section]:
    """What the same measure finds with another checkout's sources, by that checkout's own script."""
    paths = os.pathsep.join((str(checkout / "src"), str(checkout)))
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, name],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [Section(**section) for section in json.loads(done.stdout.splitlines()[-1])]


def run(wanted: Sequence[str], words: Sequence[str], results: Path | None, against: Path | None) -> int:
    """Run the measures; the number of those that failed."""
    refuse_writes(SRC)
    failed = []
    for name in wanted:
        print(f"\n=== {name}", flush=True)
        start, out = time.monotonic(), Out(words, results)
        try:
            measure(name, out)
            if against is not None:
                print("\n" + compared(elsewhere(name, against), out.sections, str(against), str(ROOT)))
        except Exception as error:
            failed.append(name)
            print(f"{name} failed: {type(error).__name__}: {error}", file=sys.stderr)
        print(f"=== {name}: {time.monotonic() - start:.0f} s", flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


def _first_word(rest: Sequence[str], there: Sequence[str]) -> int:
    """Where names of measures end: at an option, or at what is no name behind one."""
    return next((n for n, word in enumerate(rest) if word.startswith("-") or (n > 0 and word not in there)), len(rest))


def main(arguments: Sequence[str]) -> int:
    """What the command line asks for; the number of measures that failed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--dry", action="store_true")
    parser.add_argument("--against", type=Path, metavar="FOLDER")
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="NAME")
    asked = parser.parse_args(arguments)
    there = names()
    first = _first_word(asked.rest, there)
    wanted, words = asked.rest[:first], [word for word in asked.rest[first:] if word != "--dry"]
    dry = asked.dry or "--dry" in asked.rest
    if strange := set(wanted) - set(there):
        parser.error(f"no measure named {', '.join(sorted(strange))}; there are: {', '.join(there)}")
    if words and len(wanted) != 1:
        parser.error("options of a measure follow one name")
    if not wanted:
        wanted = [name for name in there if not asked.quick or is_quick(name)]
    results = None if dry or asked.quick or asked.against else RESULTS
    return run(wanted, words, results, asked.against)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
