"""``bodyworn findings``: what the stages heard and saw."""

from __future__ import annotations

from typing import Annotated

import typer

from bodyworn.cli.analyze import ModelOption, WearerOption
from bodyworn.cli.cues import cues
from bodyworn.cli.options import JsonOption, LibraryOption, RecordingArgument, VerboseOption, opened

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
    speaker: Annotated[str, typer.Argument(metavar="SPEAKER", help="As in the findings, such as S1.")],
    role: Annotated[
        str,
        typer.Argument(metavar="ROLE", help="officer, officer_2, community, community_2, dispatch or unknown."),
    ],
    library: LibraryOption = None,
    json_to: JsonOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Correct the role of a speaker; only what depends on it runs again."""
    from bodyworn.cli.moments import show_moments
    from bodyworn.cli.running import analyze_one, finish
    from bodyworn.cli.screen import give

    with opened(library) as chosen:
        one = chosen.recordings.get(recording)
        chosen.findings.correct_role(one, speaker, role)
        done = analyze_one(chosen, one)
    give(json_to, [done.document], lambda: show_moments(done.document, verbose=verbose))
    finish([done.error], 1)
