"""Render: decode, let a redactor hide things in each frame, encode; sound in step; a new file or none.

The file appears under its name only when it is complete; what a killed run leaves, the next one removes. Tags,
location, chapters, data streams, thumbnails and closed captions of the source are left behind.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bodyworn.domain.errors import Code, DamagedMedia, InputError
from bodyworn.domain.progress import Progress, no_progress
from bodyworn.media.footage import Clip, Footage, Frame, is_plain, upright_planes
from bodyworn.media.opening import is_sound_only
from bodyworn.media.picture_out import Encoding, PictureOut, picture_out
from bodyworn.media.planes import Planes
from bodyworn.media.presentation import in_microseconds
from bodyworn.media.sound_out import SoundEdit, SoundOut
from bodyworn.media.upright import Upright
from bodyworn.storage.files import is_full, is_refused, no_room_for, unfinished

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import OutputContainer

#: Containers for a recording without pictures.
SOUND_FORMAT_OF = {".wav": "wav", ".m4a": "mp4"}
FORMAT_OF = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}


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


@dataclass(frozen=True)
class RenderedFile:
    """What was written: pictures, upright size in pixels, seconds, pictures that did not decode, kind of sound.

    ``start_us`` is when the clip starts in the recording, ``times_us`` when each of its frames is shown there;
    ``copied`` how many pictures are copied bit for bit; ``sounds_left`` how many further sound tracks are not in it.
    """

    frames: int
    start_us: int
    times_us: tuple[int, ...]
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
    progress: Progress = no_progress,
) -> RenderedFile:
    """Write ``clip`` of ``source`` to the new file ``target`` with what ``redactor`` hides and ``edit_sound`` changes.

    ``sound_track`` counts from 0.

    Raises an :class:`~bodyworn.domain.errors.InputError` for bad input or a target that exists (unless ``replace``),
    and leaves no file if it fails or is interrupted.
    """
    kind = check_target(source, target, replace)
    clip = clip or Clip()
    encoding = encoding or Encoding()
    with Footage(source, encoding.copy_untouched) as footage, new_container(target, kind, replace) as out:
        work = _Render(footage, out, redactor, clip, encoding, sound_track)
        done = work.run(source, edit_sound, progress)
    return done


def check_target(source: Path, target: Path, replace: bool) -> str:
    """Container format for ``target``; :class:`InputError` where it may not be written."""
    suffix = target.suffix.lower()
    kind = FORMAT_OF.get(suffix)
    if suffix in SOUND_FORMAT_OF and source.is_file() and is_sound_only(source):
        kind = SOUND_FORMAT_OF[suffix]
    if kind is None:
        raise InputError(f"a clip cannot be written as {target.suffix or 'a file without suffix'}", "Name it .mp4")
    if target.exists() and source.exists() and target.samefile(source):
        raise InputError("the clip would overwrite the recording it is made from", "Choose another name")
    if target.exists() and not replace:
        raise _exists(target)
    if not target.parent.is_dir():
        raise InputError(f"the folder {target.parent} does not exist", "Make it first")
    return kind


@contextmanager
def new_container(target: Path, kind: str, replace: bool) -> Iterator[OutputContainer]:
    """A container that takes the name ``target`` when all went well, and vanishes when not."""
    import av

    options = {"fflags": "+bitexact"} | ({"movflags": "+faststart"} if kind in ("mp4", "mov") else {})
    try:
        with (
            unfinished(target, once=not replace) as draft,
            av.open(str(draft.absolute()), "w", format=kind, options=options) as out,
        ):
            yield out
    except FileExistsError as error:
        raise _exists(target) from error
    except OSError as error:
        if is_full(error):
            raise no_room_for("the clip") from error
        if is_refused(error):
            raise InputError(f"{target.name} cannot be written in {target.parent}", "Choose another folder") from error
        raise


def _exists(target: Path) -> InputError:
    return InputError(f"{target.name} already exists", "Choose another name", Code.FILE_EXISTS, name=target.name)


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
        self._sound.finish()
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
