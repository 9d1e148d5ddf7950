"""Files that a redaction leaves outside of the library: whole under their name, or not there at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.domain.errors import InputError
from bodyworn.storage.outputs import exists_already, not_writable, output_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PICTURES = (".png", ".jpg", ".jpeg")


def refuse_existing(path: Path | None, replace: bool) -> None:
    """Refuse a file that exists or cannot be written, before any work is done; ``None`` is no file."""
    if path is None:
        return
    if path.exists() and not replace:
        raise exists_already(path)
    if not path.parent.is_dir():
        raise InputError(f"there is no folder {path.parent}", "Make it first")
    if not os.access(path.parent, os.W_OK):
        raise not_writable(path)


@contextmanager
def new_file(path: Path, replace: bool = False) -> Iterator[Path]:
    """A draft beside ``path`` that takes its name when the block ends well, and vanishes if it does not.

    The draft has the same suffix. :class:`InputError` if ``path`` exists (unless ``replace``) or its folder does not;
    :class:`~bodyworn.domain.errors.DiskFull`.
    """
    refuse_existing(path, replace)
    with output_file(path, path.name, replace=replace) as draft:
        yield draft


@contextmanager
def undone_with(target: Path, others: Iterable[Path | None], replace: bool) -> Iterator[None]:
    """Within it the files ``others`` are written that go with the finished ``target``: all of them appear or none.

    So the same command can be given again. Where files are replaced, that is so in any case.
    """
    try:
        yield
    except BaseException:
        for path in (target, *others):
            if path is not None and not replace:
                path.unlink(missing_ok=True)
        raise


def picture_bytes(path: Path, rgb: NDArray[np.uint8]) -> bytes:
    """An RGB picture as PNG or JPEG, by the suffix of ``path``; nothing but pixels goes in."""
    import cv2

    check_picture(path)
    _, data = cv2.imencode(path.suffix.lower(), rgb[..., ::-1])
    return data.tobytes()


def check_new_picture(path: Path | None, replace: bool) -> None:
    """Refuse a place for a picture that cannot be, before long work begins; ``None`` is no picture."""
    refuse_existing(path, replace)
    if path is not None:
        check_picture(path)


def check_picture(path: Path) -> None:
    """:class:`InputError` if ``path`` is not the name of a picture."""
    if path.suffix.lower() not in _PICTURES:
        raise InputError(
            f"a picture cannot be written as {path.suffix or 'a file without suffix'}", "Name it .png or .jpg"
        )
