"""What the operating system or the database refuses, said as a library error that tells what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bodyworn.domain.errors import Code, DiskFull, LibraryBusy, LibraryError, LibraryReadOnly

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_WRITING = {errno.EROFS, errno.EACCES, errno.EPERM}

#: Parts of SQLite's own messages, and the error each one stands for.
_DATABASE_SAYS: tuple[tuple[str, type[LibraryError]], ...] = (
    ("disk is full", DiskFull),
    ("disk i/o error", DiskFull),
    ("readonly", LibraryReadOnly),
    ("unable to open", LibraryReadOnly),
    ("locked", LibraryBusy),
)


def no_room(folder: Path) -> DiskFull:
    """The library's disk is full."""
    return DiskFull(
        f"no room is left on the disk of the library {folder}",
        "Free some space and start again; nothing that was finished is lost",
    )


def no_writing(folder: Path) -> LibraryReadOnly:
    """The library's folder takes no writes."""
    return LibraryReadOnly(
        f"the library {folder} cannot be written to", "Check its permissions and that its disk is not mounted read-only"
    )


@contextmanager
def said_clearly(folder: Path) -> Iterator[None]:
    """Turn an ``OSError`` about room or permission inside the block into the library error it means."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise no_room(folder) from error
        if error.errno in _NO_WRITING:
            raise no_writing(folder) from error
        raise


def of_database(message: str, folder: Path) -> LibraryError:
    """The library error for what SQLite or PostgreSQL said."""
    kind = next((kind for part, kind in _DATABASE_SAYS if part in message.lower()), LibraryError)
    if kind is DiskFull:
        return no_room(folder)
    if kind is LibraryReadOnly:
        return no_writing(folder)
    if kind is LibraryBusy:
        return LibraryBusy(f"the library {folder} is busy with another process", "Wait a moment and try again")
    return LibraryError(
        f"the database of the library {folder} refused: {message}",
        "Have the library examined",
        Code.DATABASE_REFUSED,
        folder=str(folder),
    )
