"""Killed at random moments: the parent, a worker or a decoder, while analyzing, redacting, making and publishing.

Each turn starts the real command, kills one of its processes with SIGKILL at a random moment of the time that the
command takes, and gives the same command again. It counts when that ends well, the result is that of an undisturbed
run, the audit log holds, and nothing is left over. Analysis runs with the small stages of the journeys.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.makers.releases import NOW, account, approve, make
from tests.media_makers import with_sound

from bench.places import ROOT
from bench.report import Out, run_alone, table
from bodyworn.bootstrap import open_library
from bodyworn.custody.certificates import make_identity, save_identity
from bodyworn.domain.progress import no_progress
from bodyworn.releases.verification import verify

REAL = (sys.executable, "-m", "bodyworn")
SMALL = (sys.executable, "-m", "tests.journeys.fast_cli")
REQUEST = (
    *("--agency", "Pine", "--requester", "A paper", "--request-date", "2026-08-10"),
    *("--legal-authority", "§ 1", "--title", "A stop"),
)


@dataclass(frozen=True)
class Work:
    """A command to kill: what prepares its folder, its words, and what its result is, to be compared."""

    prepare: Callable[[Path], None]
    command: tuple[str, ...]
    result: Callable[[Path], object]


def nothing(_: Path) -> None:
    """Needs no preparation."""


def analyzed(folder: Path) -> object:
    """The analysis without the times."""
    document = json.loads((folder / "out.json").read_text())
    del document["recording"]["taken_in_at"]
    return document


def redacted(folder: Path) -> object:
    """Size of the clip in frames, and where its masks are."""
    return (folder / "boxes.json").read_text(), (folder / "out.mp4").is_file()


def planned(folder: Path) -> None:
    """A recording with a plan."""
    ended = command(folder, (*REAL, "recordings", "add", "clip.mp4"))
    ended = command(folder, (*REAL, "redactions", "plan", "clip.mp4")) or ended
    if ended:
        raise SystemExit("a plan cannot be made")


def made(folder: Path) -> object:
    """What the newest release is about: its clip."""
    with open_library(folder / "library", actor=account("ana")) as library:
        newest = library.releases.list()[-1]
        library.releases.contents_of(newest)
        return newest.clip_sha256


def approved(folder: Path) -> None:
    """An approved release and the agency's keys."""
    with open_library(folder / "library", create=True, actor=account("ana")) as library:
        library.recordings.ingest(folder / "clip.mp4")
    release = make(folder / "library", with_sound(folder / "rendered.mp4", seconds=1.0))
    for who in ("bo", "cy"):
        approve(folder / "library", release, who)
    save_identity(make_identity("Pine", NOW), folder / "config" / "signing", None)


def published(folder: Path) -> object:
    """Whether the only package is genuine."""
    (packed,) = (folder / "library" / "releases").glob("*.zip")
    return verify(packed, (folder / "config" / "signing" / "authority.pem").read_text()).genuine


WORKS: Mapping[str, Work] = {
    "analyze": Work(nothing, (*SMALL, "analyze", "clip.mp4", "--json", "out.json"), analyzed),
    "redact": Work(nothing, (*REAL, "redact", "clip.mp4", "out.mp4", "--force", "--boxes", "boxes.json"), redacted),
    "releases make": Work(planned, (*REAL, "releases", "make", "clip.mp4", *REQUEST), made),
    "releases publish": Work(approved, (*REAL, "releases", "publish", "rel_"), published),
}


def started(folder: Path, words: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """The command in its folder, in a session of its own."""
    places = {"BODYWORN_LIBRARY": str(folder / "library"), "BODYWORN_CONFIG": str(folder / "config")}
    environment = {**os.environ, **places, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(words, cwd=folder, env=environment, stdout=quiet, stderr=quiet, start_new_session=True)


def command(folder: Path, words: tuple[str, ...]) -> int:
    """The exit code of the command."""
    return started(folder, words).wait(300)


def family(pid: int) -> list[int]:
    """The process and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                found += family(int(child))
    return found


def kind_of(pid: int, parent: int) -> str:
    """Parent, worker or decoder."""
    if pid == parent:
        return "parent"
    with suppress(OSError):
        if b"bodyworn.media.sandbox" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return "decoder"
    return "worker"


def kill_one(process: subprocess.Popen[bytes], moment: random.Random) -> str:
    """Kill one of the processes that live now; what was killed."""
    pids = family(process.pid)
    below = [pid for pid in pids if pid != process.pid]
    chosen = moment.choice(below) if below and moment.random() < 2 / 3 else process.pid
    kind = kind_of(chosen, process.pid)
    with suppress(ProcessLookupError):
        os.kill(chosen, signal.SIGKILL)
    return kind


def leftovers(folder: Path) -> list[str]:
    """Drafts that the next command has not swept."""
    places = [folder, folder / "library" / "scratch", folder / "library" / "releases"]
    return [path.name for place in places if place.is_dir() for path in place.iterdir() if "~" in path.name]


def turn(base: Path, work: Work, seconds: float, wanted: object, moment: random.Random) -> tuple[str, str]:
    """One kill and the same command again: what was killed, and what is wrong, or nothing."""
    folder = Path(shutil.copytree(base, base.with_name("turn")))
    try:
        process = started(folder, work.command)
        time.sleep(seconds * moment.random())
        killed = kill_one(process, moment) if process.poll() is None else "late"
        process.wait(300)
        if (code := command(folder, work.command)) != 0:
            return killed, f"the same command ended with {code}"
        if work.result(folder) != wanted:
            return killed, "another result"
        if left := leftovers(folder):
            return killed, f"left {left[0]}"
        if (folder / "library").is_dir():
            with open_library(folder / "library", actor=account("ana")) as library:
                faults = library.verify(no_progress).faults
                return killed, str(faults[0]) if faults else ""
        return killed, ""
    finally:
        shutil.rmtree(folder)


def run(out: Out) -> None:
    """Kill, try again, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=50, help="kills for each command")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(out.words)
    rows, good, all_turns = [], 0, 0
    with tempfile.TemporaryDirectory() as name:
        for number, (what, work) in enumerate(WORKS.items()):
            base, moment = Path(name) / str(number) / "base", random.Random(f"{options.seed} {what}")
            base.mkdir(parents=True)
            with_sound(base / "clip.mp4", seconds=2.0)
            work.prepare(base)
            calm = Path(shutil.copytree(base, base.with_name("calm")))
            begun = time.monotonic()
            if command(calm, work.command):
                raise SystemExit(f"{what} does not run")
            seconds, wanted = time.monotonic() - begun, work.result(calm)
            killed: Counter[str] = Counter()
            wrong: Counter[str] = Counter()
            for _ in range(options.turns):
                which, fault = turn(base, work, seconds, wanted, moment)
                killed[which] += 1
                wrong[fault] += 1
            good, all_turns = good + wrong.pop("", 0), all_turns + options.turns
            told = ", ".join(f"{fault} ({count})" for fault, count in wrong.items())
            rows.append([what, f"{seconds:.1f} s", *(killed[k] for k in ("parent", "worker", "decoder", "late")), told])
    text = f"{good} of {all_turns} kills came to the undisturbed result, and the audit log held.\n\n"
    text += table(["command", "takes", "parent killed", "worker", "decoder", "had ended", "faults"], rows)
    out.section("kills", "Killed at random moments", text)


if __name__ == "__main__":
    run_alone(run)
