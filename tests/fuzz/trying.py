"""Have everything done to a file that decodes it, in a process of its own: probe, sight, sound and ``redact``.

``python -m tests.fuzz.trying FILE FOLDER`` writes one line of JSON. What the command of the program would show as a
traceback ends this process with one.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

#: In what a child says of a fault that nobody foresaw.
UNFORESEEN = "could not be read to its end"


@dataclass(frozen=True)
class Tried:
    """How it went: what each step said, wall seconds of the longest, and most memory of the parent in MiB."""

    said: dict[str, str]
    seconds: float
    parent_mib: float
    traceback: str = ""

    @property
    def unforeseen(self) -> list[str]:
        """What was said of faults that the program did not foresee."""
        return [text for text in self.said.values() if UNFORESEEN in text]

    @property
    def good(self) -> bool:
        """Whether nothing is to be mended."""
        return not self.traceback and not self.unforeseen


def tried(path: Path, folder: Path, seconds: float = 240) -> Tried:
    """Run :func:`main` on ``path`` in another process, with an empty ``folder`` to write in."""
    words = [sys.executable, "-m", "tests.fuzz.trying", os.fspath(path), os.fspath(folder)]
    start = time.monotonic()
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return Tried({}, time.monotonic() - start, 0.0, f"no end in {seconds:.0f} s")
    if done.returncode:
        return Tried({}, time.monotonic() - start, 0.0, done.stderr.strip()[-2000:] or f"exit {done.returncode}")
    return Tried(**json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Do it, and say how it went."""
    from bodyworn.domain.errors import BodywornError

    path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    said: dict[str, str] = {}
    longest = 0.0
    for name, step in (("probe and analyze", _analyzed), ("redact", _redacted)):
        start = time.monotonic()
        try:
            said[name] = step(path, folder)
        except BodywornError as error:
            said[name] = str(error)
        longest = max(longest, time.monotonic() - start)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"said": said, "seconds": longest, "parent_mib": memory}))


def _analyzed(path: Path, folder: Path) -> str:
    from bodyworn.domain.codec import Json
    from bodyworn.domain.progress import no_progress
    from bodyworn.findings.observers.watching import look
    from bodyworn.findings.stages.sight import sight_limits
    from bodyworn.media import sandbox
    from bodyworn.media.audio import decode_audio
    from bodyworn.media.probe import probe

    facts = probe(path)
    if facts.video:
        asked: dict[str, Json] = {
            "path": os.fspath(path),
            "folder": os.fspath(folder),
            "duration_ms": facts.duration_ms,
            "proxy": True,
        }
        sandbox.run(look, asked, sight_limits(facts.duration_ms, facts.size_bytes), writable=[folder])
    if facts.audio:
        decode_audio(path, folder, facts, no_progress)
    return "done"


def _redacted(path: Path, folder: Path) -> str:
    from bodyworn.domain.redaction import Reason, Region
    from bodyworn.redactions.choices import RedactionChoices
    from bodyworn.redactions.rendering import RedactionRequest, redact

    box = Region("region-1", 10, 10, 40, 40, 0, None, False, Reason.OTHER, "person:fuzz")
    redact(path, folder / "clip.mp4", RedactionRequest(classes=(), choices=RedactionChoices((box,))))
    left = [file.name for file in folder.iterdir() if "~" in file.name]
    if left:
        raise RuntimeError(f"left behind: {left}")
    return "done"


if __name__ == "__main__":
    main()
