"""Render: decode, hand each picture to whoever hides things in it, encode; sound in step; a new file or none.

The file appears under its name only when it is complete (temporary name in the same folder, one atomic rename). Tags,
location, chapters, data streams, thumbnails and closed captions of the source are left behind.
"""

from __future__ import annotations

import os
import secrets
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

from bodyworn.domain.errors import Code, DamagedMedia, DiskFull, InputError
from bodyworn.domain.progress import Progress
from bodyworn.media.footage import Clip, Footage, Frame, is_plain, upright_planes
from bodyworn.media.picture_out import Encoding, PictureOut, picture_out
from bodyworn.media.planes import Planes
from bodyworn.media.sound_out import SoundEdit, SoundOut

FORMAT_OF = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}


class Redactor(Protocol):
    """Hides things in pictures. It sees every picture ``look_ahead`` pictures before it must have decided."""

    @property
    def look_ahead(self) -> int:
        """How many later pictures it wants to see before it hides."""
        ...

    def see(self, shot: Frame) -> None:
        """Look at a picture; pictures come in order."""
        ...

    def finish(self) -> None:
        """There are no more pictures."""
        ...

    def covers(self, shot: Frame) -> bool:
        """Whether anything in the picture is to be hidden; called once for each picture, in order."""
        ...

    def hide(self, planes: Planes) -> None:
        """Hide it, in ``planes``: a writable copy of what it saw."""
        ...


@dataclass(frozen=True)
class RenderedFile:
    """What was written: pictures, upright size in pixels, seconds, pictures that did not decode, kind of sound.

    ``first_ms`` is when the clip starts in the recording; ``copied`` how many pictures are copied bit for bit;
    ``sounds_left`` how many further sound tracks are not in the clip.
    """

    frames: int
    first_ms: int
    width: int
    height: int
    seconds: float
    damaged: int
    sound: str
    copied: int = 0
    sounds_left: int = 0


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
    progress: Progress | None = None,
) -> RenderedFile:
    """Write ``clip`` of ``source`` to the new file ``target`` with what ``hider`` hides and ``edit_sound`` changes.

    ``sound_track`` counts from 0.

    Raises an :class:`~bodyworn.domain.errors.InputError` for bad input or a target that exists (unless ``replace``),
    and leaves no file if it fails or is interrupted.
    """
    kind = check_target(source, target, replace)
    clip = clip or Clip()
    encoding = encoding or Encoding()
    with Footage(source, encoding.copy_untouched) as footage, _unfinished(target, kind) as out:
        work = _Render(footage, out, redactor, clip, encoding, sound_track)
        done = work.run(source, edit_sound, progress)
    return done


def check_target(source: Path, target: Path, replace: bool) -> str:
    """Container format for ``target``; :class:`InputError` where it may not be written."""
    kind = FORMAT_OF.get(target.suffix.lower())
    if kind is None:
        raise InputError(f"a clip cannot be written as {target.suffix or 'a file without suffix'}", "Name it .mp4")
    if target.exists() and source.exists() and target.samefile(source):
        raise InputError("the clip would overwrite the recording it is made from", "Choose another name")
    if target.exists() and not replace:
        raise InputError(f"{target.name} already exists", "Choose another name", Code.FILE_EXISTS, name=target.name)
    if not target.parent.is_dir():
        raise InputError(f"the folder {target.parent} does not exist", "Make it first")
    return kind


@contextmanager
def _unfinished(target: Path, kind: str) -> Iterator[Any]:
    """A container under a name that nobody takes for a clip; renamed when all went well, removed when not."""
    import av

    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    options = {"fflags": "+bitexact"} | ({"movflags": "+faststart"} if kind in ("mp4", "mov") else {})
    try:
        with av.open(str(part), "w", format=kind, options=options) as out:
            yield out
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        if error.errno == 28:
            raise DiskFull("no room is left for the clip", "Free some space and try again") from error
        raise
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


