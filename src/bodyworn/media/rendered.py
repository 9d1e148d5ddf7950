"""A rendered clip as a file: how it is encoded, where it may be written, and what was written."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from bodyworn.domain.errors import InputError
from bodyworn.storage.outputs import exists_already, output_file

#: Containers for a recording without pictures.
SOUND_FORMAT_OF = {".wav": "wav", ".m4a": "mp4"}
FORMAT_OF = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}


@dataclass(frozen=True)
class Encoding:
    """How pictures are encoded: H.264 with ``preset`` and constant quality ``crf`` (lower is better, 18..28).

    With ``copy_untouched`` pictures in which nothing is hidden are copied where that is possible.
    """

    preset: str = "superfast"
    crf: int = 21
    threads: int = 2
    copy_untouched: bool = True


@dataclass(frozen=True)
class RenderedFile:
    """What was written: pictures, upright size in pixels, seconds, pictures that did not decode, kind of sound.

    ``start_us`` is when the clip starts in the recording, ``times_us`` when each of its frames is shown there;
    ``copied`` how many pictures are copied bit for bit; ``sounds_left`` and
    ``pictures_left`` how many further tracks of sound and pictures are not in it.
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
    pictures_left: int = 0


def check_target(source: Path, target: Path, replace: bool) -> str:
    """Container format for ``target``; :class:`InputError` where it may not be written.

    Names of sound files pass; whether the recording has no pictures is seen where it is opened.
    """
    kind = {**FORMAT_OF, **SOUND_FORMAT_OF}.get(target.suffix.lower())
    if kind is None:
        raise InputError(f"a clip cannot be written as {target.suffix or 'a file without suffix'}", "Name it .mp4")
    if target.exists() and source.exists() and target.samefile(source):
        raise InputError("the clip would overwrite the recording it is made from", "Choose another name")
    if target.exists() and not replace:
        raise exists_already(target)
    if not target.parent.is_dir():
        raise InputError(f"the folder {target.parent} does not exist", "Make it first")
    return kind


def format_of(draft: Path, formats: Mapping[str, str]) -> str:
    """The container format of a file among ``formats``; :class:`InputError` for another suffix."""
    kind = formats.get(draft.suffix.lower())
    if kind is None:
        raise InputError(f"a recording with pictures cannot be written as {draft.suffix}", "Name it .mp4")
    return kind


def new_clip(target: Path, replace: bool) -> AbstractContextManager[Path]:
    """A draft beside ``target`` that takes its name when all went well, and vanishes when not."""
    return output_file(target, "the clip", replace=replace)
