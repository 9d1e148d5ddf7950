"""``bodyworn findings``: what the stages heard and saw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli.analyze import ModelOption, WearerOption, end, find
from bodyworn.cli.cues import cues
from bodyworn.cli.options import JsonOption, LibraryOption, opened

if TYPE_CHECKING:
    from bodyworn.domain.errors import BodywornError

app = typer.Typer(help="What the stages heard and saw in a recording.", no_args_is_help=True)
app.command()(cues)

RecordingArgument = Annotated[str, typer.Argument(help="Id, the beginning of one, or the file's name.")]


@app.command()
def run(
    recording: RecordingArgument,
    library: LibraryOption = None,
    json_to: JsonOption = None,
    model: ModelOption = None,
    role_of_wearer: WearerOption = None,
) -> None:
    """Make the findings of a recording that are not made yet, and show them."""
    from bodyworn.cli.moments import show_moments
    from bodyworn.cli.screen import check_place, write_json

    check_place(json_to)
    errors: list[BodywornError] = []
    with opened(library) as chosen:
        chosen.findings.check_choices(model, role_of_wearer)
        document = find(chosen, chosen.recordings.get(recording), errors, model, role_of_wearer)
    if json_to is not None:
        write_json([document], json_to)
    if json_to != "-":
        show_moments(document)
    end(errors, 1)


@app.command(name="list")
def list_(recording: RecordingArgument, library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """Show the findings of a recording that are made."""
    from bodyworn.cli.moments import show_moments
    from bodyworn.cli.screen import write_json

    with opened(library) as chosen:
        one = chosen.recordings.get(recording)
        chosen.recordings.viewed(one, "findings")
        document = chosen.findings.document(one)
    if json_to is not None:
        write_json([document], json_to)
    if json_to != "-":
        show_moments(document)


@app.command()
def plan(recording: RecordingArgument, library: LibraryOption = None) -> None:
    """Show where each stage stands: done, ready, waiting, failed, or why it is not needed."""
    from bodyworn.cli.screen import show_table

    with opened(library) as chosen:
        stands = chosen.findings.plan(chosen.recordings.get(recording))
    rows = [(one.stage, one.state, (one.key or "")[:12], one.note.strip().rpartition("\n")[2]) for one in stands]
    show_table(None, ("stage", "state", "key", "note"), rows)


@app.command()
def role(
    recording: RecordingArgument,
    speaker: Annotated[str, typer.Argument(help="As in the findings, such as S1.")],
    role: Annotated[str, typer.Argument(help="officer, officer_2, community, community_2, dispatch or unknown.")],
    library: LibraryOption = None,
) -> None:
    """Say who a speaker is; only what depends on it is made anew."""
    from bodyworn.cli.moments import show_moments

    errors: list[BodywornError] = []
    with opened(library) as chosen:
        one = chosen.recordings.get(recording)
        chosen.findings.correct_role(one, speaker, role)
        document = find(chosen, one, errors)
    show_moments(document)
    end(errors, 1)
