"""What redaction costs: processor time per frame of ours, of decode and the same encode alone, and of deface.

The clip is a composed street scene with three faces and a shaking camera, at 1080p30 and 720p30, H.264 with a key
picture every two seconds, played forth and back until it is long enough; a second clip shows the faces in one second
of ten only. Every program runs as a whole process on a long and on a short clip; the difference is the cost of a frame,
the rest its start. The peers see fewer frames (``--peer-seconds``) because they take so long. deface is named by
``--deface``, the command of an environment of its own (``pip install deface``); without it, its rows are left out and
the table says so.
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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from bench.measures.faces import frame_of, people
from bench.report import Out, run_alone, table
from bench.scenes.face_scenes import Scene, compose

SIZES = ((1920, 1080), (1280, 720))
RATE = 30
#: Frames that are composed; the rest plays them back and forth.
DRAWN = 60

FLOOR = """
import sys
from pathlib import Path
from bodyworn.media.picture_out import Encoding
from bodyworn.media.render import render
class Nobody:
    def see(self, frame): pass
    def settled(self): return True
    def finish(self): pass
    def covers(self, frame): return False
    def hide(self, planes): pass
render(Path(sys.argv[1]), Path(sys.argv[2]), Nobody(), encoding=Encoding(copy_untouched=False), replace=True)
"""


def clip_set(
    clips: Mapping[tuple[str, str], Path], seconds: Mapping[tuple[str, str], float], size: tuple[int, int]
) -> dict[tuple[str, str], int]:
    """Write the clips, all from the same composed pictures; the number of frames of each.

    Those of *few* show faces in one second of ten.
    """
    import cv2

    from bodyworn.media.clip import write_clip

    def drawn(faces: int) -> list[np.ndarray]:
        scene = Scene("cost", *size, frames=DRAWN, faces=faces, sizes=(60, 220), shake=30, pan=80)
        composed = compose(scene, people(), frame_of("ego_street_plates.mp4", 12), 5)
        return [np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), np.uint8) for picture, _ in composed]

    full, empty = drawn(3), drawn(0)
    counts = {key: round(length * RATE) for key, length in seconds.items()}
    for key, count in counts.items():
        order = [n % (2 * DRAWN - 2) for n in range(count)]
        shown = [empty if key[0] == "few" and at // RATE % 10 else full for at in range(count)]
        frames = (some[n if n < DRAWN else 2 * DRAWN - 2 - n] for some, n in zip(shown, order, strict=True))
        sound = np.random.default_rng(1).normal(0, 0.05, round(count / RATE * 16_000)).astype(np.float32)
        write_clip(clips[key], frames, sound, size=size, rate=Fraction(RATE), sample_rate=16_000, tags={}, quality=23)
    return counts


def cost(command: Sequence[str]) -> tuple[float, float]:
    """Processor and wall seconds of a command."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - start


@dataclass(frozen=True)
class Taken:
    """Processor and wall milliseconds a frame, processor seconds to start, frames of the long clip."""

    name: str
    cpu: float
    wall: float
    start: float
    frames: int


def taken(name: str, command: Sequence[str], clips: Sequence[Path], frames: Sequence[int]) -> Taken:
    """Cost of a program; ``{}`` in its command is the clip."""
    runs = [cost([word.format(path) for word in command]) for path in clips]
    more = frames[0] - frames[1]
    cpu, wall = ((runs[0][i] - runs[1][i]) / more for i in (0, 1))
    return Taken(name, 1000 * cpu, 1000 * wall, max(0.0, runs[1][0] - cpu * frames[1]), frames[0])


def rows_for(size: tuple[int, int], arguments: argparse.Namespace, folder: Path) -> list[list[str]]:
    """Measured rows of one picture size."""
    lengths = {"ours": arguments.seconds, "few": arguments.seconds, "peer": arguments.peer_seconds}
    names = [(who, part) for who in lengths for part in ("long", "short")]
    clips = {key: folder / f"{key[0]}-{key[1]}.mp4" for key in names}
    seconds = {(who, part): lengths[who] / (1 if part == "long" else 5) for who, part in names}
    frames = clip_set(clips, seconds, size)
    out = str(folder / "out.mp4")
    programs: list[tuple[str, Sequence[str], str]] = [
        ("decode and the same encode alone", [sys.executable, "-c", FLOOR, "{}", out], "ours"),
        ("bodyworn redact", [sys.executable, "-m", "bodyworn", "redact", "{}", out, "--force"], "ours"),
        ("decode and encode, few faces", [sys.executable, "-c", FLOOR, "{}", out], "few"),
        ("bodyworn redact, few faces", [sys.executable, "-m", "bodyworn", "redact", "{}", out, "--force"], "few"),
    ]
    if arguments.deface:
        programs += [
            ("deface -s 640x360", [arguments.deface, "{}", "-o", out, "-s", "640x360"], "peer"),
            ("deface", [arguments.deface, "{}", "-o", out], "peer"),
        ]
    all_taken = []
    for name, command, who in programs:
        keys = [(who, "long"), (who, "short")]
        all_taken.append(taken(name, command, [clips[k] for k in keys], [frames[k] for k in keys]))
        print(size, all_taken[-1], flush=True)
    ours, few = all_taken[1].cpu, all_taken[2].cpu
    floors = [few if who == "few" else all_taken[0].cpu for _, _, who in programs]
    return [
        [
            f"{size[1]}p",
            each.name,
            *(f"{value:.1f}" for value in (each.cpu, each.wall, each.start)),
            f"{each.cpu / floor:.2f}×",
            f"{each.cpu / ours:.1f}×",
            str(each.frames),
        ]
        for each, floor in zip(all_taken, floors, strict=True)
    ]


def run(out: Out) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--peer-seconds", type=float, default=10)
    parser.add_argument("--deface", default=os.environ.get("DEFACE") or shutil.which("deface") or "")
    arguments = parser.parse_args(out.words)
    rows: list[list[str]] = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            rows += rows_for(size, arguments, Path(folder))
    head = ["picture", "program", "CPU ms a frame", "wall ms a frame", "CPU s to start"]
    head += ["to decode + encode", "to ours", "frames"]
    text = table(head, rows)
    if not arguments.deface:
        text += "\n\ndeface was not measured: no command of that name (`--deface`).\n"
    out.section("redact_cost", "What redaction costs", text)


if __name__ == "__main__":
    run_alone(run)
