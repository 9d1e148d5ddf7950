"""What can be heard besides words: raised and strained voices, crying-like sound, overlap, long silence, radio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bodyworn.domain.finding import Finding, Role
from bodyworn.domain.progress import Progress
from bodyworn.domain.span import Span, merge
from bodyworn.engine.stage import Artifact, Inputs, Json, made_by

if TYPE_CHECKING:
    from bodyworn.findings.voices.prosody import Prosody
    from bodyworn.findings.voices.strain import Voice, VoiceSegment

_BLOCK_MS = 60_000


@dataclass(frozen=True)
class SoundStage:
    """The ``sound`` stage. Its findings are second paths to what words may hide, and as uncertain as they say."""

    name: str = "sound"
    version: str = "1"
    reads: tuple[str, ...] = ("audio", "speakers", "utterances")
    makes: str = "sound"
    needs: tuple[str, ...] = ("audio",)
    model: str | None = None
    defaults: Json = field(default_factory=lambda: {"silence_from_ms": 15_000, "overlap_from_ms": 500})

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        """Findings by time, and each speaker's usual voice."""
        from bodyworn.findings.voices.strain import pieces_of, usual_voices
        from bodyworn.findings.voices.wave_file import open_wave

        params = {**self.defaults, **inputs.params}
        wave = open_wave(inputs.file("audio", "mono16k.wav"))
        sound = _listen(wave, progress)
        heard, told = inputs.data("speakers"), inputs.data("utterances")
        roles = {name: entry["role"] for name, entry in told["roles"].items()}
        unknown = [_span(entry) for entry in inputs.data("audio")["unknown"]]
        pieces = pieces_of(_alone(heard), sound)
        usual = usual_voices(pieces)
        maker = made_by(self)
        findings = [
            *_strains(pieces, usual, roles, maker),
            *_sobs(sound, told, heard, roles, unknown, maker),
            *_overlaps(heard, int(params["overlap_from_ms"]), maker),
            *_silences(wave.duration_ms, heard, told, unknown, int(params["silence_from_ms"]), maker),
            *_radio(heard, roles, maker),
        ]
        findings.sort(key=lambda finding: (finding.span, finding.kind, finding.speaker or ""))
        baselines = {
            name: {"pitch_hz": round(voice.pitch_hz, 1), "level_db": round(voice.level_db, 1)}
            for name, voice in usual.items()
        }
        return Artifact(self.makes, {"findings": [finding.to_json() for finding in findings], "baselines": baselines})


