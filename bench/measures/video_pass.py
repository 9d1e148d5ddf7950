"""What watching costs beside decoding: the one pass with all observers against the decoder alone, in one run.

Both run in fresh processes on the same 10-minute 720p30 H.264 clip, in turn, so that what else the machine does falls
on both. Speed is footage per second of wall clock and of processor; the best of the turns counts. Memory is the peak
of the process; the same with a fifth of the footage shows whether it grows.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.report import Out, run_alone, table
from bench.scenes.long_clip import long_clip

TURNS = 3


def measured(what: str, path: Path) -> dict[str, float]:
    """Wall and processor seconds, frames and peak memory of one run of this file as a child."""
    command = [sys.executable, "-m", "bench.measures.video_pass", "--child", what, str(path)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(answer.splitlines()[-1]))


def child(what: str, path: Path) -> None:
    """Decode only, or watch with all observers; print figures as JSON."""
    import av

    from bodyworn.findings.observers.watching import watch_all
    from bodyworn.media.opening import open_media, picture_stream

    before, began = os.times(), time.perf_counter()
    if what == "decode":
        with open_media(path) as container:
            stream = picture_stream(container)
            assert stream is not None
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = os.cpu_count() or 1
            frames = sum(1 for _ in container.decode(stream))
    else:
        with av.open(str(path)) as container:
            duration_ms = int((container.duration or 0) // 1_000)
        with tempfile.TemporaryDirectory() as folder:
            frames = watch_all(path, Path(folder), duration_ms, proxy=what == "proxy").watched.frames
    after = os.times()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    cpu = after.user + after.system - before.user - before.system
    print(json.dumps({"wall": time.perf_counter() - began, "cpu": cpu, "frames": frames, "peak_mib": peak}))


def run(out: Out) -> None:
    """Run and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--child", nargs=2)
    parser.add_argument("--proxy", action="store_true", help="also with a proxy written in the same pass")
    options = parser.parse_args(out.words)
    if options.child:
        child(options.child[0], Path(options.child[1]))
        return
    clip, short = long_clip(10), long_clip(2)
    kinds = ["decode", "watch", *(["proxy"] if options.proxy else [])]
    best: dict[str, dict[str, float]] = {}
    for turn in range(TURNS):
        for kind in kinds if turn == 0 else kinds[:2]:
            run = measured(kind, clip)
            kept = best.setdefault(kind, run)
            best[kind] = {name: min(kept[name], run[name]) for name in run}
    peak_short = {kind: measured(kind, short)["peak_mib"] for kind in kinds[:2]}
    names = {"decode": "decode only", "watch": "the pass, all observers", "proxy": "the same, writing a proxy"}
    rows = []
    for kind, run in best.items():
        wall, cpu = best["decode"]["wall"] / run["wall"], best["decode"]["cpu"] / run["cpu"]
        peaks = f"{run['peak_mib']:.0f} MiB" + (f" ({peak_short[kind]:.0f})" if kind in peak_short else "")
        rows.append(
            (
                names[kind],
                f"{run['wall']:.1f} s",
                f"{run['cpu']:.1f} s",
                f"{600 / run['wall']:.0f}×",
                f"{wall:.2f}",
                f"{cpu:.2f}",
                peaks,
            )
        )
    head = (
        "10 min, 720p30 H.264",
        "wall",
        "CPU",
        "footage per wall",
        "of decode speed, wall",
        "by CPU",
        "peak (2 min)",
    )
    text = table(head, rows) + "\n\nTarget: the pass at 0.7 of the decode-only speed or better, memory flat in length."
    out.section("video_pass", "One decode, many observers", text)


if __name__ == "__main__":
    run_alone(run)
