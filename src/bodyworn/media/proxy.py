"""A copy that the browser plays, where it cannot play the original: H.264 and AAC in an MP4, at most 720 lines.

Written by an observer of the one pass, so that the picture is decoded once; the sound is read beside it from the same
file. The original stays what counts: the proxy is for looking, is named as such and is never released. The same
original gives the same bytes with the same build of the encoders, for the number of encoder threads is fixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bodyworn.domain.errors import StageError
from bodyworn.media.opening import believable, open_media, picture_stream
from bodyworn.media.sound_in import OneForm, SoundClock, decoded_sound, survey
from bodyworn.media.upright import Upright, upright_of
from bodyworn.media.video import Format, Picture, Wanted, fitted
from bodyworn.storage.files import is_full, is_refused, no_room_for

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer
    from av.video.frame import VideoFrame
    from av.video.reformatter import VideoReformatter
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

BOX = (1280, 720)
TICKS = 90_000
SOUND_RATE = 48_000
SOUND_BITS = 96_000
FRAME_SAMPLES = 1_024
#: Quality and speed of x264. The thread count is part of the result. Without ``mbtree=0`` about one run in five gives
#: other bytes for the same frames, even on one thread: the fast code of that step is not exact (off, or with
#: ``asm=0``, 40 of 40 runs agree).
X264 = {"preset": "veryfast", "crf": "26", "threads": "2", "profile": "high", "mbtree": "0"}


class Proxy:
    """An observer that writes the proxy while it looks, upright whatever the rotation; ``close`` finishes it."""

    wanted = Wanted(rate=None, format=Format.NATIVE)

    def __init__(self, source: Path, path: Path) -> None:
        self._source, self._path = source, path
        self._writer: _Writer | None = None
        self._given_up = False

    def see(self, picture: Picture) -> None:
        """Encode one frame, and the sound up to it."""
        if self._given_up:
            return
        try:
            if self._writer is None:
                self._writer = _Writer(self._source, self._path, picture.frame)
            self._writer.write(picture)
        except (OSError, ValueError, RuntimeError) as error:
            self._give_up(error)

    def close(self) -> bool:
        """Finish the file; ``False`` if there is none, for want of a picture or because it could not be encoded."""
        if self._writer is not None and not self._given_up:
            try:
                self._writer.finish()
            except (OSError, ValueError, RuntimeError) as error:
                self._give_up(error)
        return self._writer is not None and not self._given_up

    def _give_up(self, error: Exception) -> None:
        """Leave the file out: what others see in the same pass does not depend on it. A fault of the disk is raised."""
        if is_full(error):
            raise no_room_for("the copy that the browser plays") from error
        if is_refused(error):
            raise StageError("the copy for the browser cannot be written", "Check the library's permissions") from error
        self._given_up = True
        self._path.unlink(missing_ok=True)


class _Writer:
    """The file being written, of the upright size of the first frame."""

    def __init__(self, source: Path, path: Path, first: VideoFrame) -> None:
        import av
        from av.video.reformatter import VideoReformatter

        width, height = upright_of(first).size(first.width, first.height)
        box = BOX if width >= height else BOX[::-1]
        self._size = fitted(width, height, Wanted(None, *box))
        self._scaler: VideoReformatter = VideoReformatter()
        options = {"movflags": "+faststart", "fflags": "+bitexact"}
        self._out: OutputContainer = av.open(str(path), "w", format="mp4", options=options)
        original = open_media(source)
        rate = _rate(picture_stream(original))
        self._picture: VideoStream = self._out.add_stream(
            "libx264", rate=rate, options={**X264, "g": str(max(1, round(2 * rate)))}
        )
        self._picture.width, self._picture.height = self._size
        self._picture.pix_fmt = "yuv420p"
        self._picture.codec_context.time_base = Fraction(1, TICKS)
        self._last = -1
        self._sound = _sound_of(source, original, self._out)

    def write(self, picture: Picture) -> None:
        """Encode one frame, and the sound up to it."""
        self._out.mux(self._picture.encode(self._drawn(picture)))
        if self._sound is not None:
            self._sound.write_until(Fraction(picture.time_ms, 1_000))

    def finish(self) -> None:
        """Write what is left and close the file."""
        self._out.mux(self._picture.encode(None))
        if self._sound is not None:
            self._sound.write_until(None)
        self._out.close()

    def _drawn(self, picture: Picture) -> VideoFrame:
        """The frame scaled, turned upright and stamped with its time."""
        import av

        upright = upright_of(picture.frame)
        width, height = upright.size(*self._size)
        frame = self._scaler.reformat(picture.frame, width, height, "yuv420p", threads=1)
        if not upright.as_coded:
            frame = av.VideoFrame.from_ndarray(_turned(frame, upright), format="yuv420p")
        elif frame is picture.frame:
            frame = av.VideoFrame.from_ndarray(frame.to_ndarray(), format="yuv420p")
        self._last = max(picture.time_ms * TICKS // 1_000, self._last + 1)  # two frames may share a millisecond
        frame.pts, frame.time_base = self._last, Fraction(1, TICKS)
        frame.pict_type = 0
        return frame


def _rate(stream: VideoStream | None) -> Fraction:
    return believable(stream.average_rate if stream is not None else None, 25)


def _sound_of(source: Path, original: InputContainer, out: OutputContainer) -> _Sound | None:
    """The sound of the original, which is opened a second time for it, as a track of the proxy."""
    for track, stream in enumerate(original.streams.audio):
        if stream.codec_context is not None:
            clock = SoundClock(survey(source, track, to_copy=False).shifts)
            return _Sound(original, stream, clock, out)
    original.close()
    return None


def _turned(frame: VideoFrame, upright: Upright) -> NDArray[np.uint8]:
    """I420 planes of the frame, turned upright, as PyAV lays them out."""
    width, height = frame.width, frame.height
    flat = np.asarray(frame.to_ndarray(), np.uint8).ravel()
    luma, chroma = width * height, width * height // 4
    planes = [
        flat[:luma].reshape(height, width),
        flat[luma : luma + chroma].reshape(height // 2, width // 2),
        flat[luma + chroma :].reshape(height // 2, width // 2),
    ]
    wide, _ = upright.size(width, height)
    return np.concatenate([upright.turn(plane).ravel() for plane in planes]).reshape(-1, wide)


class _Sound:
    """The first sound track of the original on the recording's clock, as AAC."""

    def __init__(self, container: InputContainer, stream: AudioStream, clock: SoundClock, out: OutputContainer) -> None:
        self._container, self._out = container, out
        self._frames = decoded_sound(container, stream, clock)
        layout = "mono" if stream.codec_context.channels == 1 else "stereo"
        self._track: AudioStream = out.add_stream("aac", rate=SOUND_RATE, layout=layout)
        self._track.bit_rate = SOUND_BITS
        self._form = OneForm(layout, SOUND_RATE, FRAME_SAMPLES)
        self._reached = Fraction(0)
        self._last: Fraction | None = None

    def write_until(self, time: Fraction | None) -> None:
        """Write the sound up to ``time`` in seconds; ``None``: all that is left, and close."""
        while time is None or self._reached < time:
            frame = next(self._frames, None)
            if frame is None:
                break
            if frame.pts is not None and frame.time_base is not None:
                self._reached = frame.pts * frame.time_base
            self._encode(self._form.take(frame))
        if time is None:
            self._encode(self._form.take(None))
            self._out.mux(self._track.encode(None))
            self._container.close()

    def _encode(self, frames: Sequence[AudioFrame]) -> None:
        """Encode what does not overlap with what was encoded before."""
        for frame in frames:
            time = (frame.pts or 0) * Fraction(frame.time_base or 1)
            if self._last is not None and time - self._last < Fraction(FRAME_SAMPLES // 2, SOUND_RATE):
                continue
            self._last = time
            frame.pts, frame.time_base = round(time * SOUND_RATE), Fraction(1, SOUND_RATE)
            self._out.mux(self._track.encode(frame))
