"""Stage ``speakers``: overlap-aware turns of anonymous speakers S1, S2 …, and how each of them sounds.

Voice embeddings live only inside :meth:`SpeakersStage.make`; the artifact holds times and plain measures. Nothing
connects a speaker of one encounter with one of another.
"""

from __future__ import annotations

from dataclasses import dataclass

from bodyworn.domain.progress import Progress
from bodyworn.engine.stage import Inputs, StageResult, TypedStage
from bodyworn.findings.artifacts.audio import MONO
from bodyworn.findings.artifacts.speakers import SpeakersArtifact, VoiceTurn

SEGMENTATION, EMBEDDING = "voice-segmentation", "voice-embedding"


@dataclass(frozen=True)
class SpeakersParams:
    """``threshold`` is the cosine from which two voices are taken for one."""

    threshold: float = 0.32


class SpeakersStage(TypedStage[SpeakersParams, SpeakersArtifact]):
    """The ``speakers`` stage.

    It runs two models. The second is not in the key, so that results made before stay: another pin of it needs another
    ``version`` (``tests/contracts/test_every_stage.py`` holds that).
    """

    name = "speakers"
    version = "4"
    reads = ("audio",)
    needs = ("audio",)
    model = SEGMENTATION
    params = SpeakersParams
    content = SpeakersArtifact

    def make(self, inputs: Inputs, params: SpeakersParams, progress: Progress) -> StageResult[SpeakersArtifact]:
        """Turns, overlaps and measures of the recording's sound."""
        from bodyworn.findings.voices.clustering import ClusteringSettings
        from bodyworn.findings.voices.diarization import diarize
        from bodyworn.findings.voices.embedding import load_embedder
        from bodyworn.findings.voices.measures import measure_speakers
        from bodyworn.findings.voices.segmentation import load_segmenter
        from bodyworn.findings.voices.turns import overlaps_of, together_of, turns_of
        from bodyworn.findings.voices.wave_file import open_wave

        wave = open_wave(inputs.file("audio", MONO))
        segmenter, embedder = load_segmenter(), load_embedder()
        settings = ClusteringSettings(threshold=params.threshold)
        activity = diarize(wave, segmenter, embedder, settings, progress)
        turns = turns_of(activity, wave.duration_ms)
        overlaps = overlaps_of(turns)
        measures = measure_speakers(wave, turns, overlaps)
        content = SpeakersArtifact(
            turns=tuple(VoiceTurn(turn.span, f"S{turn.speaker + 1}", turn.confidence) for turn in turns),
            overlap=tuple(overlaps),
            speakers={f"S{number}": measure for number, measure in enumerate(measures, start=1)},
            together=tuple(together_of(activity, wave.duration_ms)),
        )
        return StageResult(content)


STAGE = SpeakersStage()
