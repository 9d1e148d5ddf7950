"""``bodyworn library``: moved to another database, backed up, restored, and the drill for that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli.options import JsonOption, LibraryOption, opened

if TYPE_CHECKING:
    from bodyworn.moving.backup import BackupPlace, LibraryBackup
    from bodyworn.moving.restore import DrillStatement

app = typer.Typer(help="The library as a whole: move, back up, restore.", no_args_is_help=True)

#: What became of the agency's keys, for people; the place for them stands in it.
_AGENCY = {
    "none": "",
    "restored": "The agency's keys were put into {}.",
    "there": "The agency's keys are in {} already.",
    "others": "In {} are other keys of an agency, which stay. Those of the backup are in its keys' part, in agency/.",
}

BackupArgument = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of backups: record and stored files.")]
KeysOption = Annotated[
    Path | None,
    typer.Option("--keys", metavar="DIR", help="Folder of the keys' part; it must lie outside of the backup."),
]
BackupIdOption = Annotated[
    str | None, typer.Option("--backup", metavar="ID", help="Which backup; the newest without it.")
]
SampleOption = Annotated[
    int | None,
    typer.Option("--sample", metavar="N", min=0, help="Read so many stored files, drawn by chance; all without it."),
]


@app.command()
def move(
    database: Annotated[
        str,
        typer.Argument(metavar="DATABASE", help="What the setting `database` will be: a file, or postgresql://…"),
    ],
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Copy the rows to a database of the other kind, prove that they are the same, and go on there.

    Nobody else may have the library open. The database it lay in stays as it was. Stopped at any moment, the same
    command completes it.
    """
    from bodyworn.cli.screen import give, one_bar, show
    from bodyworn.domain.codec import to_json

    with opened(library) as chosen, one_bar("move") as told:
        moved = chosen.move(database, told)

    def shown() -> None:
        rows = sum(table.rows for table in moved.tables.values())
        show(f"Moved from {moved.was} to {moved.now}: {rows} rows of {len(moved.tables)} tables, each read back.")
        show(f"The record has the same head in both: row {moved.rows}, {moved.head}")
        show("The former database is as it was. Keep it until a backup of the new one was tried out.")

    give(json_to, [to_json(moved)], shown)


@app.command()
def backup(
    to: BackupArgument,
    keys: KeysOption = None,
    library: LibraryOption = None,
    drill_too: Annotated[bool, typer.Option("--drill", help="Try afterwards whether it can be restored.")] = False,
    sample: SampleOption = None,
    json_to: JsonOption = None,
) -> None:
    """Back up record, stored files and keys, as three parts; the workbench may run meanwhile.

    Stored files that are there already are not copied again. With the keys go those of the agency; without --keys they
    are left out. The settings go with the record, without the places that they name.
    """
    from bodyworn.cli.screen import give, one_bar
    from bodyworn.domain.codec import to_json
    from bodyworn.moving.backup import BackupPlace
    from bodyworn.releases.identities import folder_in_use

    place = BackupPlace(to, keys, folder_in_use())
    with opened(library) as chosen:
        with one_bar("backup") as told:
            made = chosen.back_up(place, told)
        found = None
        if drill_too:
            with one_bar("drill") as told:
                found = chosen.drill(place, made.id, sample, told)

    def shown() -> None:
        _show_backup(made)
        if found is not None:
            _show_drill(found)

    give(json_to, [{**to_json(made), "drill": to_json(found) if found else None}], shown)
    _refuse_damaged(made)
    if found is not None:
        _refuse_faults(found)


