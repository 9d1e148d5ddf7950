"""The sound of a rendered clip: copied packet by packet where nothing changes, else cut to the sample and encoded.

All times are exact seconds from the start of the recording. Sound that is encoded again is laid out by its time
stamps, with silence where the source has a hole, so that it cannot drift from the picture however long the clip is.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.errors import InputError
from bodyworn.media.opening import open_media

Samples = NDArray[np.float32]


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
#: A difference between time stamp and samples so far from which on the time stamp is right, in seconds.
_HOLE = Fraction(1, 50)
_BLOCK = 1024
#: Seconds of sound that an edit with context changes at a time, at least.
_PIECE = 1
_RATES = (48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000)


class SoundOut:
    """Feeds the sound of ``source`` to ``out``; ``cut`` is (start, end), where an end of ``None`` is the last sample.

    ``zero`` is the start of the recording on the container's clock. ``edit`` changes samples; without it and without
    a cut the packets are copied. ``track`` counts the sound tracks from 0. Call
    :meth:`until` as the picture goes on and :meth:`finish` at the end.
    """

    def __init__(
        self,
        source: Path,
        out: Any,
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
        self._in: Any = streams[track] if streams else None
        self.left_behind = max(0, len(streams) - 1)
        self._out, self._zero, self._edit = out, zero, edit
        self._start, self._end = cut or (Fraction(0), None)
        self._ahead: tuple[Fraction, Any] | None = None
        self._written = 0
        self.kind = "none"
        if self._in is None:
            self._work: Iterator[tuple[Fraction, Any]] = iter(())
        elif edit is None and cut is None and self._in.codec_context.name in COPIED:
            self.kind = "copied"
            self._stream = out.add_stream_from_template(self._in)
            _strip(self._stream)
            self._work = self._copied()
        else:
            self.kind = "encoded"
            self._stream = self._encoder()
            self._work = self._encoded()

    def until(self, time: Fraction) -> None:
        """Write all sound that starts before ``time`` in the clip."""
        while True:
            if self._ahead is None:
                self._ahead = next(self._work, None)
            if self._ahead is None or self._ahead[0] > time:
                return
            self._out.mux(self._ahead[1])
            self._ahead = None

    def finish(self) -> None:
        """Write the rest."""
        self.until(Fraction(10**9))
        self.close()

    def close(self) -> None:
        """Let go of the source."""
        self._container.close()

    def _encoder(self) -> Any:
        source = self._in.codec_context
        self._rate = min(_RATES, key=lambda rate: abs(rate - source.sample_rate))
        layout = "mono" if source.channels == 1 else "stereo"
        stream: Any = self._out.add_stream("aac", rate=self._rate, layout=layout)
        stream.bit_rate = 96_000 if layout == "mono" else 160_000
        stream.codec_context.time_base = Fraction(1, self._rate)
        self._layout = layout
        return stream

    def _copied(self) -> Iterator[tuple[Fraction, Any]]:
        base = self._in.time_base
        shift = int(self._zero / base)
        for packet in self._container.demux(self._in):
            if packet.dts is None or packet.pts is None or packet.is_discard:
                continue  # what an edit list cuts away is not hidden behind another one but left out
            packet.pts -= shift
            packet.dts -= shift
            time = packet.pts * base
            packet.stream = self._stream
            yield time, packet

    def _encoded(self) -> Iterator[tuple[Fraction, Any]]:
        import av

        at = 0
        for block in self._edited():
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), format="fltp", layout=self._layout)
            frame.sample_rate = self._rate
            frame.time_base = Fraction(1, self._rate)
            frame.pts = at
            at += block.shape[1]
            for packet in self._stream.encode(frame):
                yield packet.pts * packet.time_base, packet
        for packet in self._stream.encode(None):
            yield packet.pts * packet.time_base, packet

    def _blocks(self) -> Iterator[Samples]:
        """Samples of the clip in blocks of any length, laid out without hole or overlap from its first picture on."""
        done = 0
        for time, samples in self._decoded():
            offset = round((time - self._start) * self._rate)
            if abs(Fraction(offset - done, self._rate)) > _HOLE or done == 0:
                if offset > done:
                    yield from self._silence(samples.shape[0], offset - done)
                    done = offset
                elif offset < done:
                    samples = samples[:, done - offset :]
            if self._end is not None:
                left = round((self._end - self._start) * self._rate) - done
                samples = samples[:, : max(0, left)]
            if samples.shape[1]:
                yield samples
                done += samples.shape[1]
            if self._end is not None and time > self._end:
                return

    def _edited(self) -> Iterator[Samples]:
        """The same samples, changed by ``edit`` piece by piece, each seen with its context."""
        if self._edit is None:
            yield from self._blocks()
            return
        around = round(self._edit.context * self._rate)
        least = _PIECE * self._rate if around else 1
        held: Samples | None = None
        first = done = 0  # places in the clip: of the first sample held, and of the next to hand out
        for block in chain(self._blocks(), (None,)):
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

    @staticmethod
    def _silence(channels: int, length: int) -> Iterator[Samples]:
        for at in range(0, length, _BLOCK):
            yield np.zeros((channels, min(_BLOCK, length - at)), np.float32)

    def _decoded(self) -> Iterator[tuple[Fraction, Samples]]:
        """``(time, samples)`` of each decoded frame from the cut on, at the clip's rate and layout."""
        import av

        resampler = av.AudioResampler(format="fltp", layout=self._layout, rate=self._rate)
        if self._start > 1:
            base = self._in.time_base
            self._container.seek(
                int((self._start + self._zero - 1) / base), stream=self._in, backward=True, any_frame=False
            )
        for packet in self._container.demux(self._in):
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                continue
            for frame in frames:
                for part in resampler.resample(frame):
                    time = (part.pts or 0) * Fraction(part.time_base or 1) - self._zero
                    yield time, np.asarray(part.to_ndarray(), np.float32)
        for part in resampler.resample(None):
            if part.pts is not None:
                yield part.pts * Fraction(part.time_base or 1) - self._zero, np.asarray(part.to_ndarray(), np.float32)


def _strip(stream: Any) -> None:
    for key in list(stream.metadata):
        del stream.metadata[key]
