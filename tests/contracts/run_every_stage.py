"""A process of its own that runs every stage on one recording: ``python -m tests.contracts.run_every_stage``.

Arguments: the recording, a folder to work in, and ``clean`` or ``dirty``. With ``dirty`` each stage is first ended at
its first word of progress, its by-products are then broken where they lie, and it runs again in the same folder. Prints
one JSON object: for each stage the artifact's name and data, the digests of its files, and the models it located.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bodyworn.domain.digest import Digest
from bodyworn.domain.progress import no_progress
from bodyworn.engine.stage import Artifact, Inputs, Stage
from bodyworn.findings import plan
from bodyworn.models import registry
from bodyworn.models.model import Model
from bodyworn.redactions import second_hearing

#: Those of an analysis, and the one that redactions add.
STAGES = (*plan.STAGES, second_hearing.STAGE)


class Ended(Exception):
    """The run breaks off here."""


def break_off(done: float, total: float, what: str) -> None:
    """A progress that ends the run when it is first told anything."""
    raise Ended


@contextmanager
def located() -> Iterator[set[str]]:
    """The names of the models whose files are asked for meanwhile."""
    found: set[str] = set()
    known = registry.known

    def seen(name: str) -> Model:
        found.add(name)
        return known(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "known", seen)
        registry.locate.cache_clear()
        yield found


def run(stage: Stage, source: Path, made: dict[str, Artifact], scratch: Path, dirty: bool) -> Artifact:
    """The artifact of one stage."""
    scratch.mkdir(parents=True)
    inputs = Inputs(source, {name: made[name] for name in stage.reads}, stage.defaults, scratch)
    if dirty:
        with suppress(Ended):
            stage.run(inputs, break_off)
        for path in scratch.rglob("*"):
            if path.is_file():
                path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] + b"torn")
        (scratch / "left-over.tmp").write_bytes(b"of another run")
    return stage.run(inputs, no_progress)


def main(source: Path, folder: Path, dirty: bool) -> None:
    """Run them all and print what they made."""
    made: dict[str, Artifact] = {}
    told: dict[str, object] = {}
    for stage in STAGES:
        with located() as models:
            artifact = run(stage, source, made, folder / stage.name, dirty)
        made[stage.makes] = artifact
        files = {name: Digest.of_file(path).sha256 for name, path in sorted(artifact.files.items())}
        told[stage.name] = {"name": artifact.name, "data": artifact.data, "files": files, "models": sorted(models)}
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "dirty")