@app.command()
def restore(
    source: BackupArgument,
    library: LibraryOption = None,
    keys: KeysOption = None,
    backup_id: BackupIdOption = None,
    database: Annotated[
        str | None, typer.Option("--database", metavar="URL", help="Restore the rows into a PostgreSQL database.")
    ] = None,
    json_to: JsonOption = None,
) -> None:
    """Make a library in a new folder from a backup; every file is compared with its digest.

    An event in the restored record says from which backup it comes. The agency's keys are put into the configuration
    folder where there are none.
    """
    from bodyworn.access.identity import local_actor
    from bodyworn.cli.screen import give, one_bar, show
    from bodyworn.domain.codec import to_json
    from bodyworn.moving.backup import BackupPlace
    from bodyworn.moving.restore import restore as restored
    from bodyworn.releases.identities import configuration_folder
    from bodyworn.settings import default_library

    folder = library or default_library()
    with one_bar("restore") as told:
        place = BackupPlace(source, keys, configuration_folder())
        made = restored(place, backup_id, folder, database, local_actor("cli"), told)

    def shown() -> None:
        show(f"Restored the backup {made.backup} into {folder}: {made.objects} stored files, each as it was.")
        show(f"Its record has the head of the backup: row {made.rows}, {made.head}")
        for sha256 in made.damaged:
            show(f"Damaged when the backup was made, and so not there: {sha256}")
        if said := _AGENCY[made.agency.value]:
            show(said.format(configuration_folder()))

    give(json_to, [to_json(made)], shown)


@app.command()
def drill(
    source: BackupArgument,
    keys: KeysOption = None,
    backup_id: BackupIdOption = None,
    sample: SampleOption = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Restore a backup into a scratch folder, open it, verify the record and read the stored files.

    Where the library is there, the drill is an event in its record. Names the part that is at fault.
    """
    from bodyworn.cli.screen import give
    from bodyworn.domain.codec import to_json
    from bodyworn.moving.backup import BackupPlace

    found = _drilled(library, BackupPlace(source, keys), backup_id, sample)
    give(json_to, [to_json(found)], lambda: _show_drill(found))
    _refuse_faults(found)


def _drilled(folder: Path | None, place: BackupPlace, backup_id: str | None, sample: int | None) -> DrillStatement:
    """The drill as an event of the library, where there is one."""
    from bodyworn.cli.screen import one_bar, say
    from bodyworn.domain.errors import LibraryMissing
    from bodyworn.moving.restore import drill as tried

    with one_bar("drill") as told:
        try:
            with opened(folder) as chosen:
                return chosen.drill(place, backup_id, sample, told)
        except LibraryMissing:
            say("there is no library here, so this drill is not recorded")
            return tried(place, backup_id, sample, told)


def _show_backup(made: LibraryBackup) -> None:
    from bodyworn.cli.screen import show
    from bodyworn.domain.counting import counted

    show(f"Backed up as {made.id}")
    show(f"record    {counted(made.rows, 'row')}, head {made.head}")
    show(f"objects   {counted(made.objects, 'stored file')}, {made.new} of them new ({made.new_bytes / 1e6:.1f} MB)")
    agency = "with those of the agency" if made.agency else "the agency has none on this machine"
    own = f"in their own place, {agency}"
    show(f"keys      {own if made.keys else 'NOT backed up; name a place for them with --keys'}")


def _show_drill(found: DrillStatement) -> None:
    from bodyworn.cli.screen import show
    from bodyworn.domain.counting import counted

    show(f"Drill of the backup {found.backup}, made {found.made_at}")
    show(f"record    {counted(found.rows, 'row')}, {counted(found.checkpoints, 'checkpoint')}, head {found.head}")
    show(f"objects   {found.read} of {counted(found.objects, 'stored file')} read")
    agency = ", with those of the agency" if found.agency else ""
    show(f"keys      {f'are those of the record{agency}' if found.keys else 'not tried; name their place with --keys'}")
    for fault in found.faults:
        show(f"FAULT     {fault}")
    if not found.faults:
        show(
            "A library can be restored from it." if found.keys else "With its keys, a library can be restored from it."
        )


def _refuse_damaged(made: LibraryBackup) -> None:
    from bodyworn.domain.counting import counted
    from bodyworn.domain.errors import Code, CustodyError

    if made.damaged:
        what = f"{counted(len(made.damaged), 'stored file')} of the library is not as it was, and is not in the backup"
        raise CustodyError(what, "Check the custody of the library", Code.CUSTODY_FAULT)


def _refuse_faults(found: DrillStatement) -> None:
    from bodyworn.domain.counting import counted
    from bodyworn.domain.errors import CustodyError

    if found.faults:
        what = f"a library cannot be restored whole from the backup {found.backup}"
        raise CustodyError(f"{what}: {counted(len(found.faults), 'fault')}", "Make a new backup and keep this one")
