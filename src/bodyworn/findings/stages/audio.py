"""Stage ``audio``: sound decoded once to 16 kHz mono, its level, its silent lead-in and its holes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from bodyworn.domain.finding import Unknown, UnknownState
from bodyworn.domain.progress import Progress
from bodyworn.domain.span import Span
from bodyworn.engine.stage import Artifact, Inputs, Json

MONO = "mono16k.wav"


class AudioStage:
    """One decode for all that listens; see ``findings/soundtrack/silences.py`` for what counts as unknown and why."""

    name = "audio"
    version = "1"
    reads: tuple[str, ...] = ("probe",)
    makes = "audio"
    needs: tuple[str, ...] = ("audio",)
    model: str | None = None
    defaults: ClassVar[Json] = {}

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        """Write ``mono16k.wav`` (and single channels where they differ) and measure it."""
        from bodyworn.findings.soundtrack import levels, mixdown, samples
        from bodyworn.media.audio import decode_audio

        facts = inputs.data("probe")
        duration_ms = int(facts["duration_ms"])
        decoded = decode_audio(inputs.source, inputs.scratch, dict(facts), progress)
        entries: list[dict[str, Any]] = decoded["channels"]
        paths = [inputs.scratch / entry["file"] for entry in entries]
        mono = inputs.scratch / MONO
        progress(duration_ms, duration_ms, "Measuring the sound")
        mixed = mixdown.mix(paths, mono, duration_ms * samples.RATE // 1000)
        differ = len(mixed.distinct) > 1
        files = _keep(paths, set(mixed.distinct) if differ else set())
        measured = levels.measure(mono)
        heard = [entries[i] for i in mixed.distinct] or entries[:1]
        lead_in_ms, unknown = _holes(measured, decoded["gaps"], heard, duration_ms)
        data = {
            "sample_rate": samples.RATE,
            "duration_ms": duration_ms,
            "streams": _streams(facts, decoded, mixed.silent),
            "channels_differ": differ,
            "lead_in_ms": lead_in_ms,
            "level": {"step_ms": levels.LEVEL_STEP_MS, "rms_db": measured.rms_db.tolist()},
            "peaks": {"step_ms": levels.PEAK_STEP_MS, "min": measured.low.tolist(), "max": measured.high.tolist()},
            "unknown": [state.to_json() for state in unknown],
        }
        return Artifact(self.makes, data, {MONO: mono, **files})


def without_sound(duration_ms: int) -> list[Unknown]:
    """What is unknown of a recording that has no sound track at all (this stage does not run then)."""
    return [Unknown(UnknownState.NO_AUDIO, Span(0, duration_ms))]


def _keep(paths: list[Path], distinct: set[int]) -> dict[str, Path]:
    """Channels with a sound of their own stay, the others' files go."""
    for number, path in enumerate(paths):
        if number not in distinct:
            path.unlink()
    return {paths[i].name: paths[i] for i in sorted(distinct)}


def _holes(
    measured: Any, gaps: Mapping[str, list[list[int]]], heard: list[dict[str, Any]], duration_ms: int
) -> tuple[int, list[Unknown]]:
    from bodyworn.findings.soundtrack import samples, silences

    of_streams = [
        [Span(min(a, duration_ms), min(b, duration_ms)) for a, b in gaps[str(stream)] if a < duration_ms]
        for stream in sorted({entry["stream"] for entry in heard})
    ]
    ends_ms = max(entry["samples"] for entry in heard) * 1000 // samples.RATE
    return silences.find(measured, silences.common(of_streams), duration_ms, ends_ms)


def _streams(facts: Json, decoded: dict[str, Any], silent: tuple[int, ...]) -> list[dict[str, Any]]:
    """What the container says of each stream, with what decoding it showed."""
    rows = []
    for stream in facts["audio"]:
        index = stream["index"]
        own = [number for number, entry in enumerate(decoded["channels"]) if entry["stream"] == index]
        rows.append(
            {
                **stream,
                "damaged_packets": decoded["damaged"].get(str(index), 0),
                "silent_channels": [decoded["channels"][number]["channel"] for number in own if number in silent],
            }
        )
    return rows


STAGE = AudioStage()
