"""Putting two recordings of three hours in step: time, processor time and memory, on made sound whose truth is known.

The sound is noise that rises and falls like syllables. The second camera begins ten minutes late, hears it with noise
of its own at 10 dB, and its clock runs 30 parts in a million fast. Ours runs in a process of its own over files.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.report import Out, run_alone, table

RATE, HOURS, LATE_S, DRIFT = 16_000, (0.5, 3.0), 600, 30e-6
#: One block of the scene is made at a time.
_BLOCK_S = 60
_CHILD = """
import json, resource, sys, threading, time
import numpy as np
from bodyworn.encounters.alignment.align import align

def anonymous():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("RssAnon")) * 1024

most, done = [anonymous()], threading.Event()
def watch():
    while not done.wait(0.1):
        most[0] = max(most[0], anonymous())

threading.Thread(target=watch, daemon=True).start()
sounds = [np.memmap(name, np.int16, "r") for name in sys.argv[1:]]
wall, cpu = time.monotonic(), time.process_time()
found = align(*sounds)
told = {"wall_s": time.monotonic() - wall, "cpu_s": time.process_time() - cpu}
done.set()
answer = None if found is None else [found.offset_s, found.drift_ppm]
print(json.dumps({**told, "bytes": most[0], "answer": answer}))
"""


def scene(number: int) -> NDArray[np.float32]:
    """Block ``number`` of the scene, always the same: noise in bursts of 80 to 300 ms with pauses."""
    rng = np.random.default_rng((41, number))
    sound = rng.standard_normal(_BLOCK_S * RATE).astype(np.float32)
    loud, at = np.zeros(len(sound), np.float32), 0
    while at < len(sound):
        length = int(rng.uniform(0.08, 0.3) * RATE)
        loud[at : at + length] = rng.uniform(0.1, 1.0)
        at += length + int(rng.uniform(0.02, 0.4) * RATE)
    return sound * loud * np.float32(0.2)


def written(path: Path, seconds: float, late_s: float, drift: float, seed: int) -> None:
    """A camera's sound as int16, a minute at a time; ``drift`` as a share by which its clock runs fast."""
    rng = np.random.default_rng(seed)
    with path.open("wb") as file:
        for start in range(0, int(seconds), _BLOCK_S):
            count = round(min(_BLOCK_S, seconds - start) * RATE)
            times = late_s + (start + np.arange(count) / RATE) / (1 + drift)
            first = int(times[0] // _BLOCK_S)
            blocks = np.concatenate([scene(first), scene(first + 1), scene(first + 2)[:1]])
            heard = np.interp((times - first * _BLOCK_S) * RATE, np.arange(len(blocks)), blocks)
            heard += rng.standard_normal(count) * 0.03
            file.write(np.rint(np.clip(heard, -1, 1) * 32767).astype(np.int16).tobytes())


def measured(hours: float, folder: Path) -> tuple[str, ...]:
    """A row: how long both are, what it takes, and how far off it is at the end of the shared time."""
    paths = [folder / name for name in ("first", "second")]
    written(paths[0], hours * 3600, 0.0, 0.0, 1)
    written(paths[1], hours * 3600, LATE_S, DRIFT, 2)
    done = subprocess.run([sys.executable, "-c", _CHILD, *map(str, paths)], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    off = "cannot tell"
    if told["answer"] is not None:
        offset, drift_ppm = told["answer"][0], told["answer"][1] or 0.0
        end = hours * 3600 - LATE_S
        worst = max(abs(offset - LATE_S), abs(offset - LATE_S + end * (DRIFT - drift_ppm * 1e-6)))
        off = f"{worst * 1000:.1f} ms"
    return (
        f"{hours:g} h",
        f"{told['wall_s']:.0f} s",
        f"{told['cpu_s']:.0f} s",
        f"{told['bytes'] / 1e6:.0f} MB",
        off,
    )


def run(out: Out) -> None:
    """The table."""
    head = ("both recordings", "time", "processor time", "memory", "largest error")
    with tempfile.TemporaryDirectory() as folder:
        rows = [measured(hours, Path(folder)) for hours in HOURS]
    notes = (
        "Target: at most 2 minutes and 1 GB for 3 hours. Memory is what the process keeps for itself at most; pages of "
        "the files that are mapped are not counted, as the system takes them back. The error is the largest within the "
        "shared time, of an offset of 600 s and a clock that is 30 ppm fast."
    )
    out.section("long_alignment", "Two recordings of three hours in step", f"{table(head, rows)}\n\n{notes}")


if __name__ == "__main__":
    run_alone(run)
