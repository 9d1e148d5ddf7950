"""Sections of ``bench/RESULTS.md``: the latest figures with date and machine."""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.guard import refuse_writes
from bench.places import SRC

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = "# Measured\n\nEach section is written by the measure it names; the latest run replaces the one before.\n"


def machine() -> str:
    """Processor model and number of processors, as the kernel tells them."""
    model = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists() and (match := re.search(r"model name\s*:\s*(.+)", info.read_text())):
        model = match.group(1).strip()
    return f"{model}, {os.cpu_count()} processors"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


@dataclass(frozen=True)
class Section:
    """What a measure found: its title, and text with tables in Markdown."""

    name: str
    title: str
    text: str


@dataclass
class Out:
    """Where a measure puts its sections: they are printed, and written to ``results`` unless that is ``None``.

    ``words`` are the options that the measure was given.
    """

    words: Sequence[str] = ()
    results: Path | None = RESULTS
    sections: list[Section] = field(default_factory=list)

    def section(self, name: str, title: str, text: str, command: str = "") -> None:
        """Replace section ``name`` (the measure's name, unless the words of ``command`` made it)."""
        self.sections.append(Section(name, title, text.strip()))
        print(f"{title}\n\n{text.strip()}", flush=True)
        if self.results is None:
            return
        today = dt.datetime.now(dt.UTC).date().isoformat()
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        made = f"`python -m bench {command or name}`, {today}, {machine()}"
        section = f"{start}\n## {title}\n\n{made}\n\n{text.strip()}\n{end}\n"
        old = self.results.read_text() if self.results.exists() else HEAD
        pattern = re.compile(re.escape(start) + r".*?" + re.escape(end) + r"\n", re.S)
        new = pattern.sub(lambda _: section, old) if pattern.search(old) else old + "\n" + section
        self.results.write_text(new)


def run_alone(run: Callable[[Out], None]) -> None:
    """Run a measure as ``python -m bench.measures.NAME``; ``--dry`` prints its section and writes nothing."""
    refuse_writes(SRC)
    words = [word for word in sys.argv[1:] if word != "--dry"]
    run(Out(words, None if "--dry" in sys.argv else RESULTS))
