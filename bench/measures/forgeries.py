"""Forgeries of a release: is each one found, and by which of the three answers of ``bodyworn verify``?

A release is made over a real library, as the tests make it, then changed in one way at a time: the clip alone, as it is
found on the web, with no digest beside it; and the package, which the script that goes out with it judges too.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

from tests.custody.test_manifest import CHANGES, COPIES
from tests.makers.chain_forgeries import CHAIN_FORGERIES
from tests.makers.forgeries import FORGERIES, Scene, scene

from bench.report import Out, run_alone, table
from bodyworn.domain.errors import BodywornError
from bodyworn.releases.standalone import verify as standalone
from bodyworn.releases.verification import Verification, verify

QUICK = True


def row(name: str, found: Verification, seconds: float) -> list[str]:
    """One line of the table."""
    answers = tuple(found.answers.values())
    said = next((text for answer in answers if answer.state.value == "broken" for text in answer.said), "")
    states = [answer.state.value.replace("_", " ") for answer in answers]
    return [name, "genuine" if found.genuine else "found", *states, said[:70], f"{1000 * seconds:.0f} ms"]


def clips(folder: Path, there: Scene) -> list[list[str]]:
    """A line for each change of the clip alone, and one for none."""
    rows = []
    for name, change in {"(unchanged)": lambda _: None, **CHANGES, **COPIES}.items():
        copy = folder / "copy" / "clip.mp4"
        copy.parent.mkdir()
        shutil.copy(there.package / "clip.mp4", copy)
        change(copy)
        start = time.monotonic()
        rows.append(row(name, verify(copy, there.agency.authority_pem), time.monotonic() - start))
        shutil.rmtree(copy.parent)
    return rows


def alone(path: Path, there: Scene, sha256: str | None) -> str:
    """What the script of the package says."""
    try:
        answers = standalone.verify(path, there.agency.authority_pem.encode(), sha256)
    except standalone.NoPackage:
        return "no package"
    return "genuine" if standalone.exit_code(answers) == 0 else "found"


def packages(folder: Path, there: Scene) -> list[list[str]]:
    """A line for each forgery of the package, by both verifiers, and one for none."""
    rows = []
    for number, (name, forgery) in enumerate((FORGERIES | CHAIN_FORGERIES).items()):
        copy = Path(shutil.copytree(there.package, folder / str(number) / "release"))
        shown = forgery.make(copy, there)
        start = time.monotonic()
        try:
            found = verify(shown, there.agency.authority_pem, forgery.sha256)
            verdict = "genuine" if found.genuine else "found"
            text = " ".join(sentence for answer in found.answers.values() for sentence in answer.said)
        except BodywornError as error:
            verdict, text = "no package", error.what
        named = "yes" if forgery.said in text else "no"
        took = f"{1000 * (time.monotonic() - start):.0f} ms"
        rows.append([name, verdict, alone(shown, there, forgery.sha256), named, took])
    return rows


def run(out: Out) -> None:
    """Make a release, forge it in every way, verify, print."""
    argparse.ArgumentParser(description=__doc__).parse_args(out.words)
    head = ["change", "verdict", "whole file", "manifest", "signer", "what is said", "wall"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        there = scene(folder)
        text = "The clip alone:\n\n" + table(head, clips(folder, there))
        rows = packages(folder, there)
        found = [line for line in rows if "genuine" not in line[1:3] and line[3] == "yes"]
        text += f"\n\nThe package: {len(found)} of {len(rows)} found and named by both verifiers.\n\n"
        text += table(["forgery", "bodyworn verify", "verify.py", "named", "wall"], rows)
    out.section("forgeries", "Forgeries of a release", text)


if __name__ == "__main__":
    run_alone(run)
