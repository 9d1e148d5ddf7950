"""Sound, decoded once: every channel of every stream to 16 kHz 16-bit mono WAV on the clock of the recording.

Runs in a child process with limits. Memory does not grow with length: samples go to disk as they come.
"""

from __future__ import annotations

import os
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.domain.codec import Json, from_json, to_json
from bodyworn.domain.errors import DamagedMedia, InputError, NotMedia
from bodyworn.domain.media_facts import MediaFacts
from bodyworn.domain.progress import Progress
from bodyworn.domain.span import Span
from bodyworn.media import sandbox
from bodyworn.media.limits import MOST_SECONDS, MOST_SOUND_SECONDS, stall_seconds
from bodyworn.media.opening import container_of, packets_of
from bodyworn.media.sound_in import SoundClock, survey

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler
    from av.audio.stream import AudioStream
    from av.container import InputContainer

RATE = 16_000
MOST_CHANNELS = 8
#: Time stamps may be this far off the count of samples before silence is put in or samples are left out.
TOLERANCE_S = 0.06
PROGRESS_EVERY_S = 10.0


@dataclass(frozen=True)
class DecodedChannel:
    """One channel of one stream: its file in the folder, and its length in samples of 16 kHz."""

    stream: int
    channel: int
    file: str
    samples: int


@dataclass(frozen=True)
class DecodedAudio:
    """What decoding showed: channels by stream, and for each stream (its index as text) holes in its time stamps and
    packets that did not decode."""

    channels: tuple[DecodedChannel, ...]
    gaps: Mapping[str, tuple[Span, ...]]
    damaged: Mapping[str, int]


def decode_audio(source: Path, folder: Path, facts: MediaFacts, progress: Progress) -> DecodedAudio:
    """Write ``channel-<stream>-<n>.wav`` files into ``folder``; ``facts`` is the probe of ``source``.

    :class:`~bodyworn.domain.errors.DamagedMedia` if no sound at all can be decoded or a limit was met.
    """
    seconds = min(facts.duration_ms / 1000, MOST_SECONDS)
    limits = sandbox.Limits(
        cpu_seconds=int(60 + seconds / 4),
        wall_seconds=120 + seconds,
        memory_bytes=2048 * sandbox.MIB,
        file_bytes=int((seconds + 60) * RATE * 2) + sandbox.MIB,
        stall_seconds=stall_seconds(facts.size_bytes),
    )
    arguments: dict[str, Json] = {
        "path": os.fspath(source),
        "folder": os.fspath(folder),
        "origin_ms": facts.origin_ms,
        "duration_ms": facts.duration_ms,
    }
    return from_json(DecodedAudio, sandbox.run(decode_channels, arguments, limits, progress, writable=[folder]))


def decode_channels(
    path: str, folder: str, origin_ms: int, duration_ms: int, most_seconds: int = MOST_SOUND_SECONDS
) -> dict[str, Json]:
    """The work of the child: JSON of :class:`DecodedAudio`; :class:`InputError` for more sound than that."""
    with container_of(Path(path)) as container:
        if not container.streams.audio:
            raise NotMedia("the file has no audio", "Use its video instead")
        tracks = {
            stream.index: _Track(stream, Path(folder), _clock(Path(path), number, origin_ms, duration_ms), most_seconds)
            for number, stream in enumerate(container.streams.audio)
        }
        _read(container, tracks, duration_ms)
        channels = [entry for track in tracks.values() for entry in track.close()]
    if not any(track.heard for track in tracks.values()):
        raise DamagedMedia("the audio of the file cannot be decoded", "Copy it again from the camera")
    return to_json(
        DecodedAudio(
            channels=tuple(channels),
            gaps={str(index): tuple(track.gaps) for index, track in tracks.items()},
            damaged={str(index): track.damaged for index, track in tracks.items()},
        )
    )


def _clock(path: Path, track: int, origin_ms: int, duration_ms: int) -> SoundClock:
    """The clock of a sound track, counted from ``origin_ms``; it moves where the picture's starts anew."""
    shifts = survey(path, track, to_copy=False).shifts
    moved = -Fraction(origin_ms, 1000) - shifts[0]
    return SoundClock([shift + moved for shift in shifts], Fraction(duration_ms, 1000))


def _read(container: InputContainer, tracks: dict[int, _Track], duration_ms: int) -> None:
    """Feed every packet to its track; what does not decode is counted and passed over."""
    import av

    reported_s = 0.0
    for packet in packets_of(container, *(track.stream for track in tracks.values())):
        if packet is None or (not packet.size and packet.dts is not None):
            continue
        track = tracks[packet.stream.index]
        try:
            frames = packet.decode()
        except (av.error.FFmpegError, OSError):
            track.damaged += 1
            continue
        for frame in frames:
            if isinstance(frame, av.AudioFrame):
                track.take(frame)
        if track.position_s - reported_s >= PROGRESS_EVERY_S:
            reported_s = track.position_s
            sandbox.report(min(reported_s * 1000, duration_ms), duration_ms, "Decoding the sound")


