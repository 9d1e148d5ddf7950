"""``bodyworn demo``: the sample encounter from nothing to the workbench, the way any file goes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bodyworn.cli.options import JsonOption, VerboseOption
from bodyworn.cli.serve import PORT

if TYPE_CHECKING:
    from bodyworn.bootstrap import Library
    from bodyworn.cli.running import IngestedFiles
    from bodyworn.demo.encounter import DemoEncounter
    from bodyworn.demo.sample import Sample
    from bodyworn.domain.recording import Recording

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
    """Make the sample encounter, analyze its two cameras, join them and open the workbench; all in ./demo-library.

    The sample is invented, drawn and spoken on this machine; it takes a minute or two to make, once.
    """
    from bodyworn.cli.options import opened
    from bodyworn.cli.running import analyze_one, finish
    from bodyworn.cli.screen import give, one_bar, say
    from bodyworn.demo.sample import make_sample

    folder = library or FOLDER
    with opened(folder, create=True) as chosen:
        with one_bar("sample") as progress:
            sample = make_sample(chosen.folder / "samples", progress)
        say(f"the sample encounter is {sample.video}; what is in it, for comparison: {sample.truth.name}")
        say(f"its second camera, with sidecars and dispatch records, is in {sample.second.folder}")
        taken = _ingested(chosen, sample)
        recordings = [one for files in taken for one in files.recordings]
        runs = [analyze_one(chosen, recording) for recording in recordings]
        together = _together(chosen, sample, recordings)
    documents = [run.document for run in runs]
    give(json_to, documents, lambda: _show(documents, together, verbose=verbose), lines=True)
    finish([*(error for files in taken for error in files.errors), *(run.error for run in runs)], len(taken))
    if serve:
        from bodyworn.cli import serve as workbench

        workbench.serve(library=folder, port=port, host="127.0.0.1", open_browser=True, json_to=None)


def _show(documents: list[Mapping[str, Any]], together: DemoEncounter | None, *, verbose: bool) -> None:
    """The findings of both recordings, and what they are together."""
    from bodyworn.cli.demo_screens import show_together
    from bodyworn.cli.moments import show_moments

    show_moments(*documents, verbose=verbose)
    if together is not None:
        show_together(together)


def _ingested(library: Library, sample: Sample) -> list[IngestedFiles]:
    """Both recordings, each with its sidecar."""
    from bodyworn.cli.running import ingest_all

    videos = zip((sample.video, sample.second.video), sample.second.papers.sidecars, strict=True)
    return [ingest_all(library, [video], *papers) for video, papers in videos]


def _together(library: Library, sample: Sample, recordings: list[Recording]) -> DemoEncounter | None:
    """One encounter of the two recordings; ``None`` where one is missing, or a person has parted them."""
    from bodyworn.cli.demo_screens import say_imported, say_proposed
    from bodyworn.cli.screen import one_bar, say
    from bodyworn.demo.encounter import Hearers, put_together

    if len(recordings) < 2:
        return None
    with one_bar("sync") as progress:
        hearers = Hearers(say_imported, say_proposed, progress)
        found = put_together(library, sample, (recordings[0], recordings[1]), hearers)
    if found is None:
        say("a person has said that the two recordings are not one encounter: the demo leaves it so")
    return found
