"""What redaction costs: processor time per frame of ours, of decode and the same encode alone, and of deface.

The clip is a composed street scene with three faces and a shaking camera, at 1080p30 and 720p30, H.264, played forth
and back until it is long enough. Every program runs as a whole process, so that its start is in the figure; the peers
see fewer frames (``--peer-seconds``) because they take so long. deface is named by ``--deface``, the command of an
environment of its own (``pip install deface``); without it, its rows are left out and the table says so.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from bench.face_scenes import Scene, compose
from bench.faces import frame_of, people
from bench.report import table, write_section

SIZES = ((1920, 1080), (1280, 720))
RATE = 30
#: Frames that are composed; the rest plays them back and forth.
DRAWN = 90

FLOOR = """
import sys
from pathlib import Path
from bodyworn.media.render import render
class Nobody:
    look_ahead = 0
    def see(self, shot): pass
    def finish(self): pass
    def covers(self, shot): return False
    def hide(self, planes): pass
render(Path(sys.argv[1]), Path(sys.argv[2]), Nobody(), replace=True)
"""


def clip(path: Path, width: int, height: int, seconds: float) -> int:
    """Write the clip; the number of its frames."""
    import cv2

    from bodyworn.media.clip import write_clip

    scene = Scene("cost", width, height, frames=DRAWN, faces=3, sizes=(60, 220), shake=30, pan=80)
    drawn = [
        np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), np.uint8)
        for picture, _ in compose(scene, people(), frame_of("ego_street_plates.mp4", 3), 5)
    ]
    count = round(seconds * RATE)
    order = [n % (2 * DRAWN - 2) for n in range(count)]
    frames = (drawn[n if n < DRAWN else 2 * DRAWN - 2 - n] for n in order)
    sound = np.random.default_rng(1).normal(0, 0.05, round(seconds * 16_000)).astype(np.float32)
    write_clip(path, frames, sound, size=(width, height), rate=Fraction(RATE), sample_rate=16_000, tags={}, quality=23)
    return count


def cost(command: Sequence[str]) -> tuple[float, float]:
    """Processor and wall seconds of a command."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - start


def rows_for(size: tuple[int, int], arguments: argparse.Namespace, folder: Path) -> list[list[str]]:
    """Measured rows of one picture size."""
    source, short, out = folder / "in.mp4", folder / "short.mp4", str(folder / "out.mp4")
    count, few = clip(source, *size, arguments.seconds), clip(short, *size, arguments.peer_seconds)
    runs: list[tuple[str, Sequence[str], int]] = [
        ("decode and the same encode alone", [sys.executable, "-c", FLOOR, str(source), out], count),
        ("bodyworn redact", [sys.executable, "-m", "bodyworn", "redact", str(source), out, "--force"], count),
    ]
    if arguments.deface:
        runs += [
            ("deface -s 640x360", [arguments.deface, str(short), "-o", out, "-s", "640x360"], few),
            ("deface", [arguments.deface, str(short), "-o", out], few),
        ]
    taken = []
    for name, command, frames in runs:
        cpu, wall = cost(command)
        taken.append((name, 1000 * cpu / frames, 1000 * wall / frames, frames))
        print(size, *taken[-1], flush=True)
    floor, ours = taken[0][1], taken[1][1]
    return [
        [f"{size[1]}p", name, f"{cpu:.1f}", f"{wall:.1f}", f"{cpu / floor:.2f}×", f"{cpu / ours:.1f}×", str(frames)]
        for name, cpu, wall, frames in taken
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--peer-seconds", type=float, default=10)
    parser.add_argument("--deface", default=os.environ.get("DEFACE") or shutil.which("deface") or "")
    arguments = parser.parse_known_args()[0]
    rows: list[list[str]] = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            rows += rows_for(size, arguments, Path(folder))
    head = ["picture", "program", "CPU ms a frame", "wall ms a frame", "to decode + encode", "to ours", "frames"]
    text = table(head, rows)
    if not arguments.deface:
        text += "\n\ndeface was not measured: no command of that name (`--deface`).\n"
    write_section("redact_cost", "What redaction costs", text)


if __name__ == "__main__":
    main()
