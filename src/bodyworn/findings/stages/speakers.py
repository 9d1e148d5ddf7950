"""Who speaks when: overlap-aware turns of anonymous speakers S1, S2 …, and how each of them sounds.

Voice embeddings live only inside :meth:`SpeakersStage.run`; the artifact holds times and plain measures. Nothing
connects a speaker of one encounter with one of another.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bodyworn.domain.progress import Progress
from bodyworn.engine.stage import Artifact, Inputs, Json

SEGMENTATION, EMBEDDING = "voice-segmentation", "voice-embedding"


@dataclass(frozen=True)
class SpeakersStage:
    """The ``speakers`` stage. ``threshold`` is the cosine from which two voices are taken for one.

    It runs two models. The second is not in the key, so that results made before stay: another pin of it needs another
    ``version`` (``tests/contracts/test_every_stage.py`` holds that).
    """

    name: str = "speakers"
    version: str = "2"
    reads: tuple[str, ...] = ("audio",)
    makes: str = "speakers"
    needs: tuple[str, ...] = ("audio",)
    model: str | None = SEGMENTATION
    defaults: Json = field(default_factory=lambda: {"threshold": 0.32})

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        """Turns, overlaps and measures of the recording's sound."""
        from bodyworn.findings.voices.clustering import ClusteringSettings
        from bodyworn.findings.voices.diarization import diarize
        from bodyworn.findings.voices.embedding import load_embedder
        from bodyworn.findings.voices.measures import measure_speakers
        from bodyworn.findings.voices.segmentation import load_segmenter
        from bodyworn.findings.voices.turns import overlaps_of, turns_of
        from bodyworn.findings.voices.wave_file import open_wave

        wave = open_wave(inputs.file("audio", "mono16k.wav"))
        segmenter, embedder = load_segmenter(), load_embedder()
        settings = ClusteringSettings(threshold=float(inputs.params.get("threshold", self.defaults["threshold"])))
        turns = turns_of(diarize(wave, segmenter, embedder, settings, progress), wave.duration_ms)
        overlaps = overlaps_of(turns)
        measures = measure_speakers(wave, turns, overlaps)
        return Artifact(
            self.makes,
            {
                "turns": [
                    {
                        "start_ms": turn.span.start_ms,
                        "end_ms": turn.span.end_ms,
                        "speaker": f"S{turn.speaker + 1}",
                        "confidence": turn.confidence,
                    }
                    for turn in turns
                ],
                "overlap": [{"start_ms": span.start_ms, "end_ms": span.end_ms} for span in overlaps],
                "speakers": {f"S{number}": measure.to_json() for number, measure in enumerate(measures, start=1)},
            },
        )


STAGE = SpeakersStage()
