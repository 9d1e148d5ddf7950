"""Sound as it is read: where each piece belongs on the recording's clock, and all of it in one form.

The rule for time stamps. Sound keeps its own stamps, so that it stays with its picture; a hole stays a hole, and what
overlaps is there twice, for the taker to leave out. Where the stamps go back as the picture's do, in joined files, the
sound moves with the picture's new clock. Where they go back alone, by up to five seconds, sound is repeated; by more,
its clock is at fault and it goes on where it was. Stamps far past the end of the recording are at fault too, and so
are those that leave a hole of many hours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.media.opening import open_media, packets_of, picture_stream, recording_zero, usual_step
from bodyworn.media.presentation import NEW_CLOCK, shifts_of

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream

#: A difference between time stamp and samples so far from which on the time stamp is right, in seconds.
HOLE = Fraction(1, 50)
#: How far back stamps go for sound that is repeated, and how far past the end they are believed, in seconds.
_SLACK = 5
#: A hole of more seconds is none: the clock of the stamps jumped, and the sound goes on where it was. The second one
#: holds where clocks start anew, so that the end of the recording is not known.
_LONGEST_HOLE, _LONGEST_AMONG_CLOCKS = 6 * 3600, 3600
#: How much longer a recording may be than its container says, where clocks start anew, in seconds.
_SLACK_AMONG_CLOCKS = 50
#: Packets that an edit list leaves out because an encoder put them before the sound; more of them were cut away.
_PRIMING = 4
#: Containers in which time never starts anew.
_ONE_CLOCK = frozenset({"mov", "mp4", "matroska", "webm"})


@dataclass(frozen=True)
class SoundSurvey:
    """What reading all packets once tells of a sound track.

    ``shifts`` are the seconds to add to stamps, for each clock of the picture in turn; ``regular`` says that the
    packets may be copied one by one: they follow each other in time, without overlap, are of one form, and none was cut
    away by an edit list.
    """

    shifts: tuple[Fraction, ...]
    regular: bool


def survey(source: Path, track: int, *, to_copy: bool) -> SoundSurvey:
    """Read what must be known before sound is written; packets are read only where it is needed."""
    with open_media(source) as container:
        zero = recording_zero(container)
        sound, picture = container.streams.audio[track], picture_stream(container)
        if (picture is None or has_one_clock(container)) and not to_copy:
            return SoundSurvey((-zero,), regular=False)
        regular = _Regular(sound)
        kept = 0
        stamps: list[tuple[int | None, int | None]] = []
        for packet in packets_of(container, *([sound] if picture is None else [picture, sound])):
            if packet is None or not packet.size or packet.is_discard:
                continue
            if packet.stream.index == sound.index:
                regular.check(packet)
                kept += 1
            else:
                stamps.append((packet.pts, packet.dts))
        if sound.frames - kept > _PRIMING:
            regular.so_far = False  # the packets at the cuts of an edit list hold sound from beyond them
        if picture is None:
            return SoundSurvey((-zero,), regular.so_far)
        if not _goes_back(stamps):
            return SoundSurvey((-zero,), regular.so_far)
        base = Fraction(picture.time_base or 0)
        seconds = [(_in_seconds(shown, base), _in_seconds(decoded, base)) for shown, decoded in stamps]
        return SoundSurvey(tuple(shifts_of(seconds, zero, usual_step(picture))), regular.so_far)


def _in_seconds(ticks: int | None, base: Fraction) -> Fraction | None:
    return None if ticks is None else ticks * base


def has_one_clock(container: InputContainer) -> bool:
    """Whether the container is of a kind in which time does not start anew, and whose index finds any time."""
    return bool(_ONE_CLOCK & set(container.format.name.split(",")))


def _goes_back(stamps: Sequence[tuple[int | None, int | None]]) -> bool:
    decoded = [at for _, at in stamps if at is not None]
    return any(after < before for before, after in pairwise(decoded))


class _Regular:
    """Whether the packets of a track, checked one after the other, may be copied as they are."""

    def __init__(self, stream: AudioStream) -> None:
        self.so_far = True
        self._codec, self._base = stream.codec_context.name, Fraction(stream.time_base or 0)
        self._decoded: int | None = None
        self._end: int | None = None
        self._form: bytes | None = None

    def check(self, packet: Packet[Stream]) -> None:
        """Check the next packet."""
        if packet.pts is None or packet.dts is None:
            self.so_far = False
            return
        form = _form(self._codec, bytes(packet)[:8])
        backwards = self._decoded is not None and packet.dts <= self._decoded
        overlaps = self._end is not None and (self._end - packet.pts) * self._base > HOLE
        self.so_far = self.so_far and not backwards and not overlaps and self._form in (None, form)
        self._decoded, self._end, self._form = packet.dts, packet.pts + (packet.duration or 0), form


def _form(codec: str, head: bytes) -> bytes:
    """The bits of a packet's own header that name rate and channels; empty where it has none."""
    if len(head) < 8:
        return b""
    if codec == "aac" and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:  # ADTS, ISO/IEC 13818-7, 6.2
        return bytes((head[2] & 0xFD, head[3] & 0xC0))
    if codec == "mp3":  # ISO/IEC 11172-3, 2.4.1.3; joint stereo may come and go
        return bytes((head[1] & 0xFE, head[2] & 0x0C, head[3] >> 6 == 3))
    if codec == "ac3":  # ETSI TS 102 366, 4.3
        return bytes((head[4] & 0xC0, head[6] & 0xE0))
    return b""


