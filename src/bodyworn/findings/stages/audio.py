"""Stage ``audio``: sound decoded once to 16 kHz mono, its level, its silent lead-in and its holes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.domain.media_facts import MediaFacts
from bodyworn.domain.progress import Progress
from bodyworn.domain.span import Span, clipped, in_all
from bodyworn.engine.stage import Inputs, NoParams, StageResult, TypedStage
from bodyworn.findings.artifacts.audio import MONO, AudioArtifact, DecodedAudioStream, LevelCurve, PeakCurve

if TYPE_CHECKING:
    from bodyworn.findings.soundtrack.levels import Levels
    from bodyworn.findings.soundtrack.silences import SoundHoles
    from bodyworn.media.audio import DecodedAudio, DecodedChannel


class AudioStage(TypedStage[NoParams, AudioArtifact]):
    """One decode for all that listens; see ``findings/soundtrack/silences.py`` for what counts as unknown and why."""

    name = "audio"
    version = "1"
    reads = ("probe",)
    needs = ("audio",)
    params = NoParams
    content = AudioArtifact

    def make(self, inputs: Inputs, params: NoParams, progress: Progress) -> StageResult[AudioArtifact]:  # noqa: ARG002
        """Write ``mono16k.wav`` (and single channels where they differ) and measure it."""
        from bodyworn.findings.soundtrack import levels, mixdown, samples
        from bodyworn.media.audio import decode_audio

        facts = inputs.of(MediaFacts)
        duration_ms = facts.duration_ms
        decoded = decode_audio(inputs.source, inputs.scratch, facts, progress)
        paths = [inputs.scratch / channel.file for channel in decoded.channels]
        mono = inputs.scratch / MONO
        progress(duration_ms, duration_ms, "Measuring the sound")
        mixed = mixdown.mix(paths, mono, duration_ms * samples.RATE // 1000)
        differ = len(mixed.distinct) > 1
        files = _keep(paths, set(mixed.distinct) if differ else set())
        measured = levels.measure(mono)
        heard = [decoded.channels[i] for i in mixed.distinct] or decoded.channels[:1]
        holes = _holes(measured, decoded, heard, duration_ms)
        content = AudioArtifact(
            sample_rate=samples.RATE,
            duration_ms=duration_ms,
            streams=_streams(facts, decoded, mixed.silent),
            channels_differ=differ,
            lead_in_ms=holes.lead_in_ms,
            level=LevelCurve(levels.LEVEL_STEP_MS, tuple(measured.rms_db.tolist())),
            peaks=PeakCurve(levels.PEAK_STEP_MS, tuple(measured.low.tolist()), tuple(measured.high.tolist())),
            unknown=holes.unknown,
        )
        return StageResult(content, (MONO, *files))


def _keep(paths: Sequence[Path], distinct: Collection[int]) -> list[str]:
    """Channels with a sound of their own stay, the others' files go; the names that stay."""
    for number, path in enumerate(paths):
        if number not in distinct:
            path.unlink()
    return [paths[i].name for i in sorted(distinct)]


def _holes(measured: Levels, decoded: DecodedAudio, heard: Sequence[DecodedChannel], duration_ms: int) -> SoundHoles:
    from bodyworn.findings.soundtrack import samples, silences

    whole = Span(0, duration_ms)
    of_streams = [clipped(decoded.gaps[str(stream)], whole) for stream in sorted({channel.stream for channel in heard})]
    ends_ms = max(channel.samples for channel in heard) * 1000 // samples.RATE
    return silences.find(measured, in_all(of_streams), duration_ms, ends_ms)


def _streams(facts: MediaFacts, decoded: DecodedAudio, silent: Collection[int]) -> tuple[DecodedAudioStream, ...]:
    """What the container says of each stream, with what decoding it showed."""
    return tuple(
        DecodedAudioStream(
            **asdict(stream),
            damaged_packets=decoded.damaged.get(str(stream.index), 0),
            silent_channels=tuple(
                channel.channel
                for number, channel in enumerate(decoded.channels)
                if channel.stream == stream.index and number in silent
            ),
        )
        for stream in facts.audio
    )


STAGE = AudioStage()
