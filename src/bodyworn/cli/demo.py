"""``bodyworn demo``: the sample encounter from nothing to the workbench, the way any file goes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bodyworn.cli.options import JsonOption, VerboseOption
from bodyworn.cli.serve import PORT

#: Where the demo keeps its library unless told otherwise.
FOLDER = Path("demo-library")
DemoLibraryOption = Annotated[
    Path | None, typer.Option("--library", metavar="DIR", help=f"Library folder of the demo [default: ./{FOLDER}].")
]


def demo(
    library: DemoLibraryOption = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Open the workbench afterwards.")] = True,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the workbench on this machine.")] = PORT,
    json_to: JsonOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Make the sample encounter, analyze it and open the workbench on it; its library is ./demo-library.

    The sample is invented, drawn and spoken on this machine; it takes about a minute to make, once.
    """
    from bodyworn.cli.moments import show_moments
    from bodyworn.cli.options import opened
    from bodyworn.cli.running import analyze_one, finish, ingest_all
    from bodyworn.cli.screen import give, one_bar, say
    from bodyworn.demo.sample import make_sample

    folder = library or FOLDER
    with opened(folder, create=True) as chosen:
        with one_bar("sample") as progress:
            sample = make_sample(chosen.folder / "samples", progress)
        say(f"the sample encounter is {sample.video}; what is in it, for comparison: {sample.truth.name}")
        ingested = ingest_all(chosen, [sample.video])
        runs = [analyze_one(chosen, recording) for recording in ingested.recordings]
    documents = [run.document for run in runs]
    give(json_to, documents, lambda: show_moments(*documents, verbose=verbose))
    finish([*ingested.errors, *(run.error for run in runs)], 1)
    if serve:
        from bodyworn.cli import serve as workbench

        workbench.serve(library=folder, port=port, host="127.0.0.1", open_browser=True, json_to=None)
