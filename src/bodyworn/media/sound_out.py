"""The sound of a rendered clip: copied packet by packet where nothing changes, else cut to the sample and encoded.

All times are exact seconds from the start of the recording. Sound that is encoded again is laid out by its time
stamps, with silence where the source has a hole, so that it cannot drift from the picture however long the clip is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from bodyworn.domain.errors import InputError
from bodyworn.domain.progress import Progress, no_progress
from bodyworn.media.opening import open_media, packets_of
from bodyworn.media.sound_in import OneForm, SoundClock, decoded_sound, has_one_clock, survey
from bodyworn.media.sound_layout import LaidOut, Samples

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.packet import Packet
    from av.stream import Stream

    TimedPackets = Iterator[tuple[Fraction, Packet[Stream]]]


class SoundEdit(Protocol):
    """Changes sound. It sees ``context`` seconds before and after what it is asked for, where there are any."""

    @property
    def context(self) -> Fraction:
        """Seconds."""
        ...

    def __call__(self, samples: Samples, start: Fraction, rate: int) -> Samples:
        """``samples`` (channels, n) in -1..1 that start at ``start`` seconds; as many, changed."""
        ...


#: Codecs that may be copied into MP4 as they are.
COPIED = frozenset({"aac", "mp3", "ac3", "eac3", "alac"})
#: Seconds of sound that an edit with context changes at a time, at least.
_PIECE = 1
#: Seconds of sound behind the last picture between two lines of progress.
_TOLD_EVERY = 60
_RATES = (48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000)


class SoundOut:
    """Feeds the sound of ``source`` to ``out``; ``cut`` is (start, end), where an end of ``None`` is the last sample.

    ``zero`` is the start of the recording on the container's clock. ``edit`` changes samples; without it and without
    a cut the packets are copied, unless they overlap or change their form. ``track`` counts the sound tracks from 0.
    Call :meth:`until` as the picture goes on and :meth:`finish` at the end.
    """

    def __init__(
        self,
        source: Path,
        out: OutputContainer,
        cut: tuple[Fraction, Fraction | None] | None,
        zero: Fraction,
        edit: SoundEdit | None,
        track: int = 0,
    ) -> None:
        self._container = open_media(source)
        streams = self._container.streams.audio
        if track and track >= len(streams):
            self._container.close()
            raise InputError(f"the recording has no audio track {track + 1}", f"The recording has {len(streams)}")
        self.left_behind = max(0, len(streams) - 1)
        self._out, self._zero, self._edit = out, zero, edit
        self._start, self._end = cut or (Fraction(0), None)
        self._ahead: tuple[Fraction, Packet[Stream]] | None = None
        self._told = False
        self.kind = "none"
        self._work: TimedPackets = iter(())
        if streams:
            self._work = self._begin(source, streams[track], track, edit is None and cut is None)

    def _begin(self, source: Path, stream: AudioStream, track: int, whole: bool) -> TimedPackets:
        """Make the track of the clip; its packets, with their times."""
        to_copy = whole and stream.codec_context.name in COPIED and not self._is_wave
        found = survey(source, track, to_copy=to_copy)
        if to_copy and found.regular:
            self.kind = "copied"
            target = self._out.add_stream_from_template(stream)
            target.metadata.clear()
            return self._copied(stream, target)
        self.kind = "encoded"
        length = self._container.duration
        self._clock = SoundClock(found.shifts, Fraction(length, 1_000_000) if length else None)
        return self._encoded(stream, self._encoder(stream))

    @property
    def _is_wave(self) -> bool:
        return self._out.format.name == "wav"

    def until(self, time: Fraction) -> None:
        """Write all sound that starts before ``time`` in the clip."""
        while True:
            if self._ahead is None:
                self._ahead = next(self._work, None)
            if self._ahead is None or self._ahead[0] > time:
                return
            self._out.mux(self._ahead[1])
            self._ahead = None

    def finish(self, progress: Progress = no_progress) -> None:
        """Write the rest."""
        while self._ahead is not None or not self._told:
            time = self._ahead[0] if self._ahead is not None else Fraction(0)
            self.until(time + _TOLD_EVERY)
            self._told = self._ahead is None
            progress(float(time), 0, "seconds of sound")
        self.close()

    def close(self) -> None:
        """Let go of the source."""
        self._container.close()

    def _encoder(self, stream: AudioStream) -> AudioStream:
        source = stream.codec_context
        self._rate = min(_RATES, key=lambda rate: abs(rate - source.sample_rate))
        self._layout = "mono" if source.channels == 1 else "stereo"
        codec: Literal["pcm_s16le", "aac"] = "pcm_s16le" if self._is_wave else "aac"
        target = self._out.add_stream(codec, rate=self._rate, layout=self._layout)
        if not self._is_wave:
            target.bit_rate = 96_000 if self._layout == "mono" else 160_000
        target.codec_context.time_base = Fraction(1, self._rate)
        return target

    def _copied(self, stream: AudioStream, target: AudioStream) -> TimedPackets:
        base = Fraction(stream.time_base or 1)
        shift = int(self._zero / base)
        for packet in packets_of(self._container, stream):
            if packet is None or packet.dts is None or packet.pts is None or packet.is_discard:
                continue  # what an edit list cuts away is not hidden behind another one but left out
            packet.pts -= shift
            packet.dts -= shift
            time = packet.pts * base
            packet.stream = target
            yield time, packet

    def _encoded(self, stream: AudioStream, target: AudioStream) -> TimedPackets:
        import av

        at = 0
        for block in self._edited(stream):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), format="fltp", layout=self._layout)
            frame.sample_rate = self._rate
            frame.time_base = Fraction(1, self._rate)
            frame.pts = at
            at += block.shape[1]
            yield from _timed(target.encode(frame))
        yield from _timed(target.encode(None))

    def _blocks(self, stream: AudioStream) -> Iterator[Samples]:
        """Samples of the clip in blocks of any length, laid out without hole or overlap from its first picture on."""
        length = None if self._end is None else round((self._end - self._start) * self._rate)
        laid = LaidOut(self._rate, length)
        for time, samples in self._decoded(stream):
            yield from laid.take(round((time - self._start) * self._rate), samples)
            if laid.full:
                break
        yield from laid.rest()

    def _edited(self, stream: AudioStream) -> Iterator[Samples]:
        """The same samples, changed by ``edit`` piece by piece, each seen with its context."""
        if self._edit is None:
            yield from self._blocks(stream)
            return
        around = round(self._edit.context * self._rate)
        least = _PIECE * self._rate if around else 1
        held: Samples | None = None
        first = done = 0  # places in the clip: of the first sample held, and of the next to hand out
        for block in chain(self._blocks(stream), (None,)):
            if block is not None:
                held = block if held is None else np.concatenate([held, block], axis=1)
            if held is None:
                return
            ready = first + held.shape[1] - (around if block is not None else 0)
            if ready <= done or (ready - done < least and block is not None):
                continue
            changed = self._edit(held, self._start + Fraction(first, self._rate), self._rate)
            yield changed[:, done - first : ready - first]
            done = ready
            gone = max(0, done - around - first)
            held, first = held[:, gone:], first + gone

    def _decoded(self, stream: AudioStream) -> Iterator[tuple[Fraction, Samples]]:
        """``(time, samples)`` of the decoded sound from the cut on, at the clip's rate and layout."""
        form = OneForm(self._layout, self._rate)
        if self._start > 1 and has_one_clock(self._container):
            goal = int((self._start + self._zero - 1) / Fraction(stream.time_base or 1))
            self._container.seek(goal, stream=stream, backward=True, any_frame=False)
        for frame in chain(decoded_sound(self._container, stream, self._clock), (None,)):
            for part in form.take(frame):
                if part.pts is not None:
                    time = part.pts * Fraction(part.time_base or 1)
                    yield time, np.asarray(part.to_ndarray(), np.float32)


def _timed(packets: Sequence[Packet[Stream]]) -> TimedPackets:
    for packet in packets:
        yield (packet.pts or 0) * Fraction(packet.time_base), packet