class _Track:
    """One audio stream on its way to one WAV file per channel.

    ``written`` counts 16 kHz samples on disk; ``anchor`` is the recording time of the first sample since the clock was
    last set, ``fed`` the source samples since then: their sum says where the next frame should begin.
    """

    def __init__(self, stream: AudioStream, folder: Path, clock: SoundClock, most_seconds: int) -> None:
        self.most_seconds = most_seconds
        self.stream, self.folder, self.clock = stream, folder, clock
        self.index: int = stream.index
        self.gaps: list[Span] = []
        self.damaged = 0
        self.heard = False
        self.writers: list[wave.Wave_write] = []
        self.written = 0
        self.anchor: Fraction | None = None
        self.fed = Fraction(0)
        self.form: tuple[int, str, str] | None = None
        self.resampler: AudioResampler | None = None

    @property
    def position_s(self) -> float:
        """Seconds of the recording that are on disk."""
        return self.written / RATE

    def take(self, frame: AudioFrame) -> None:
        """Place a decoded frame on the recording's clock and write it."""
        if frame.samples == 0 or not frame.sample_rate:
            return
        form = (frame.sample_rate, frame.format.name, frame.layout.name)
        if form != self.form:
            self._start(frame, form)
        at = self.clock.time(self._stamp(frame), Fraction(frame.samples, frame.sample_rate))
        if self.anchor is None:
            self._set_clock(at)
        elif abs(float(at - self.anchor - self.fed)) > TOLERANCE_S:
            if at < self.anchor + self.fed:
                return
            self._set_clock(at)
        self.fed += Fraction(frame.samples, frame.sample_rate)
        frame.pts = None
        if self.resampler is not None:
            self._write(self.resampler.resample(frame))
        self.heard = True

    def _stamp(self, frame: AudioFrame) -> Fraction | None:
        if frame.pts is None or frame.time_base is None:
            return None
        return Fraction(frame.pts) * Fraction(frame.time_base)

    def _start(self, frame: AudioFrame, form: tuple[int, str, str]) -> None:
        """A resampler for this form of sound; the old one gives up what it holds."""
        import av

        self._drain()
        self.form = form
        count = min(len(frame.layout.channels), MOST_CHANNELS)
        if not self.writers:
            self.writers = [self._open(number) for number in range(count)]
        self.resampler = av.AudioResampler(format="s16p", layout=frame.layout, rate=RATE)

    def _name(self, number: int) -> str:
        return f"channel-{self.index}-{number}.wav"

    def _open(self, number: int) -> wave.Wave_write:
        writer = wave.open(str(self.folder / self._name(number)), "wb")  # noqa: SIM115  closed in close()
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        return writer

    def _drain(self) -> None:
        if self.resampler is not None:
            self._write(self.resampler.resample(None))
            self.resampler = None

    def _set_clock(self, stamp: Fraction) -> None:
        """Fill up to ``stamp`` with silence; a hole inside the stream is kept as a gap."""
        first = self.anchor is None
        if not first:
            form, self.form = self.form, None
            self._drain()
            self._renew(form)
        target = max(0, round(stamp * RATE))
        missing = target - self.written
        if missing > 0:
            if not first:
                self.gaps.append(Span(round(self.written * 1000 / RATE), round(target * 1000 / RATE)))
            self._silence(missing)
        self.anchor = Fraction(self.written, RATE)
        self.fed = Fraction(0)

    def _renew(self, form: tuple[int, str, str] | None) -> None:
        import av

        assert form is not None
        self.form = form
        self.resampler = av.AudioResampler(format="s16p", layout=form[2], rate=RATE)

    def _silence(self, samples: int) -> None:
        block = bytes(2 * RATE)
        while samples > 0:
            count = min(samples, RATE)
            for writer in self.writers:
                writer.writeframesraw(block[: 2 * count])
            self._grown(count)
            samples -= count

    def _write(self, frames: Sequence[AudioFrame]) -> None:
        for frame in frames:
            planes = frame.planes
            for number, writer in enumerate(self.writers):
                plane = planes[min(number, len(planes) - 1)]
                writer.writeframesraw(bytes(memoryview(plane)[: 2 * frame.samples]))
            self._grown(int(frame.samples))

    def _grown(self, samples: int) -> None:
        self.written += samples
        if self.written > self.most_seconds * RATE:
            hours = self.most_seconds / 3600
            raise InputError(
                f"there is more than {hours:.0f} hours of sound in the file", "Split it and bring the parts"
            )

    def close(self) -> list[DecodedChannel]:
        """Finish the files and name them."""
        self._drain()
        made = []
        for number, writer in enumerate(self.writers):
            writer.close()
            made.append(DecodedChannel(self.index, number, self._name(number), self.written))
        return made
