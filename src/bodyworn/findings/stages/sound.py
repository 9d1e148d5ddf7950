"""Stage ``sound``: raised and strained voices, crying-like sound, overlap, long silence, radio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bodyworn.domain.evidence import Evidence, Measure
from bodyworn.domain.finding import Finding
from bodyworn.domain.progress import Progress
from bodyworn.domain.role import Role
from bodyworn.domain.span import Span, covered_ms, merge, minus
from bodyworn.engine.stage import Inputs, StageResult, TypedStage, made_by
from bodyworn.findings.artifacts.audio import MONO, AudioArtifact
from bodyworn.findings.artifacts.sound import SoundArtifact, VoiceBaseline
from bodyworn.findings.artifacts.speakers import SpeakersArtifact
from bodyworn.findings.artifacts.utterances import Utterance, UtterancesArtifact

if TYPE_CHECKING:
    from bodyworn.findings.voices.prosody import Prosody
    from bodyworn.findings.voices.sound_kinds import SoundHeard
    from bodyworn.findings.voices.strain import Voice, VoiceSegment
    from bodyworn.findings.voices.wave_file import Wave

_BLOCK_MS = 60_000
#: What can be taken for each kind that is told by its sound alone.
SOUNDS_ALIKE = {"crying_like": "sounds like crying as of a baby or small child; some animals and screams sound alike"}


@dataclass(frozen=True)
class SoundParams:
    """From which length on, in milliseconds, silence and overlap are reported."""

    silence_from_ms: int = 15_000
    overlap_from_ms: int = 500


class SoundStage(TypedStage[SoundParams, SoundArtifact]):
    """The ``sound`` stage. Its findings are second paths to what words may hide, and as uncertain as they say."""

    name = "sound"
    version = "2"
    reads = ("audio", "speakers", "utterances")
    needs = ("audio",)
    model = "sounds"
    more_models = ("whisper-tiny.en",)
    params = SoundParams
    content = SoundArtifact

    def make(self, inputs: Inputs, params: SoundParams, progress: Progress) -> StageResult[SoundArtifact]:
        """Findings by time, and each speaker's usual voice."""
        from bodyworn.findings.voices.same_voice import with_same_voices
        from bodyworn.findings.voices.sound_kinds import sounds_of
        from bodyworn.findings.voices.strain import pieces_of, usual_voices
        from bodyworn.findings.voices.wave_file import open_wave

        wave = open_wave(inputs.file("audio", MONO))
        prosody = _prosody(wave, progress)
        spoken = inputs.of(UtterancesArtifact)
        roles = {name: entry.role for name, entry in spoken.roles.items()}
        voices = _Voices(with_same_voices(inputs.of(SpeakersArtifact), spoken.same), roles, made_by(self))
        unknown = [state.span for state in inputs.of(AudioArtifact).unknown]
        pieces = pieces_of(voices.alone(), prosody)
        usual = usual_voices(pieces)
        findings = [
            *voices.strains(pieces, usual),
            *voices.sounds(sounds_of(wave, lambda done: progress(done, wave.duration_ms, "sound")), unknown),
            *voices.overlaps(params.overlap_from_ms),
            *voices.silences(wave.duration_ms, spoken.utterances, unknown, params.silence_from_ms),
            *voices.radio(),
        ]
        findings.sort(key=lambda finding: (finding.span, finding.kind, finding.speaker or ""))
        baselines = {
            name: VoiceBaseline(round(voice.pitch_hz, 1), round(voice.level_db, 1)) for name, voice in usual.items()
        }
        return StageResult(SoundArtifact(tuple(findings), baselines))


