"""Content of ``audio``: what decoding the sound showed; ``mono16k.wav`` stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bodyworn.domain.finding import Unknown
from bodyworn.domain.media_facts import AudioStreamFacts

#: By-product: 16-bit PCM, 16 kHz, mono, from time 0 of the recording, padded where the stream starts late.
MONO = "mono16k.wav"


@dataclass(frozen=True)
class DecodedAudioStream(AudioStreamFacts):
    """What the container says of a stream, with what decoding it showed: packets that did not decode, and the numbers
    of channels that are silent throughout."""

    damaged_packets: int
    silent_channels: tuple[int, ...]


@dataclass(frozen=True)
class LevelCurve:
    """Level in dB of full scale (root mean square), one value each ``step_ms``."""

    step_ms: int
    rms_db: tuple[float, ...]


@dataclass(frozen=True)
class PeakCurve:
    """Lowest and highest sample each ``step_ms``, -128..127, for the waveform."""

    step_ms: int
    min: tuple[int, ...]
    max: tuple[int, ...]


@dataclass(frozen=True)
class AudioArtifact:
    """The sound of a recording.

    ``channels_differ`` tells that ``channel-<stream>-<n>.wav`` files stand beside the mono track; ``lead_in_ms`` is
    the length of a silent pre-event buffer; ``unknown`` has the states ``pre_event_buffer``, ``audio_dropout``,
    ``muted`` and ``no_audio``.
    """

    ARTIFACT: ClassVar[str] = "audio"

    sample_rate: int
    duration_ms: int
    streams: tuple[DecodedAudioStream, ...]
    channels_differ: bool
    lead_in_ms: int
    level: LevelCurve
    peaks: PeakCurve
    unknown: tuple[Unknown, ...]
