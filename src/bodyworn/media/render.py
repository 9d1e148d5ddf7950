"""Render: decode, let a redactor hide things in each frame, encode; sound in step; a new file or none.

The file appears under its name only when it is complete; what a killed run leaves, the next one removes. Tags,
location, chapters, data streams, thumbnails and closed captions of the source are left behind.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bodyworn.domain.errors import DamagedMedia
from bodyworn.domain.progress import Progress, no_progress
from bodyworn.media.footage import Clip, Footage, Frame, is_plain, upright_planes
from bodyworn.media.picture_out import PictureOut, picture_out
from bodyworn.media.planes import Planes
from bodyworn.media.presentation import in_microseconds
from bodyworn.media.rendered import FORMAT_OF, Encoding, RenderedFile, check_target, format_of, new_clip
from bodyworn.media.sound_out import SoundEdit, SoundOut
from bodyworn.media.upright import Upright

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import OutputContainer

__all__ = ["Encoding", "Redactor", "RenderedFile", "check_target", "render", "render_into"]


class Redactor(Protocol):
    """Hides things in frames. It sees frames before it must decide about them, as many as it asks for."""

    def see(self, frame: Frame) -> None:
        """Look at a frame; frames come in order."""
        ...

    def settled(self) -> bool:
        """Whether enough was seen to decide about the next frame, the oldest that is not decided yet."""
        ...

    def finish(self) -> None:
        """There are no more frames."""
        ...

    def covers(self, frame: Frame) -> bool:
        """Whether anything in the frame is to be hidden; called once for each frame, in order."""
        ...

    def hide(self, planes: Planes) -> None:
        """Hide it, in ``planes``: a writable copy of what it saw."""
        ...


def render(
    source: Path,
    target: Path,
    redactor: Redactor,
    *,
    clip: Clip | None = None,
    edit_sound: SoundEdit | None = None,
    encoding: Encoding | None = None,
    sound_track: int = 0,
    replace: bool = False,
    progress: Progress = no_progress,
) -> RenderedFile:
    """Write ``clip`` of ``source`` to the new file ``target`` with what ``redactor`` hides and ``edit_sound`` changes.

    ``sound_track`` counts from 0.

    Raises an :class:`~bodyworn.domain.errors.InputError` for bad input or a target that exists (unless ``replace``),
    and leaves no file if it fails or is interrupted.
    """
    check_target(source, target, replace)
    with new_clip(target, replace) as draft:
        return render_into(
            source,
            draft,
            redactor,
            clip=clip or Clip(),
            edit_sound=edit_sound,
            encoding=encoding or Encoding(),
            sound_track=sound_track,
            progress=progress,
        )


def render_into(
    source: Path,
    draft: Path,
    redactor: Redactor,
    *,
    clip: Clip,
    edit_sound: SoundEdit | None,
    encoding: Encoding,
    sound_track: int,
    progress: Progress,
) -> RenderedFile:
    """The same into the file ``draft``, which is there and which the caller removes if this raises."""
    kind = format_of(draft, FORMAT_OF)
    with Footage(source, encoding.copy_untouched) as footage, container_into(draft, kind) as out:
        return _Render(footage, out, redactor, clip, encoding, sound_track).run(source, edit_sound, progress)


@contextmanager
def container_into(draft: Path, kind: str) -> Iterator[OutputContainer]:
    """A container that writes into the file ``draft``, which is there."""
    import av

    options = {"fflags": "+bitexact"} | ({"movflags": "+faststart"} if kind in ("mp4", "mov") else {})
    with av.open("file:" + str(draft.absolute()), "w", format=kind, options=options) as out:
        yield out


class _Render:
    def __init__(
        self,
        footage: Footage,
        out: OutputContainer,
        redactor: Redactor,
        clip: Clip,
        encoding: Encoding,
        sound_track: int,
    ) -> None:
        self._footage, self._out, self._redactor, self._clip, self._encoding = footage, out, redactor, clip, encoding
        self._sound_track = sound_track
        self._video: PictureOut | None = None
        self._sound: SoundOut | None = None
        self._first = Fraction(0)
        self._last = Fraction(0)
        self._times: list[int] = []

    def run(self, source: Path, edit: SoundEdit | None, progress: Progress) -> RenderedFile:
        waiting: deque[Frame] = deque()
        total = self._footage.expected(self._clip)
        self._footage.passing = lambda _: progress(0, total, "pictures")
        for frame in self._footage.frames(self._clip):
            if self._video is None:
                self._open(frame, source, edit)
            self._redactor.see(frame)
            waiting.append(frame)
            while waiting and self._redactor.settled():
                self._write(waiting.popleft())
                if len(self._times) % 10 == 0:
                    progress(len(self._times), total, "pictures")
        self._redactor.finish()
        while waiting:
            self._write(waiting.popleft())
        if self._video is None or self._sound is None:
            raise DamagedMedia("no frame of the clip can be decoded", "Copy the recording from the camera again")
        self._video.finish()
        self._sound.finish(progress)
        progress(len(self._times), len(self._times), "pictures")
        return RenderedFile(
            frames=len(self._times),
            start_us=in_microseconds(self._first),
            times_us=tuple(self._times),
            width=self._video.width,
            height=self._video.height,
            seconds=float(self._last - self._first),
            damaged=self._footage.damaged,
            sound=self._sound.kind,
            copied=self._video.copied,
            sounds_left=self._sound.left_behind,
            pictures_left=self._footage.pictures_left,
        )

    def _open(self, frame: Frame, source: Path, edit: SoundEdit | None) -> None:
        """Streams of the new file, shaped after the first frame. A clip that is cut starts with it."""
        end_us = self._clip.end_us
        end = None if end_us is None else Fraction(end_us, 1_000_000)
        cut = (frame.time, end) if self._clip != Clip() else None
        self._first = cut[0] if cut else Fraction(0)
        self._video = picture_out(self._footage, self._out, frame, self._encoding, self._frame)
        self._sound = SoundOut(source, self._out, cut, self._footage.zero, edit, self._sound_track)

    def _write(self, frame: Frame) -> None:
        time = frame.time - self._first
        assert self._sound is not None
        assert self._video is not None
        self._sound.until(time)
        self._video.add(frame, time, self._redactor.covers(frame))
        self._last = frame.time
        self._times.append(frame.time_us)

    def _frame(self, frame: Frame, covered: bool) -> VideoFrame:
        """The frame to encode: the decoder's own where that fits, else a copy; masked where something is hidden."""
        even = frame.planes.width % 2 == 0 and frame.planes.height % 2 == 0
        decoded = frame.decoded
        if is_plain(decoded) and even and frame.upright.as_coded and decoded.format.name == _format(frame):
            if covered:
                decoded.make_writable()
                self._redactor.hide(upright_planes(decoded, frame.upright))
            return decoded
        return self._copy(frame, covered)

    def _copy(self, frame: Frame, covered: bool) -> VideoFrame:
        import av

        copy = av.VideoFrame(frame.planes.width & ~1, frame.planes.height & ~1, _format(frame))
        planes = Planes(frame.planes.y.copy(), frame.planes.u.copy(), frame.planes.v.copy(), frame.planes.full_range)
        if covered:
            self._redactor.hide(planes)
        target = upright_planes(copy, Upright())
        for mine, other in ((target.y, planes.y), (target.u, planes.u), (target.v, planes.v)):
            mine[:] = other[: mine.shape[0], : mine.shape[1]]
        return copy


def _format(frame: Frame) -> str:
    """The format of the frames that are encoded."""
    return "yuvj420p" if frame.planes.full_range else "yuv420p"
