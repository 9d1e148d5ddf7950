"""Where a library lies: made or found with all it needs, and refused where its audit log was taken away."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from bodyworn.custody import record_key
from bodyworn.custody.checkpoint import CheckpointFolder, CheckpointSigner
from bodyworn.custody.entry import keys_named
from bodyworn.domain.errors import Code, CustodyError, LibraryError, LibraryMissing
from bodyworn.settings import Settings
from bodyworn.storage.databases.base import Database
from bodyworn.storage.files import said_clearly, sweep
from bodyworn.storage.objects.local import LocalObjects


@dataclass(frozen=True)
class LibraryPlace:
    """Where a library lies: its folder, its database, its files."""

    folder: Path
    settings: Settings
    database: Database
    objects: LocalObjects

    @property
    def key_file(self) -> Path:
        """The private key of the audit log."""
        return self.folder / self.settings.key_file

    @property
    def checkpoints(self) -> CheckpointFolder:
        """The signed checkpoints."""
        return CheckpointFolder(self.folder / self.settings.checkpoints)

    def prepared(self, *, create: bool) -> CheckpointSigner:
        """The key of the audit log, with all that a library needs in its place: made if ``create`` is set."""
        self._refuse_emptied()
        exists = self.database.exists()
        if not exists and not create:
            raise _missing(self.folder)
        _prepare(self.folder)
        self.database.use()
        if not exists:
            CheckpointSigner.create(f"bodyworn.local/{secrets.token_hex(8)}", self.key_file)
        self.database.migrate()
        self.objects.create()
        with self.database.read() as transaction:
            record_key.take_next(self.key_file, keys_named(transaction).newest)
        return CheckpointSigner.load(self.key_file)

    def check_form(self) -> None:
        """Raise :class:`LibraryMissing`, or :class:`LibraryError` where the tables cannot be read as they are."""
        if not self.database.exists():
            if self._trace() is None:
                raise _missing(self.folder)
        else:
            self.database.check_form()

    def _trace(self) -> str | None:
        return record_key.trace_of_log(self.key_file, self.checkpoints, self.objects.all())

    def _refuse_emptied(self) -> None:
        """Raise :class:`CustodyError` where there was an audit log and there is none: a new one would hide that."""
        trace = self._trace()
        if trace is not None and self.database.is_empty():
            raise CustodyError(
                f"the audit log of {self.folder} is gone, but {trace}",
                "Keep the library as it is, tell its custodian, and restore it from its backup",
                Code.CUSTODY_FAULT,
            )


def _missing(folder: Path) -> LibraryMissing:
    return LibraryMissing(
        f"there is no library in {folder}",
        "Name another folder, or ingest a recording to make one",
        Code.LIBRARY_MISSING,
        folder=str(folder),
    )


def _prepare(folder: Path) -> None:
    """Make the folders; sweep what dead runs left."""
    if folder.exists() and not folder.is_dir():
        raise LibraryError(
            f"{folder} is a file, and a library is a folder",
            "Name another place",
            Code.LIBRARY_NOT_A_FOLDER,
            folder=str(folder),
        )
    with said_clearly(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        scratch = folder / "scratch"
        scratch.mkdir(exist_ok=True)
        sweep(scratch)
