"""Write one section of ``bench/RESULTS.md`` and print it: the latest figures with date and machine."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Sequence
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = "# Measured\n\nEach section is written by the script it names; the latest run replaces the one before.\n"


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


def write_section(name: str, title: str, text: str, command: str = "") -> None:
    """Replace section ``name`` (the script's name without ``.py``, unless ``command`` is given) and print it."""
    today = dt.datetime.now(dt.UTC).date().isoformat()
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    section = (
        f"{start}\n## {title}\n\n`python -m bench.{command or name}`, {today}, {machine()}\n\n{text.strip()}\n{end}\n"
    )
    old = RESULTS.read_text() if RESULTS.exists() else HEAD
    pattern = re.compile(re.escape(start) + r".*?" + re.escape(end) + r"\n", re.S)
    new = pattern.sub(lambda _: section, old) if pattern.search(old) else old + "\n" + section
    RESULTS.write_text(new)
    print(f"{title}\n\n{text.strip()}")
