"""``bodyworn findings``: what the stages heard and saw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli.analyze import ModelOption, WearerOption
from bodyworn.cli.cues import cues
from bodyworn.cli.options import JsonOption, LibraryOption, RecordingArgument, VerboseOption, opened

if TYPE_CHECKING:
    from bodyworn.bootstrap import Library
    from bodyworn.domain.recording import Recording
    from bodyworn.findings.document import Analysis

SpeakerArgument = Annotated[str, typer.Argument(metavar="SPEAKER", help="As in the findings, such as S1.")]

app = typer.Typer(help="What the stages heard and saw in a recording.", no_args_is_help=True)
app.command()(cues)


@app.command()
def run(
    recording: RecordingArgument,
    library: LibraryOption = None,
    json_to: JsonOption = None,
    model: ModelOption = None,
    role_of_wearer: WearerOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Run the remaining stages of a recording and show the findings."""
    from bodyworn.cli.moments import show_moments
    from bodyworn.cli.running import analyze_one, finish
    from bodyworn.cli.screen import give

    with opened(library) as chosen:
        chosen.findings.check_choices(model, role_of_wearer)
        done = analyze_one(chosen, chosen.recordings.get(recording), model, role_of_wearer)
    give(json_to, [done.document], lambda: show_moments(done.document, verbose=verbose))
    finish([done.error], 1)


@app.command(name="list")
def list_(
    recording: RecordingArgument,
    library: LibraryOption = None,
    json_to: JsonOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Show the findings of a recording as they are, without running a stage."""
    from bodyworn.cli.moments import show_moments
    from bodyworn.cli.screen import give

    with opened(library) as chosen:
        one = chosen.recordings.get(recording)
        chosen.recordings.viewed(one, "findings")
        document = chosen.findings.document(one)
    give(json_to, [document], lambda: show_moments(document, verbose=verbose))


@app.command()
def plan(recording: RecordingArgument, library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """Show the state of each stage: done, ready, waiting, failed, or why it is not needed."""
    from bodyworn.cli.screen import give, show_table
    from bodyworn.domain.codec import to_json

    with opened(library) as chosen:
        stages = chosen.findings.plan(chosen.recordings.get(recording))
    rows = [(one.stage, one.state, (one.key or "")[:12], one.note.strip().rpartition("\n")[2]) for one in stages]
    documents = [to_json(one) for one in stages]
    give(json_to, documents, lambda: show_table(None, ("stage", "state", "key", "note"), rows), lines=True)


@app.command()
def role(
    recording: RecordingArgument,
    speaker: SpeakerArgument,
    role: Annotated[
        str,
        typer.Argument(metavar="ROLE", help="officer, officer_2, community, community_2, dispatch or unknown."),
    ],
    library: LibraryOption = None,
    json_to: JsonOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Correct the role of a speaker; only what depends on it runs again. Prints what changed."""
    with opened(library) as chosen:
        one = chosen.recordings.get(recording)
        before = chosen.findings.analysis(one)
        chosen.findings.correct_role(one, speaker, role)
        _told(chosen, one, before, json_to, verbose)


@app.command()
def merge(
    recording: RecordingArgument,
    speaker: SpeakerArgument,
    into: Annotated[
        str | None, typer.Argument(metavar="[SAME_AS]", help="The speaker who it is, such as S3. With --undo: none.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="They are two persons after all.")] = False,
    library: LibraryOption = None,
    json_to: JsonOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Say that two speakers are one person; only what depends on it runs again. Prints what changed."""
    from bodyworn.domain.errors import InputError

    if undo == (into is not None):
        raise InputError("it is not clear who the speaker is", "Name the other speaker, or undo a merge, not both")
    with opened(library) as chosen:
        one = chosen.recordings.get(recording)
        before = chosen.findings.analysis(one)
        chosen.findings.merge_speakers(one, speaker, into)
        _told(chosen, one, before, json_to, verbose)


def _told(chosen: Library, one: Recording, before: Analysis, json_to: str | None, verbose: bool) -> None:
    """Run what a correction needs, and show what it changed; JSON is the whole analysis."""
    from bodyworn.cli.moments import show_changes
    from bodyworn.cli.running import analyze_one, finish
    from bodyworn.cli.screen import give
    from bodyworn.findings.changes import changes

    done = analyze_one(chosen, one)
    changed = changes(before, chosen.findings.analysis(one))
    give(json_to, [done.document], lambda: show_changes(changed, verbose=verbose))
    finish([done.error], 1)