class SoundClock:
    """Feed stamps and lengths of sound in order of decoding; ``shifts`` are those of the picture's clocks.

    ``end`` is the length of the recording in seconds, where it is known.
    """

    def __init__(self, shifts: Sequence[Fraction], end: Fraction | None = None) -> None:
        self._shift, self._later = shifts[0], list(shifts[1:])
        self._end = None if end is None else end + (_SLACK_AMONG_CLOCKS if self._later else 0)
        self._longest = _LONGEST_AMONG_CLOCKS if self._later else _LONGEST_HOLE
        self._next: Fraction | None = None

    def time(self, stamp: Fraction | None, length: Fraction) -> Fraction:
        """Seconds from the start of the recording at which a piece begins that lasts ``length`` seconds."""
        expected = self._next
        if expected is None:
            if stamp is not None and stamp + self._shift > self._longest:
                self._shift = -stamp
            at = Fraction(0) if stamp is None else stamp + self._shift
        elif stamp is None:
            at = expected
        else:
            at = self._placed(stamp, expected)
        self._next = at + length if expected is None else max(expected, at + length)
        return at

    def _placed(self, stamp: Fraction, expected: Fraction) -> Fraction:
        at = stamp + self._shift
        if expected - at > NEW_CLOCK:
            near = [shift for shift in self._later if abs(stamp + shift - expected) <= _SLACK]
            if near:
                self._shift = min(near, key=lambda shift: abs(stamp + shift - expected))
                self._later = self._later[self._later.index(self._shift) + 1 :]
            elif expected - at > _SLACK:
                self._shift = expected - stamp
        elif at - expected > self._longest:
            self._shift = expected - stamp
        elif self._end is not None and at - expected > HOLE and at > self._end + _SLACK:
            return expected
        return stamp + self._shift


def decoded_sound(container: InputContainer, stream: AudioStream, clock: SoundClock) -> Iterator[AudioFrame]:
    """Decoded sound with ``pts`` on the recording's clock; packets that do not decode are left out."""
    import av

    for packet in packets_of(container, stream):
        try:
            frames = [] if packet is None else packet.decode()
        except av.error.FFmpegError:
            continue
        for frame in frames:
            if not isinstance(frame, av.AudioFrame) or not frame.samples or not frame.sample_rate:
                continue
            base = Fraction(frame.time_base or stream.time_base or Fraction(1, frame.sample_rate))
            stamp = None if frame.pts is None else frame.pts * base
            frame.pts = round(clock.time(stamp, Fraction(frame.samples, frame.sample_rate)) / base)
            frame.time_base = base
            yield frame


class OneForm:
    """Brings sound to one layout and rate (32-bit float planes), whatever its own form is and becomes on the way."""

    def __init__(self, layout: str, rate: int, frame_size: int | None = None) -> None:
        self._layout, self._rate, self._frame_size = layout, rate, frame_size
        self._form: tuple[int, str, str] | None = None
        self._resampler: AudioResampler | None = None

    def take(self, frame: AudioFrame | None) -> list[AudioFrame]:
        """What is ready after this frame; with ``None``, all that is left."""
        import av

        done: list[AudioFrame] = []
        form = None if frame is None else (frame.sample_rate, frame.format.name, frame.layout.name)
        if self._resampler is not None and form != self._form:
            done += self._resampler.resample(None)
            self._resampler = None
        if frame is None:
            return done
        if self._resampler is None:
            self._form = form
            self._resampler = av.AudioResampler("fltp", self._layout, self._rate, frame_size=self._frame_size)
        return done + self._resampler.resample(frame)
