"""``bodyworn analyze``: take in and find, in one command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bodyworn.cli.options import FilesArgument, JsonOption, LibraryOption, opened

if TYPE_CHECKING:
    from bodyworn.bootstrap import Library
    from bodyworn.domain.errors import BodywornError
    from bodyworn.domain.recording import Recording

ModelOption = Annotated[str | None, typer.Option("--model", metavar="NAME", help="Model of the transcript.")]
WearerOption = Annotated[
    str | None,
    typer.Option("--role-of-wearer", metavar="ROLE", help="Who wore the camera [default: as said last, or officer]."),
]


def analyze(
    files: FilesArgument,
    library: LibraryOption = None,
    json_to: JsonOption = None,
    model: ModelOption = None,
    role_of_wearer: WearerOption = None,
) -> None:
    """Take files in and find the moments that matter.

    Give the same command again after an interruption: what was finished is kept.
    """
    from bodyworn.cli.moments import show_moments
    from bodyworn.cli.screen import check_place, write_json

    check_place(json_to)
    with opened(library, create=True) as chosen:
        chosen.findings.check_choices(model, role_of_wearer)
        recordings, errors = take_in_all(chosen, files)
        documents = [find(chosen, recording, errors, model, role_of_wearer) for recording in recordings]
    if json_to is not None:
        write_json(documents, json_to)
    for document in documents if json_to != "-" else ():
        show_moments(document)
    end(errors, len(files))


def take_in_all(
    library: Library, paths: list[Path], sidecar: Path | None = None, mapping: Path | None = None
) -> tuple[list[Recording], list[BodywornError]]:
    """Take in every file, and those of folders; what is refused is told and gathered."""
    from bodyworn.cli.screen import one_bar, say
    from bodyworn.domain.errors import InputError
    from bodyworn.recordings.service import media_files

    found: dict[str, Recording] = {}
    errors: list[BodywornError] = []
    for path in [file for named in paths for file in media_files(named)]:
        try:
            with one_bar("take in") as progress:
                recording = library.recordings.ingest(path, sidecar=sidecar, mapping=mapping, progress=progress)
        except InputError as error:
            errors.append(error)
            if len(paths) > 1 or path not in paths:
                say(f"refused: {error}")
            continue
        found[recording.id] = recording
        when = f"in custody since {recording.taken_in_at:%Y-%m-%d %H:%M} UTC" if recording.again else "taken in"
        say(f"{recording.name}: {when} as {recording.id}, SHA-256 {recording.sha256[:16]}…")
    return list(found.values()), errors


def end(errors: list[BodywornError], asked: int) -> None:
    """Leave with the first error's code if there was any; of several files, say how many were refused."""
    from bodyworn.cli.screen import say

    if len(errors) > 1 or (errors and asked > 1):
        say(f"{len(errors)} of the files could not be used or not be analyzed in full; the others are done")
    if errors:
        raise errors[0]


def find(
    library: Library,
    recording: Recording,
    errors: list[BodywornError],
    model: str | None = None,
    role_of_wearer: str | None = None,
) -> dict[str, Any]:
    """Make what is not made yet, with bars; a stage's error goes to ``errors``, the rest of the analysis is given."""
    from bodyworn.cli.screen import BarReporter, bars
    from bodyworn.domain.errors import InputError, StageError

    try:
        with bars() as shown:
            library.findings.run(recording, model=model, role_of_wearer=role_of_wearer, reporter=BarReporter(shown))
    except (StageError, InputError) as error:
        errors.append(error)
    library.recordings.viewed(recording, "findings")
    return library.findings.document(recording)