def _listen(wave: Any, progress: Progress) -> Prosody:
    """Prosody of the whole recording, worked out a minute at a time."""
    import numpy as np

    from bodyworn.findings.voices.prosody import Prosody, prosody

    parts = []
    for start in range(0, max(1, wave.duration_ms), _BLOCK_MS):
        parts.append(prosody(wave.read_ms(start, min(wave.duration_ms, start + _BLOCK_MS))))
        progress(min(wave.duration_ms, start + _BLOCK_MS), wave.duration_ms, "sound")
    names = Prosody.__dataclass_fields__
    return Prosody(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _span(entry: Mapping[str, Any]) -> Span:
    return Span(entry["start_ms"], entry["end_ms"])


def _alone(heard: Json) -> dict[str, list[Span]]:
    """Where each speaker speaks alone."""
    from bodyworn.findings.voices.measures import without

    overlaps = [_span(entry) for entry in heard["overlap"]]
    return {
        name: without([_span(turn) for turn in heard["turns"] if turn["speaker"] == name], overlaps)
        for name in heard["speakers"]
    }


def _strains(
    pieces: Sequence[VoiceSegment], usual: Mapping[str, Voice], roles: Mapping[str, str], maker: str
) -> list[Finding]:
    from bodyworn.findings.voices.strain import strains_of

    return [
        Finding(
            strain.kind,
            strain.piece.span,
            strain.score,
            maker,
            roles.get(strain.piece.speaker, Role.UNKNOWN.value),
            strain.piece.speaker,
            {"measures": dict(strain.measures)},
        )
        for strain in strains_of(pieces, usual)
    ]


def _sobs(
    sound: Prosody, told: Json, heard: Json, roles: Mapping[str, str], unknown: Sequence[Span], maker: str
) -> list[Finding]:
    from bodyworn.findings.voices.sobs import join_rows, sobs_of

    words = [_span(word) for row in told["utterances"] for word in row["words"]]
    findings = []
    for span, rows in join_rows(sobs_of(sound, words, [*unknown, *_radio_spans(heard, roles)])):
        best = max(rows, key=lambda row: row.score)
        speaker = _nearest(span, heard, roles)
        measures = {
            "bursts": sum(row.bursts for row in rows),
            "bursts_per_s": round(best.per_second, 2),
            "evenness": round(best.evenness, 2),
            "voiced": round(best.voiced, 2),
        }
        role = roles.get(speaker or "", Role.UNKNOWN.value)
        note = "the rhythm of sobbing; laughter can sound alike"
        findings.append(
            Finding("crying_like", span, best.score, maker, role, speaker, {"measures": measures, "note": note})
        )
    return findings


def _nearest(span: Span, heard: Json, roles: Mapping[str, str]) -> str | None:
    """Who is heard in the span by the turns; nobody is guessed where no turn is."""
    shared = {
        turn["speaker"]: _span(turn).overlap_ms(span)
        for turn in heard["turns"]
        if roles.get(turn["speaker"]) != Role.DISPATCH.value
    }
    best = max(shared, key=lambda name: shared[name], default=None)
    return best if best is not None and shared[best] > 0 else None


def _overlaps(heard: Json, least_ms: int, maker: str) -> list[Finding]:
    findings = []
    for span in (_span(entry) for entry in heard["overlap"]):
        turns = [turn for turn in heard["turns"] if _span(turn).overlap_ms(span)]
        if span.length_ms >= least_ms and turns:
            score = min(turn["confidence"] for turn in turns)
            names = sorted({turn["speaker"] for turn in turns})
            measures = {"overlap_s": round(span.length_ms / 1000, 2)}
            findings.append(Finding("overlap", span, score, maker, evidence={"measures": measures, "speakers": names}))
    return findings


def _silences(
    duration_ms: int, heard: Json, told: Json, unknown: Sequence[Span], least_ms: int, maker: str
) -> list[Finding]:
    from bodyworn.findings.voices.silences import silences_of

    spoken = [_span(entry) for entry in (*heard["turns"], *told["utterances"])]
    return [
        Finding("long_silence", span, 1.0, maker, evidence={"measures": {"silence_s": round(span.length_ms / 1000, 1)}})
        for span in silences_of(duration_ms, spoken, unknown, least_ms)
    ]


def _radio_spans(heard: Json, roles: Mapping[str, str]) -> list[Span]:
    names = _radio_names(heard, roles)
    return merge([_span(turn) for turn in heard["turns"] if turn["speaker"] in names], 1_000)


def _radio_names(heard: Json, roles: Mapping[str, str]) -> list[str]:
    return [
        name
        for name, measures in heard["speakers"].items()
        if measures["band_limited"] >= 0.5 or roles.get(name) == Role.DISPATCH.value
    ]


def _radio(heard: Json, roles: Mapping[str, str], maker: str) -> list[Finding]:
    findings = []
    for name in _radio_names(heard, roles):
        score = max(0.5, float(heard["speakers"][name]["band_limited"]))
        spans = merge([_span(turn) for turn in heard["turns"] if turn["speaker"] == name], 1_000)
        measures = {"band_limited": heard["speakers"][name]["band_limited"]}
        role = roles.get(name, Role.UNKNOWN.value)
        findings += [Finding("radio", span, score, maker, role, name, {"measures": measures}) for span in spans]
    return findings


STAGE = SoundStage()
