"""Hostile files: how many break the program, and what the most of memory and time is that the parent takes.

Spoiled containers of ten kinds (the same every time) and small files that ask for much go through probe, sight, sound
and ``redact``; each in a process of its own, whose memory is that of the parent of the decoders.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from tests.fuzz.mutating import bases, greedy, spoiled
from tests.fuzz.trying import Tried, tried

from bench.report import Out, run_alone, table

COUNT = 200


def row(name: str, found: list[Tried]) -> list[object]:
    """One line of the table."""
    ends = Counter("clip" if "done" in one.said.get("redact", "") else "sentence" for one in found if one.good)
    return [
        name,
        len(found),
        ends["clip"],
        ends["sentence"],
        sum(bool(one.traceback) for one in found),
        sum(bool(one.unforeseen) for one in found),
        f"{max(one.parent_mib for one in found):.0f} MiB",
        f"{max(one.seconds for one in found):.1f} s",
    ]


def run(out: Out) -> None:
    """Spoil, try, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="how many spoiled files")
    parser.add_argument("--seed", type=int, default=0, help="the number of the first one")
    words = parser.parse_args(out.words)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = bases(folder)
        groups: dict[str, list[Tried]] = {base.name: [] for base in whole}
        worst: list[str] = []
        for seed in range(words.seed, words.seed + words.count):
            base = whole[seed % len(whole)]
            path = spoiled(base, folder / f"{seed}{base.suffix}", seed)
            groups[base.name].append(_one(path, folder / f"out-{seed}", worst))
        for path in greedy(folder):
            groups[path.name] = [_one(path, folder / f"out-{path.name}", worst)]
    head = ["file", "tried", "clip", "sentence", "traceback", "unforeseen", "most memory of the parent", "longest step"]
    rows = [row(name, found) for name, found in groups.items() if found]
    everything = [one for found in groups.values() for one in found]
    text = table(head, [*rows, row("all", everything)])
    if worst:
        text += "\n\nTo be mended:\n\n" + "\n".join(f"- {line}" for line in worst)
    out.section("hostile_files", "Hostile files", text)


def _one(path: Path, folder: Path, worst: list[str]) -> Tried:
    folder.mkdir()
    found = tried(path, folder)
    if not found.good:
        worst.append(f"{path.name}: {found.traceback[-400:] or found.unforeseen}")
    return found


if __name__ == "__main__":
    run_alone(run)
