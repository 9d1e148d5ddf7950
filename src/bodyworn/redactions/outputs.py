"""Files that a redaction leaves outside of the library: whole under their name, or not there at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.errors import Code, DiskFull, InputError

_PICTURES = (".png", ".jpg", ".jpeg")


def refuse_existing(path: Path | None, replace: bool) -> None:
    """Refuse a file that exists, before any work is done; ``None`` is no file."""
    if path is not None and path.exists() and not replace:
        raise InputError(f"{path.name} already exists", "Choose another name", Code.FILE_EXISTS, name=path.name)


@contextmanager
def new_file(path: Path, replace: bool = False) -> Iterator[Path]:
    """A draft beside ``path`` that takes its name when the block ends well, and vanishes if it does not.

    The draft has the same suffix. :class:`InputError` if ``path`` exists (unless ``replace``) or its folder does not;
    :class:`DiskFull`.
    """
    refuse_existing(path, replace)
    if not path.parent.is_dir():
        raise InputError(f"there is no folder {path.parent}", "Make it first")
    draft = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.part{path.suffix}")
    try:
        yield draft
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise _refusal(path, error) from error
    finally:
        draft.unlink(missing_ok=True)


def _refusal(path: Path, error: OSError) -> Exception:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"no room is left for {path.name}", "Free some space and give the same command again")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return InputError(f"{path.name} cannot be written in {path.parent}", "Choose another folder")
    return error


def picture_bytes(path: Path, rgb: NDArray[np.uint8]) -> bytes:
    """An RGB picture as PNG or JPEG, by the suffix of ``path``; nothing but pixels goes in."""
    import cv2

    check_picture(path)
    _, data = cv2.imencode(path.suffix.lower(), rgb[..., ::-1])
    return data.tobytes()


def check_picture(path: Path) -> None:
    """:class:`InputError` if ``path`` is not the name of a picture."""
    if path.suffix.lower() not in _PICTURES:
        raise InputError(
            f"a picture cannot be written as {path.suffix or 'a file without suffix'}", "Name it .png or .jpg"
        )
