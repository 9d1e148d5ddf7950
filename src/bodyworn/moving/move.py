"""A library moved between SQLite and PostgreSQL: copied, proven to be the same, and only then the setting changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bodyworn.custody.checkpoint import CheckpointSigner
from bodyworn.custody.place import LibraryPlace
from bodyworn.domain.actor import Actor
from bodyworn.domain.errors import InputError
from bodyworn.domain.event import Tag
from bodyworn.domain.library_events import LibraryMoved
from bodyworn.domain.progress import Progress
from bodyworn.moving.copies import CopiedRows, CopyEvent, copy_record, emptied, log_in
from bodyworn.settings import FILE, naming_database
from bodyworn.storage.copying import TableDigest, one_digest
from bodyworn.storage.files import said_clearly, write_whole


@dataclass(frozen=True)
class MovedLibrary:
    """From which kind of database to which, the head that both have, and the digest of each table."""

    was: str
    now: str
    rows: int
    head: str
    tables: Mapping[str, TableDigest]


def kind_of_setting(setting: str) -> str:
    """Which kind of database a setting names."""
    return "postgresql" if "://" in setting else "sqlite"


def move(place: LibraryPlace, setting: str, actor: Actor, told: Progress) -> MovedLibrary:
    """Copy the rows of the open library to the database that ``setting`` names, and have its settings name that.

    Nobody else may have the library open: :class:`LibraryBusy`. The database it lay in stays as it was. Whatever
    happens in between, the settings name a whole library, and giving the same command again completes it.
    """
    was, now = place.database.kind, kind_of_setting(setting)
    if was == now:
        raise InputError(f"the library lies in a database of {was} already", "Name a database of the other kind")
    text = naming_database(place.folder, setting)
    signer = CheckpointSigner.load(place.key_file)

    def detail(copied: CopiedRows) -> LibraryMoved:
        return LibraryMoved(was, now, copied.head.size, copied.head.hash, one_digest(copied.tables))

    event = CopyEvent(Tag.LIBRARY_MOVED, detail)
    with place.database.alone() as source:
        with emptied(place, setting, source) as (database, target):
            copied = copy_record(source, target, signer, log_in(database, place, actor, signer), event, told)
        with said_clearly(place.folder):
            path = place.folder / FILE
            mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
            write_whole(path, text, mode=mode)
    return MovedLibrary(was, now, copied.head.size, copied.head.hash, copied.tables)
