"""``bodyworn analyze``: ingest files and find the moments that matter, in one command."""

from __future__ import annotations

from typing import Annotated

import typer

from bodyworn.cli.options import FilesArgument, JsonOption, LibraryOption, VerboseOption, opened

ModelOption = Annotated[str | None, typer.Option("--model", metavar="NAME", help="Model of the transcript.")]
WearerOption = Annotated[
    str | None,
    typer.Option(
        "--role-of-wearer", metavar="ROLE", help="Role of the camera wearer [default: the last one given, or officer]."
    ),
]


def analyze(
    files: FilesArgument,
    library: LibraryOption = None,
    json_to: JsonOption = None,
    model: ModelOption = None,
    role_of_wearer: WearerOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Ingest files and find the moments that matter.

    After an interruption, run the same command again: what was finished is kept.
    """
    from bodyworn.cli.moments import show_moments
    from bodyworn.cli.running import analyze_one, finish, ingest_all, refuse_nothing
    from bodyworn.cli.screen import give
    from bodyworn.findings.service import must_be_choices

    refuse_nothing(files)
    must_be_choices(model, role_of_wearer)
    with opened(library, create=True) as chosen:
        ingested = ingest_all(chosen, files)
        runs = [analyze_one(chosen, recording, model, role_of_wearer) for recording in ingested.recordings]
    documents = [run.document for run in runs]
    give(json_to, documents, lambda: show_moments(*documents, verbose=verbose), lines=True)
    finish([*ingested.errors, *(run.error for run in runs)], len(files))
