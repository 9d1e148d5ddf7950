"""What ``bodyworn analyze`` costs: wall clock, processor and memory on ten minutes of 720p30 footage with speech.

Beside it, in the same run, whisper-ctranslate2 alone on the same file with the same model and VAD: it transcribes and
does nothing else. Memory is the sum over the process tree of what is not shared (``Pss`` of ``/proc``), sampled ten
times a second, so that no child is missed and no page is counted twice. ``--long MINUTES`` measures ours alone on a
longer clip, into a section of its own.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.report import Out, run_alone, table
from bench.scenes.long_clip import long_clip

MIB = 1_024
HEAD = ("720p30 H.264 with speech", "wall", "of its length", "CPU", "peak of the process tree")
EVERY_S = 0.1


@dataclass(frozen=True)
class Cost:
    """Wall and processor seconds, and the peak of the whole process tree in MiB."""

    wall: float
    cpu: float
    peak_mib: float


def _tree(root: int) -> list[int]:
    """The process and all its descendants that live."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo += children.get(pid, [])
    return found


def _held_kib(pid: int) -> int:
    """Proportional memory of a process; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def cost(command: list[str], threads: int) -> Cost:
    """Run a command and measure it with all its children."""
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    peak = 0
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
        while child.poll() is None:
            peak = max(peak, sum(_held_kib(pid) for pid in _tree(child.pid)))
            time.sleep(EVERY_S)
        wall = time.perf_counter() - began
        if child.returncode:
            errors.seek(0)
            raise SystemExit(f"{command[0]} failed:\n{errors.read()[-2_000:].decode(errors='replace')}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak / MIB)


def ours(clip: Path, threads: int) -> Cost:
    """``bodyworn analyze`` into a new library."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        command = [sys.executable, "-m", "bodyworn", "analyze", str(clip), "--library", str(library)]
        return cost([*command, "--json", str(Path(folder) / "found.json")], threads)


def peer(command: str, clip: Path, threads: int) -> Cost:
    """whisper-ctranslate2 on the same file with the same model and its VAD filter."""
    from bodyworn.models.registry import locate

    with tempfile.TemporaryDirectory() as folder:
        arguments = ["--model_directory", str(locate("whisper-tiny.en").parent), "--language", "en"]
        arguments += ["--vad_filter", "True", "--device", "cpu", "--compute_type", "int8", "--threads", str(threads)]
        arguments += ["--verbose", "False", "--output_format", "json", "--output_dir", folder]
        return cost([command, str(clip), *arguments], threads)


def _row(name: str, minutes: int, run: Cost) -> tuple[str, ...]:
    share = run.wall / (minutes * 60)
    return (name, f"{run.wall:.0f} s", f"{share:.3f}", f"{run.cpu:.0f} s", f"{run.peak_mib:.0f} MiB")


def write_long(out: Out, minutes: int, run: Cost) -> None:
    """Write the section on a long clip: is memory flat in length?"""
    text = table(HEAD, [_row(f"bodyworn analyze, {minutes} min", minutes, run)])
    text += f"\n\nMachine load at the end {os.getloadavg()[0]:.1f}; target: peak at most 1536 MiB, flat in length."
    out.section("analyze_long", "`analyze` on a long clip", text, f"analyze --long {minutes}")


def run(out: Out) -> None:
    """Run and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", type=int, metavar="MINUTES", help="ours alone on a longer clip")
    parser.add_argument("--peer", default="whisper-ctranslate2")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--minutes", type=int, default=10)
    options = parser.parse_args(out.words)
    if options.long:
        write_long(out, options.long, ours(long_clip(options.long), options.threads))
        return
    clip = long_clip(options.minutes)
    rows = [
        _row(f"bodyworn analyze, {options.minutes} min", options.minutes, ours(clip, options.threads)),
        _row("whisper-ctranslate2 alone", options.minutes, peer(options.peer, clip, options.threads)),
    ]
    notes = (
        f"{options.threads} threads; machine load at the end {os.getloadavg()[0]:.1f}. "
        "Targets: wall at most 0.20 of the length on 2 cores, peak at most 1536 MiB and flat in length."
    )
    out.section("analyze", "The whole of `analyze`", f"{table(HEAD, rows)}\n\n{notes}")


if __name__ == "__main__":
    run_alone(run)