def _prosody(wave: Wave, progress: Progress) -> Prosody:
    """Prosody of the whole recording, measured a minute at a time."""
    import numpy as np

    from bodyworn.findings.voices.prosody import Prosody, prosody

    parts = []
    for start in range(0, max(1, wave.duration_ms), _BLOCK_MS):
        parts.append(prosody(wave.read_ms(start, min(wave.duration_ms, start + _BLOCK_MS))))
        progress(min(wave.duration_ms, start + _BLOCK_MS), wave.duration_ms, "sound")
    names = Prosody.__dataclass_fields__
    return Prosody(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


@dataclass(frozen=True)
class _Voices:
    """The voices of the recording and their roles, and what is found in each."""

    heard: SpeakersArtifact
    roles: Mapping[str, str]
    maker: str

    def _finding(self, kind: str, span: Span, score: float, evidence: Evidence, speaker: str | None = None) -> Finding:
        return Finding(kind, span, score, self.maker, self._role(speaker), speaker, evidence)

    def _role(self, speaker: str | None) -> str:
        return self.roles.get(speaker or "", Role.UNKNOWN.value)

    def _spans(self, names: Sequence[str]) -> list[Span]:
        return [turn.span for turn in self.heard.turns if turn.speaker in names]

    def alone(self) -> dict[str, list[Span]]:
        """Where each speaker speaks alone."""
        return {name: minus(self._spans([name]), self.heard.overlap) for name in self.heard.speakers}

    def strains(self, pieces: Sequence[VoiceSegment], usual: Mapping[str, Voice]) -> list[Finding]:
        """Pieces in which a voice is raised or strained."""
        from bodyworn.findings.voices.strain import strains_of

        return [
            self._finding(
                strain.kind, strain.piece.span, strain.score, Evidence(measures=strain.measures), strain.piece.speaker
            )
            for strain in strains_of(pieces, usual)
        ]

    def sounds(self, found: Sequence[SoundHeard], unknown: Sequence[Span]) -> list[Finding]:
        """What sounds like crying and the like, outside the radio and what is unknown."""
        radio = merge(self._spans(self._radio_names()), 1_000)
        findings = []
        for one in found:
            if covered_ms([*radio, *unknown], one.span) * 2 > one.span.length_ms:
                continue
            measures: dict[str, Measure] = {
                "heard_s": round(one.span.length_ms / 1000, 1),
                "mean_score": round(one.mean, 2),
            }
            evidence = Evidence(measures=measures, note=SOUNDS_ALIKE[one.kind])
            findings.append(self._finding(one.kind, one.span, one.score, evidence, self._nearest(one.span)))
        return findings

    def _nearest(self, span: Span) -> str | None:
        """The speaker of the span by the turns; ``None`` where there is no turn."""
        shared = {
            turn.speaker: turn.span.overlap_ms(span)
            for turn in self.heard.turns
            if self.roles.get(turn.speaker) != Role.DISPATCH.value
        }
        best = max(shared, key=lambda name: shared[name], default=None)
        return best if best is not None and shared[best] > 0 else None

    def overlaps(self, least_ms: int) -> list[Finding]:
        """Spans in which several people speak."""
        findings = []
        for span in self.heard.overlap:
            turns = [turn for turn in self.heard.turns if turn.span.overlap_ms(span)]
            if span.length_ms >= least_ms and turns:
                score = min(turn.confidence for turn in turns)
                names = tuple(sorted({turn.speaker for turn in turns}))
                evidence = Evidence(measures={"overlap_s": round(span.length_ms / 1000, 2)}, speakers=names)
                findings.append(self._finding("overlap", span, score, evidence))
        return findings

    def silences(
        self, duration_ms: int, utterances: Sequence[Utterance], unknown: Sequence[Span], least_ms: int
    ) -> list[Finding]:
        """Long spans in which none speaks."""
        from bodyworn.findings.voices.silences import silences_of

        spoken = [turn.span for turn in self.heard.turns] + [utterance.span for utterance in utterances]
        return [
            self._finding("long_silence", span, 1.0, Evidence(measures={"silence_s": round(span.length_ms / 1000, 1)}))
            for span in silences_of(duration_ms, spoken, unknown, least_ms)
        ]

    def _radio_names(self) -> list[str]:
        return [
            name
            for name, measures in self.heard.speakers.items()
            if measures.band_limited >= 0.5 or self.roles.get(name) == Role.DISPATCH.value
        ]

    def radio(self) -> list[Finding]:
        """Where a voice is heard over the radio."""
        findings = []
        for name in self._radio_names():
            limited = self.heard.speakers[name].band_limited
            findings += [
                self._finding("radio", span, max(0.5, limited), Evidence(measures={"band_limited": limited}), name)
                for span in merge(self._spans([name]), 1_000)
            ]
        return findings


STAGE = SoundStage()
