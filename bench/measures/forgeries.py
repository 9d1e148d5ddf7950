"""Forgeries of a release: is each one found, and by which of the three answers of ``bodyworn verify``?

A release is made over a real library, as the tests make it, then changed in one way at a time: the clip alone, as
somebody finds it on the web, with no digest beside it; and the package.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.custody.test_manifest import CHANGES, COPIES
from tests.media_makers import with_sound
from tests.releases.test_publish import FORGERIES, NOW, account, approve, make, publish

from bench.report import Out, run_alone, table
from bodyworn.bootstrap import open_library
from bodyworn.custody.certificates import Identity, make_identity
from bodyworn.releases.verification import Verification, verify

QUICK = True

Change = Callable[[Path], None]


def package(folder: Path, identity: Identity) -> Path:
    """The folder of a published release."""
    library = folder / "library"
    with open_library(library, create=True, actor=account("ana")) as opened:
        opened.recordings.ingest(with_sound(folder / "footage.mp4", seconds=2.0))
    release = make(library, with_sound(folder / "rendered.mp4", seconds=1.0))
    approve(library, release, "bo")
    approve(library, release, "cy")
    return publish(library, release, identity).with_suffix("")


def row(name: str, found: Verification, seconds: float) -> list[str]:
    """One line of the table."""
    answers = tuple(found.answers.values())
    said = next((text for answer in answers if answer.state.value == "broken" for text in answer.said), "")
    states = [answer.state.value.replace("_", " ") for answer in answers]
    return [name, "genuine" if found.genuine else "found", *states, said[:70], f"{1000 * seconds:.0f} ms"]


def tried(folder: Path, original: Path, changes: Mapping[str, Change], identity: Identity) -> list[list[str]]:
    """A line for each change of ``original``, a file or a folder, and one for none."""
    rows = []
    for name, change in {"(unchanged)": lambda _: None, **changes}.items():
        copy = folder / "copy" / original.name
        copy.parent.mkdir()
        (shutil.copytree if original.is_dir() else shutil.copy)(original, copy)
        change(copy)
        start = time.monotonic()
        rows.append(row(name, verify(copy, identity.authority_pem), time.monotonic() - start))
        shutil.rmtree(copy.parent)
    return rows


def run(out: Out) -> None:
    """Make a release, change it, verify, print."""
    argparse.ArgumentParser(description=__doc__).parse_args(out.words)
    identity = make_identity("Pine County Sheriff", NOW)
    head = ["change", "verdict", "whole file", "manifest", "signer", "what is said", "wall"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = package(folder, identity)
        text = "The clip alone:\n\n"
        text += table(head, tried(folder, made / "clip.mp4", {**CHANGES, **COPIES}, identity))
        text += "\n\nThe package:\n\n"
        text += table(head, tried(folder, made, {name: change for name, (change, _) in FORGERIES.items()}, identity))
    out.section("forgeries", "Forgeries of a release", text)


if __name__ == "__main__":
    run_alone(run)
