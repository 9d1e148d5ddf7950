"""Runs stages one after the other by hand, as the engine would, without library or database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bodyworn.domain.progress import no_progress
from bodyworn.engine.stage import Artifact, Inputs, Stage


def run_stages(source: Path, folder: Path, stages: Sequence[Stage]) -> dict[str, Artifact]:
    """Artifacts by name; by-products stay in ``folder``."""
    made: dict[str, Artifact] = {}
    for stage in stages:
        scratch = folder / stage.name
        scratch.mkdir(parents=True)
        read = {name: made[name] for name in stage.reads}
        made[stage.makes] = stage.run(Inputs(source, read, stage.defaults, scratch), no_progress)
    return made
