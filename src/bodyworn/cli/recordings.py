"""``bodyworn recordings``: files in custody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from bodyworn.cli.options import (
    FilesArgument,
    JsonOption,
    LibraryOption,
    NamesAllMissing,
    RecordingArgument,
    VerboseOption,
    WhyOption,
    opened,
)

#: So much of an ID stands in a narrow table.
_SHORT_ID = 12

app = typer.Typer(help="Files in custody: ingest, list, show.", no_args_is_help=True)


@app.command()
def add(
    files: FilesArgument,
    library: LibraryOption = None,
    sidecar: Annotated[
        Path | None, typer.Option(help="The JSON, CSV or XML file that came with the recording.")
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="Which field of the sidecar means what (TOML).")] = None,
    json_to: JsonOption = None,
) -> None:
    """Ingest files into custody."""
    from bodyworn.cli.running import finish, ingest_all, refuse_nothing
    from bodyworn.cli.screen import write_json
    from bodyworn.domain.errors import InputError

    if sidecar is not None and (len(files) != 1 or files[0].is_dir()):
        raise InputError("a sidecar belongs to one recording", "Give one file with it")
    refuse_nothing(files)
    with opened(library, create=True) as chosen:
        ingested = ingest_all(chosen, files, sidecar, mapping)
    if json_to is not None:
        write_json([recording.to_json() for recording in ingested.recordings], json_to, lines=True)
    finish(ingested.errors, len(files))


@app.command(name="list")
def list_(
    library: LibraryOption = None,
    json_to: JsonOption = None,
    verbose: VerboseOption = False,
    disposed: Annotated[
        bool, typer.Option("--disposed", help="Those that were disposed of instead: what stays of each.")
    ] = False,
) -> None:
    """List the recordings in custody; a narrow terminal shows the beginning of each ID, which commands take."""
    if disposed:
        _list_disposed(library, json_to)
        return
    from bodyworn.cli.screen import give, is_narrow, show_table
    from bodyworn.domain.span import clock

    with opened(library) as chosen:
        every = chosen.recordings.list()
        chosen.recordings.listed(len(every))

    def shown() -> None:
        short = slice(_SHORT_ID if is_narrow() and not verbose else None)
        columns = ("recording", "ingested (UTC)", "length", "bytes", "name")
        rows = [
            (one.id[short], f"{one.taken_in_at:%Y-%m-%d %H:%M}", clock(one.duration_ms), f"{one.size_bytes:,}")
            for one in every
        ]
        show_table(None, columns, [(*row, one.name) for row, one in zip(rows, every, strict=True)])

    give(json_to, (recording.to_json() for recording in every), shown, lines=True)


def _list_disposed(library: Path | None, json_to: str | None) -> None:
    from bodyworn.cli.screen import give, show_table
    from bodyworn.domain.codec import to_json

    with opened(library) as chosen:
        left = chosen.recordings.tombstones()
        chosen.recordings.listed(len(left))
    columns = ("recording", "disposed of (UTC)", "disposal", "rule", "basis")
    rows = [
        (
            one.recording,
            f"{one.disposed_at:%Y-%m-%d %H:%M}",
            one.disposal,
            f"{one.rule.category}/{one.rule.outcome} {one.rule.days} days",
            one.rule.basis,
        )
        for one in left
    ]
    give(json_to, (to_json(one) for one in left), lambda: show_table(None, columns, rows), lines=True)


@app.command()
def show(recording: RecordingArgument, library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """Show the facts of one recording."""
    from bodyworn.cli.screen import give, show_table

    with opened(library) as chosen:
        one = chosen.recordings.get(recording)
        chosen.recordings.viewed(one, "facts")
        sight = chosen.findings.artifact(one, "sight") if one.has("video") else None
    facts = one.to_json()
    rows = _rows(facts)
    if sight is not None and sight.data.get("proxy_left_out"):
        rows.append(("copy for the browser", "could not be made from it"))
    give(json_to, [facts], lambda: show_table(None, ("fact", "value"), rows))


def _rows(recording: Mapping[str, object]) -> list[tuple[str, str]]:
    """Facts and fields of the sidecar as name and value."""
    found = {name: value for name, value in recording.items() if name not in ("facts", "sidecar")}
    for group, prefix in (("facts", ""), ("sidecar", "sidecar ")):
        inner = recording[group]
        found |= {f"{prefix}{name}": value for name, value in inner.items()} if isinstance(inner, Mapping) else {}
    return [
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in found.items()
    ]


@app.command(cls=NamesAllMissing)
def assign(
    recording: RecordingArgument,
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help="The unit it belongs to from now on.")],
    why: WhyOption,
    library: LibraryOption = None,
) -> None:
    """Say which unit a recording belongs to: the people of that unit see it, as their roles allow."""
    from bodyworn.cli.screen import say

    with opened(library) as chosen:
        found = chosen.recordings.get(recording)
        chosen.recordings.assign(found, unit, why)
    say(f"{found.id} belongs to {unit} now")
