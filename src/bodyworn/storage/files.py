"""Files written whole or not at all, and what the operating system refuses, said as a library error.

A file is written as a draft beside its place, synced, and only then given its name; a process killed at any moment
leaves the old file, the new one, or none, and never a part of one.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bodyworn.domain.errors import DiskFull, LibraryError, LibraryReadOnly

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_WRITING = {errno.EROFS, errno.EACCES, errno.EPERM}
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK}


def no_room(folder: Path) -> DiskFull:
    """The library's disk is full."""
    return DiskFull(
        f"no room is left on the disk of the library {folder}",
        "Free some space and give the same command again; nothing that was finished is lost",
    )


def no_writing(folder: Path) -> LibraryReadOnly:
    """The library's folder takes no writes."""
    return LibraryReadOnly(
        f"the library {folder} cannot be written to", "Check its permissions and that its disk is not mounted read-only"
    )


def meant_by(error: BaseException, folder: Path) -> LibraryError | None:
    """The library error for an error about room or permission, ``None`` for any other.

    It looks at ``errno`` alone, so that it also reads errors that are not an ``OSError`` (those of FFmpeg).
    """
    number = getattr(error, "errno", None)
    if number in _NO_ROOM:
        return no_room(folder)
    if number in _NO_WRITING:
        return no_writing(folder)
    return None


@contextmanager
def said_clearly(folder: Path) -> Iterator[None]:
    """Turn an ``OSError`` about room or permission inside the block into the library error it means."""
    try:
        yield
    except OSError as error:
        meant = meant_by(error, folder)
        if meant is None:
            raise
        raise meant from error


@contextmanager
def unfinished(path: Path, *, mode: int = 0o666, once: bool = False) -> Iterator[Path]:
    """A draft beside ``path``, with the same suffix, that gets its name when the block ends; gone if the block raises.

    With ``once`` a file of that name stays as it is and ``FileExistsError`` is raised; otherwise it is replaced.
    ``mode`` are the permissions, less the mask of the process.
    """
    draft = path.with_name(f".{secrets.token_hex(8)}{path.suffix}")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode | 0o200))
    try:
        yield draft
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        if not mode & 0o200:
            draft.chmod(mode)
        if once:
            link_once(draft, path)
        else:
            draft.replace(path)
        sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes | str, *, mode: int = 0o666, once: bool = False) -> None:
    """Write a whole file or none; with ``once`` a file of that name stays as it is.

    Text is written as UTF-8 with its line ends as they are.
    """
    if once and path.exists():
        return
    with suppress(FileExistsError), unfinished(path, mode=mode, once=once) as draft:
        draft.write_bytes(data.encode() if isinstance(data, str) else data)


def link_once(draft: Path, final: Path) -> None:
    """Give a file its final name or raise ``FileExistsError``: by a hard link, or a look first where there are none."""
    try:
        os.link(draft, final)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if final.exists():
            raise FileExistsError(final) from error
        draft.rename(final)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system can do that."""
    if os.name == "nt":  # a folder cannot be opened there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
