"""Stage ``probe``: what the file says of itself."""

from __future__ import annotations

from bodyworn.domain.media_facts import MediaFacts
from bodyworn.domain.progress import Progress
from bodyworn.engine.stage import Inputs, NoParams, StageResult, TypedStage


class ProbeStage(TypedStage[NoParams, MediaFacts]):
    """Streams, times, place and camera from the container, read in a child process with limits."""

    name = "probe"
    version = "1"
    params = NoParams
    content = MediaFacts

    def make(self, inputs: Inputs, params: NoParams, progress: Progress) -> StageResult[MediaFacts]:  # noqa: ARG002
        """Facts of the source; refuses what is not media or is damaged."""
        from bodyworn.media.probe import probe

        progress(0, 1, "Reading the container")
        facts = probe(inputs.source)
        progress(1, 1, "Reading the container")
        return StageResult(facts)


STAGE = ProbeStage()
