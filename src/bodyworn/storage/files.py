"""Files written whole or not at all, and what the operating system refuses, said as a library error.

A file is written as a draft beside its place, synced, and only then given its name; a process killed at any moment
leaves the old file, the new one, or none, and never a part of one.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from bodyworn.domain.errors import DiskFull, LibraryError, LibraryReadOnly
from bodyworn.storage.processes import Holder

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_WRITING = {errno.EROFS, errno.EACCES, errno.EPERM}
#: Half of the room that the longest name in a library takes: of a draft in a folder of a folder.
_DEEPEST_NAME = 200
_LONGEST_NAME = 255
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK}


def is_full(error: BaseException) -> bool:
    """Whether the error says that no room is left: on the disk, of a quota, or of a limit on the size of a file.

    It looks at ``errno`` alone, so that it also reads errors that are not an ``OSError`` (those of FFmpeg).
    """
    return getattr(error, "errno", None) in _NO_ROOM


def is_refused(error: BaseException) -> bool:
    """Whether the error says that writing is not allowed there."""
    return getattr(error, "errno", None) in _NO_WRITING


def no_room_for(what: str) -> DiskFull:
    """There is no room for a file outside of the library, or for one that is not kept."""
    return DiskFull(f"no room is left for {what}", "Free some space and give the same command again")


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
    """The library error for an error about room or permission, ``None`` for any other."""
    if is_full(error):
        return no_room(folder)
    if is_refused(error):
        return no_writing(folder)
    return None


def check_path(folder: Path) -> None:
    """Raise :class:`LibraryError` for a folder whose path is too long, also for the files in it, or leads nowhere."""
    if any(len(os.fsencode(part)) > _LONGEST_NAME for part in folder.parts):
        raise path_refused(folder, "a name in it is too long")
    try:
        folder.joinpath("x" * _DEEPEST_NAME, "x" * _DEEPEST_NAME).lstat()
    except OSError as error:
        if error.errno in (errno.ENAMETOOLONG, errno.ELOOP):
            raise path_refused(folder, error.strerror or "") from None


def path_refused(path: Path, why: str) -> LibraryError:
    """The path cannot be used; shown cut, for it may be long."""
    shown = str(path)[:60] + "…" if len(str(path)) > 60 else str(path)
    return LibraryError(f"the path {shown} cannot be used ({why})", "Name another folder")


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
    ``mode`` are the permissions, less the mask of the process. The draft names its process, and the next process that
    writes into the folder removes what a killed one left there.
    """
    sweep_drafts(path.parent)
    draft = path.with_name(f".{draft_name(secrets.token_hex(8))}{path.suffix}")
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


def draft_name(rest: str) -> str:
    """A name that tells which process holds the draft: ``rest`` behind this process and a ``~``."""
    return f"{Holder.me()}~{rest}".replace("/", "_")


@cache
def sweep_drafts(folder: Path) -> None:
    """Remove, once in the life of this process, the drafts in ``folder`` of processes that are dead."""
    with suppress(OSError):  # a folder that cannot be listed, or a file that another removed first
        sweep(folder, prefix=".")


def sweep(folder: Path, prefix: str = "") -> None:
    """Remove the files and folders in ``folder`` whose names begin with ``prefix`` and a process that is dead."""
    for path in folder.iterdir():
        held, mark, _ = path.name.partition("~")
        if not mark or not held.startswith(prefix):
            continue
        try:
            holder = Holder.parse(held.removeprefix(prefix))
        except ValueError:
            continue
        if holder.dead:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)


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
