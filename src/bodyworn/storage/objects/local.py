"""Bytes in a folder under their SHA-256: written once, read-only, never replaced; removed by a disposal alone.

``sha256/ab/cd/abcd…``. A file is written under ``incoming/``, synced, re-read, and only then linked to its final name,
which fails if that name exists; a process killed at any moment leaves either the whole object or none.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bodyworn.domain.digest import CHUNK_BYTES
from bodyworn.domain.errors import CustodyError
from bodyworn.storage.files import draft_name, link_once, said_clearly, sweep, sync_folder

#: ``told(done, total)`` in bytes.
OnBytes = Callable[[int, int], None]


@dataclass(frozen=True)
class Stored:
    """Digests in lower-case hex and size of bytes that were read once from start to end."""

    sha256: str
    sha512: str
    size_bytes: int


class LocalObjects:
    """The store in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._incoming = folder / "incoming"

    def create(self) -> None:
        """Make the folders; drop what dead processes left half-written."""
        with said_clearly(self.folder):
            self._incoming.mkdir(parents=True, exist_ok=True)
            (self.folder / "sha256").mkdir(exist_ok=True)
            sweep(self._incoming)

    def path(self, sha256: str) -> Path:
        """Where the object of that digest lies, or would."""
        return self.folder / "sha256" / sha256[:2] / sha256[2:4] / sha256

    def put(self, source: Path, told: OnBytes, sha256: str | None = None) -> Stored:
        """Keep a copy of ``source``: hashed while copying, then read back from disk and compared.

        :class:`CustodyError` if the copy does not read back as it was written, or is not of ``sha256`` where that is
        given; ``OSError`` if ``source`` cannot be read; :class:`DiskFull` or :class:`LibraryReadOnly`.
        """
        draft = self._draft()
        size = source.stat().st_size
        try:
            with source.open("rb") as file, said_clearly(self.folder), draft.open("xb") as copy:
                stored = digest(file, lambda done, _: told(done, 2 * size), copy)
                _sync(copy)
            if sha256 not in (None, stored.sha256):
                raise CustodyError(f"the stored file {sha256} was changed", "Restore it from another backup")
            back = digest_file(draft, lambda done, _: told(size + done, 2 * size))
            if back != stored:
                raise CustodyError(
                    f"the copy of {source.name!r} does not read back as it was written", "Check the disk"
                )
            self._settle(draft, stored)
        finally:
            draft.unlink(missing_ok=True)
        return stored

    def put_bytes(self, data: bytes) -> Stored:
        """Keep ``data``."""
        draft = self._draft()
        with said_clearly(self.folder):
            try:
                with draft.open("xb") as file:
                    file.write(data)
                    _sync(file)
                stored = Stored(hashlib.sha256(data).hexdigest(), hashlib.sha512(data).hexdigest(), len(data))
                self._settle(draft, stored)
            finally:
                draft.unlink(missing_ok=True)
        return stored

    def adopt(self, path: Path) -> Stored:
        """Keep a file that lies on the same disk by moving it in; ``path`` is gone afterwards."""
        with said_clearly(self.folder):
            with path.open("rb") as file:
                stored = digest(file, nobody)
                os.fsync(file.fileno())
            self._settle(path, stored)
            path.unlink(missing_ok=True)
        return stored

    def remove(self, sha256: str) -> None:
        """Let go of an object for good; nothing happens if it is not there."""
        path = self.path(sha256)
        with said_clearly(self.folder):
            if not path.is_symlink() and not path.exists():
                return
            path.unlink()
            sync_folder(path.parent)

    def faults(self, sha256: str, told: OnBytes) -> str | None:
        """What is wrong with the object, in words; ``None`` when it is there and unchanged."""
        path = self.path(sha256)
        if not path.is_file():
            return "is missing"
        if self.was_replaced_by_a_link(sha256):
            return "was replaced by a link"
        if digest_file(path, told).sha256 != sha256:
            return "was changed"
        return None

    def was_replaced_by_a_link(self, sha256: str) -> bool:
        """Whether the object, or a folder on the way to it, is a link to a place where nothing protects it."""
        path = self.path(sha256)
        return any(part.is_symlink() for part in (path, path.parent, path.parent.parent))

    def all(self) -> Iterator[str]:
        """Names of all objects."""
        for path in (self.folder / "sha256").glob("??/??/*"):
            yield path.name

    def _draft(self) -> Path:
        return self._incoming / draft_name(secrets.token_hex(8))

    def _settle(self, draft: Path, stored: Stored) -> None:
        """Give the draft its final name, unless the very same bytes are there."""
        final = self.path(stored.sha256)
        with said_clearly(self.folder):
            final.parent.mkdir(parents=True, exist_ok=True)
            draft.chmod(0o440)
            try:
                link_once(draft, final)
            except FileExistsError:
                if (fault := self.faults(stored.sha256, nobody)) is not None:
                    raise CustodyError(
                        f"the stored object {stored.sha256} {fault}", "Restore the library from its backup"
                    ) from None
            sync_folder(final.parent)


def digest(file: BinaryIO, told: OnBytes, copy_to: BinaryIO | None = None) -> Stored:
    """SHA-256, SHA-512 and size of ``file`` in one read, copied along when asked."""
    sha256, sha512, size = hashlib.sha256(), hashlib.sha512(), 0
    total = os.fstat(file.fileno()).st_size
    while chunk := file.read(CHUNK_BYTES):
        sha256.update(chunk)
        sha512.update(chunk)
        if copy_to is not None:
            copy_to.write(chunk)
        size += len(chunk)
        told(size, total)
    return Stored(sha256.hexdigest(), sha512.hexdigest(), size)


def digest_file(path: Path, told: OnBytes) -> Stored:
    """:func:`digest` of the file at ``path``, read from the disk and not from memory where the system allows."""
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return digest(file, told)


def nobody(done: int, total: int) -> None:
    """Tells nobody."""


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