class _Render:
    def __init__(
        self, footage: Footage, out: Any, redactor: Redactor, clip: Clip, encoding: Encoding, sound_track: int
    ) -> None:
        self._footage, self._out, self._redactor, self._clip, self._encoding = footage, out, redactor, clip, encoding
        self._sound_track = sound_track
        self._video: PictureOut | None = None
        self._sound: SoundOut | None = None
        self._first = Fraction(0)
        self._last = Fraction(0)
        self._count = 0

    def run(self, source: Path, edit: SoundEdit | None, progress: Progress | None) -> RenderedFile:
        waiting: deque[Frame] = deque()
        total = self._total()
        end = self._end_time()
        for shot in self._footage.frames(self._clip):
            if self._video is None:
                self._open(shot, source, edit, end)
            self._redactor.see(shot)
            waiting.append(shot)
            if len(waiting) > self._redactor.look_ahead:
                self._write(waiting.popleft())
                if progress and self._count % 10 == 0:
                    progress(self._count, total, "pictures")
        self._redactor.finish()
        while waiting:
            self._write(waiting.popleft())
        if self._video is None or self._sound is None:
            raise DamagedMedia("no frame of the clip can be decoded", "Copy the recording from the camera again")
        self._video.finish()
        self._sound.finish()
        if progress:
            progress(self._count, self._count, "pictures")
        seconds = float(self._last - self._first)
        width, height = self._video.width, self._video.height
        return RenderedFile(
            self._count,
            int(self._first * 1000),
            width,
            height,
            seconds,
            self._footage.damaged,
            self._sound.kind,
            self._video.copied,
            self._sound.left_behind,
        )

    def _total(self) -> int:
        frames = self._footage.stream.frames or 0
        end = min(self._clip.end or frames, frames) if frames else self._clip.end or 0
        return max(0, end - self._clip.start)

    def _end_time(self) -> Fraction | None:
        """Time at which the first picture after the clip would be shown; ``None`` for the end of the recording."""
        if self._clip.end is None:
            return None
        times = self._footage.times()
        if times is None:
            rate = self._footage.stream.average_rate or Fraction(30)
            return Fraction(self._clip.end) / rate
        return times[self._clip.end] if self._clip.end < len(times) else None

    def _open(self, shot: Frame, source: Path, edit: SoundEdit | None, end: Fraction | None) -> None:
        """Streams of the new file, shaped after the first picture."""
        cut = (shot.time, end) if self._clip.start > 0 or end is not None else None
        self._first = cut[0] if cut else Fraction(0)
        self._video = picture_out(self._footage, self._out, shot, self._encoding, self._frame)
        self._sound = SoundOut(source, self._out, cut, self._footage.zero, edit, self._sound_track)

    def _write(self, shot: Frame) -> None:
        time = shot.time - self._first
        assert self._sound is not None
        assert self._video is not None
        self._sound.until(time)
        self._video.add(shot, time, self._redactor.covers(shot))
        self._last = shot.time
        self._count += 1

    def _frame(self, shot: Frame, covered: bool) -> Any:
        """The frame to encode: the decoder's own where that fits, else a copy; masked where something is hidden."""
        even = shot.planes.width % 2 == 0 and shot.planes.height % 2 == 0
        if is_plain(shot.frame) and even and not shot.turned and shot.frame.format.name == _format(shot):
            if covered:
                shot.frame.make_writable()
                self._redactor.hide(upright_planes(shot.frame))
            return shot.frame
        return self._copy(shot, covered)

    def _copy(self, shot: Frame, covered: bool) -> Any:
        import av

        frame = av.VideoFrame(shot.planes.width & ~1, shot.planes.height & ~1, _format(shot))
        planes = Planes(shot.planes.y.copy(), shot.planes.u.copy(), shot.planes.v.copy(), shot.planes.full_range)
        if covered:
            self._redactor.hide(planes)
        target = upright_planes(frame)
        for mine, other in ((target.y, planes.y), (target.u, planes.u), (target.v, planes.v)):
            mine[:] = other[: mine.shape[0], : mine.shape[1]]
        return frame


def _format(shot: Frame) -> str:
    """The format of the frames that are encoded."""
    return "yuvj420p" if shot.planes.full_range else "yuv420p"
