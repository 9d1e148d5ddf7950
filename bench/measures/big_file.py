"""Sealing, signing and checking a large file: time against ``sha256sum`` of it, and memory.

A clip of 1.9 GiB: a rendered one whose ``mdat`` is followed by a ``mdat`` of noise up to that size, so that every byte
has to be read. Each step is a process of its own; its time is the better of two, because the first reads from disk what
the second finds in memory. ``sha256sum`` runs in the same way on the same file.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.report import Out, run_alone, table

GIB = 1 << 30
STEP = """
import sys
from pathlib import Path
import datetime as dt
from bodyworn.custody.certificates import make_identity
from bodyworn.custody.manifest import check
from bodyworn.custody.manifest_signing import seal_original, sign_release
step, folder = sys.argv[1], Path(sys.argv[2])
clip, seal, out = folder / "clip.mp4", folder / "seal", folder / "out.mp4"
identity = make_identity("bench", dt.datetime.now(dt.UTC), test=True)
if step == "seal":
    seal.write_bytes(seal_original(clip, "original", identity))
elif step == "sign":
    out.unlink(missing_ok=True)
    sign_release(clip, out, title="release", original=clip, original_sidecar=seal.read_bytes(), edits=(),
                 facts={}, identity=identity)
elif step == "check":
    found = check(out)
    assert found.binding.value == "holds", found.faults
"""


def large(path: Path, size: int) -> None:
    """A clip that plays, and behind it a box of noise up to ``size`` bytes."""
    import av

    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=10)
        video.width, video.height, video.pix_fmt = 160, 96, "yuv420p"
        for n in range(20):
            picture = np.full((96, 160, 3), 10 * n, np.uint8)
            out.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(video.encode(None))
    rest = size - path.stat().st_size
    random = np.random.default_rng(1)
    with path.open("ab") as file:
        file.write(rest.to_bytes(4, "big") + b"mdat")
        left = rest - 8
        while left:
            part = min(left, 1 << 24)
            file.write(random.bytes(part))
            left -= part


def took(command: list[str], times: int = 2) -> tuple[float, float, float]:
    """Least seconds and processor seconds of a command, and its most memory in MiB."""
    best = (float("inf"), float("inf"))
    most = 0.0
    for _ in range(times):
        start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = status
        if status:
            raise SystemExit(f"{command[:4]} failed")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best = min(best, (time.monotonic() - start, cpu))
        most = max(most, used.ru_maxrss / 1024)
    return *best, most


def run(out: Out) -> None:
    """Make the file, run the steps, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gib", type=float, default=1.9)
    size = int(parser.parse_args(out.words).gib * GIB)
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        large(folder / "clip.mp4", size)
        floor = took(["sha256sum", str(folder / "clip.mp4")])
        steps = [("sha256sum", floor)]
        for step in ("seal", "sign", "check"):
            steps.append((step, took([sys.executable, "-c", STEP, step, name])))
            print(steps[-1], flush=True)
    signing = tuple(a + b for a, b in zip(steps[2][1][:2], steps[3][1][:2], strict=True))
    steps.append(("sign and check", (signing[0], signing[1], max(steps[2][1][2], steps[3][1][2]))))
    for label, (wall, cpu, memory) in steps:
        rows.append([label, f"{wall:.1f} s", f"{cpu:.1f} s", f"{wall / floor[0]:.2f}×", f"{memory:.0f} MiB"])
    text = table(["step", "wall", "CPU", "to sha256sum", "most memory"], rows)
    text += f"\n\n{size / GIB:.1f} GiB. Signing copies the file, and checks the original against its seal first.\n"
    out.section("big_file", "Seals and signatures of a large file", text)


if __name__ == "__main__":
    run_alone(run)
