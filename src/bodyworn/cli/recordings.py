"""``bodyworn recordings``: files in custody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bodyworn.cli.analyze import end, take_in_all
from bodyworn.cli.options import FilesArgument, JsonOption, LibraryOption, opened

app = typer.Typer(help="Files in custody: take in, look at, check.", no_args_is_help=True)


@app.command()
def add(
    files: FilesArgument,
    library: LibraryOption = None,
    sidecar: Annotated[Path | None, typer.Option(help="The JSON, CSV or XML file that came with it.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="What stands where in the sidecar (TOML).")] = None,
) -> None:
    """Take files into custody."""
    from bodyworn.domain.errors import InputError

    if sidecar is not None and (len(files) != 1 or files[0].is_dir()):
        raise InputError("a sidecar belongs to one recording", "Give one file with it")
    with opened(library, create=True) as chosen:
        _, errors = take_in_all(chosen, files, sidecar, mapping)
    end(errors, len(files))


@app.command(name="list")
def list_(library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """List the recordings in custody."""
    from bodyworn.cli.screen import show_table, write_json
    from bodyworn.domain.span import clock

    with opened(library) as chosen:
        every = chosen.recordings.list()
        chosen.recordings.listed(len(every))
    if json_to is not None:
        write_json([recording.to_json() for recording in every], json_to)
    if json_to != "-":
        rows = [
            (one.id, f"{one.taken_in_at:%Y-%m-%d %H:%M}", clock(one.duration_ms), f"{one.size_bytes:,}", one.name)
            for one in every
        ]
        show_table(None, ("recording", "taken in (UTC)", "length", "bytes", "name"), rows)


@app.command()
def show(
    recording: Annotated[str, typer.Argument(help="Id, the beginning of one, or the file's name.")],
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Show the facts of one recording."""
    from bodyworn.cli.screen import show_table, write_json

    with opened(library) as chosen:
        one = chosen.recordings.get(recording)
        chosen.recordings.viewed(one, "facts")
    facts = one.to_json()
    if json_to is not None:
        write_json([facts], json_to)
    if json_to != "-":
        nested = {**facts.pop("facts"), **{f"sidecar {name}": value for name, value in (one.sidecar or {}).items()}}
        rows = [
            (name, value if isinstance(value, str) else json.dumps(value)) for name, value in (facts | nested).items()
        ]
        show_table(None, ("fact", "what"), [row for row in rows if row[0] != "sidecar"])


@app.command()
def verify(library: LibraryOption = None) -> None:
    """Read every original again and compare it with what was taken in."""
    from bodyworn.cli.screen import one_bar, say
    from bodyworn.domain.errors import CustodyError

    with opened(library) as chosen:
        with one_bar("originals") as progress:
            problems = chosen.recordings.verify(progress)
        count = len(chosen.recordings.list())
    for problem in problems:
        say(f"{problem.recording.id} {problem.recording.name}: {problem.what}")
    if problems:
        raise CustodyError(f"{len(problems)} of {count} recordings do not hold", "Restore them from the backup")
    print(f"All {count} originals are as they were taken in.")
