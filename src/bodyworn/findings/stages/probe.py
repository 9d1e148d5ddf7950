"""Stage ``probe``: what the file says of itself."""

from __future__ import annotations

from typing import ClassVar

from bodyworn.domain.progress import Progress
from bodyworn.engine.stage import Artifact, Inputs, Json


class ProbeStage:
    """Streams, times, place and camera from the container, read in a child process with limits."""

    name = "probe"
    version = "1"
    reads: tuple[str, ...] = ()
    makes = "probe"
    needs: tuple[str, ...] = ()
    model: str | None = None
    defaults: ClassVar[Json] = {}

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        """Facts of the source; refuses what is not media or is damaged."""
        from bodyworn.media.probe import probe

        progress(0, 1, "Reading the container")
        facts = probe(inputs.source)
        progress(1, 1, "Reading the container")
        return Artifact(self.makes, facts)


STAGE = ProbeStage()
