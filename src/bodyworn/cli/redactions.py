"""``bodyworn redactions``: plan, edit, preview, render and check what is hidden in a recording."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli.options import JsonOption, LibraryOption, opened
from bodyworn.cli.redact import (
    Boxes,
    Classes,
    EncodeAll,
    End,
    Force,
    Hide,
    HowHidden,
    Keep,
    SoundTrack,
    SpeechModel,
    Start,
    Target,
    report,
)

if TYPE_CHECKING:
    from bodyworn.domain.redaction_plan import Plan
    from bodyworn.redactions.checking import LeakCheck
    from bodyworn.redactions.history import Redaction

app = typer.Typer(help="What is hidden in a recording before a clip of it is released.", no_args_is_help=True)

RecordingArgument = Annotated[
    str, typer.Argument(metavar="RECORDING", help="ID of a recording, the beginning of one, or the file's name.")
]
RedactionArgument = Annotated[
    str,
    typer.Argument(
        metavar="REDACTION", help="ID of a redaction, the beginning of one, or a recording: its last changed redaction."
    ),
]
Many = list[str] | None


@app.command()
def plan(
    recording: RecordingArgument,
    start: Start = "",
    end: End = "",
    classes: Classes = "faces",
    style: HowHidden = "blur",
    keep: Keep = None,
    hide: Hide = None,
    sound_track: SoundTrack = 1,
    encode_all: EncodeAll = False,
    model: SpeechModel = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Find what must be hidden and keep it as a plan that a person can change; prints its ID."""
    from bodyworn.cli.screen import one_bar
    from bodyworn.redactions.request import RequestForm

    form = RequestForm(classes, start, end, style, tuple(keep or ()), tuple(hide or ()), sound_track, encode_all, model)
    with opened(library) as chosen:
        with one_bar("plan") as progress:
            made = chosen.redactions.plan(chosen.recordings.get(recording), form, progress)
        _done(chosen.redactions.plan_of(made), made, json_to)


@app.command(name="list")
def list_(
    recording: Annotated[
        str | None, typer.Argument(metavar="[RECORDING]", help="Only those of this recording.")
    ] = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """List the redactions of a recording, or all of them."""
    from bodyworn.cli.redaction_screens import show_list
    from bodyworn.cli.screen import write_json
    from bodyworn.domain.codec import to_json

    with opened(library) as chosen:
        one = chosen.recordings.get(recording) if recording is not None else None
        found = chosen.redactions.list(one)
        chosen.redactions.listed(len(found), one)
    if json_to is not None:
        write_json([to_json(redaction) for redaction in found], json_to)
    if json_to != "-":
        show_list(found)


@app.command()
def show(redaction: RedactionArgument, library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """Show one redaction: what it hides, what a person should look at, and who changed what."""
    from bodyworn.cli.redaction_screens import show_redaction, view_json
    from bodyworn.cli.screen import write_json

    with opened(library) as chosen:
        view = chosen.redactions.view(chosen.redactions.get(redaction))
    if json_to is not None:
        write_json([view_json(view.redaction, view.plan)], json_to)
    if json_to != "-":
        show_redaction(view)


@app.command()
def edit(
    redaction: RedactionArgument,
    keep: Annotated[Many, typer.Option("--keep", help="Leave a track or span of sound open, by its ID.")] = None,
    hide: Annotated[
        Many, typer.Option("--hide", help="Hide a region: X,Y,W,H, with @FIRST-LAST in frames or @2.5s-4s.")
    ] = None,
    show: Annotated[Many, typer.Option("--show", help="Leave what is found in a region open: X,Y,W,H[@…].")] = None,
    sound: Annotated[
        Many, typer.Option("--sound", help="Hide sound: mute:START-END, bleep:… or disguise:… in ms, with :reason.")
    ] = None,
    say: Annotated[Many, typer.Option("--say", help="Bleep these words wherever they are said, with :reason.")] = None,
    disguise: Annotated[
        Many, typer.Option("--disguise", help="Disguise a speaker's voice, by name or role (S2, community).")
    ] = None,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="Refuse if the plan has another version by now.")
    ] = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Change the plan of a redaction; who changed it is written into it."""
    from bodyworn.cli.screen import one_bar
    from bodyworn.redactions.editing import PlanEdits

    typed = (keep, hide, show, sound, say, disguise)
    edits = PlanEdits(*(tuple(texts or ()) for texts in typed))
    with opened(library) as chosen, one_bar("edit") as progress:
        made = chosen.redactions.edit(chosen.redactions.get(redaction), edits, progress, version=version)
        _done(chosen.redactions.plan_of(made), made, json_to)


@app.command()
def words(recording: RecordingArgument, library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """Who says what and when, to pick words and voices from."""
    from bodyworn.cli.redaction_screens import show_words
    from bodyworn.cli.screen import one_bar, write_json

    with opened(library) as chosen, one_bar("words") as progress:
        said = chosen.redactions.words(chosen.recordings.get(recording), progress)
    if json_to is not None:
        write_json(said, json_to)
    if json_to != "-":
        show_words(said)


@app.command()
def preview(
    redaction: RedactionArgument,
    target: Annotated[Path, typer.Argument(metavar="PICTURE", help="The sheet to write: .png or .jpg.")],
    force: Force = False,
    library: LibraryOption = None,
) -> None:
    """Write a sheet of masked pictures with the tracks' names, to decide by."""
    from bodyworn.cli.screen import one_bar

    with opened(library) as chosen, one_bar("preview") as progress:
        chosen.redactions.preview(chosen.redactions.get(redaction), target, replace=force, progress=progress)
    print(target)


@app.command()
def render(
    redaction: RedactionArgument,
    target: Target,
    boxes: Boxes = None,
    force: Force = False,
    library: LibraryOption = None,
) -> None:
    """Write the clip that the plan of a redaction describes."""
    from bodyworn.cli.screen import one_bar
    from bodyworn.redactions.outputs import refuse_existing
    from bodyworn.redactions.rendering import write_boxes

    refuse_existing(boxes, force)
    with opened(library) as chosen, one_bar("render") as progress:
        done = chosen.redactions.render(chosen.redactions.get(redaction), target, replace=force, progress=progress)
    if boxes is not None:
        write_boxes(boxes, done, force)
    report(target, done)


@app.command()
def check(
    what: Annotated[
        str, typer.Argument(metavar="REDACTION|CLIP", help="A redaction, which is rendered for this, or a clip's file.")
    ],
    redaction: Annotated[
        str | None, typer.Option("--redaction", metavar="REDACTION", help="The redaction a clip was rendered by.")
    ] = None,
    plan_path: Annotated[
        Path | None, typer.Option("--plan", metavar="PLAN", help="The plan a clip was made by, a JSON file.")
    ] = None,
    classes: Annotated[
        str, typer.Option("--classes", help="What to look for where no plan says it: faces, plates, vehicles, screens.")
    ] = "faces",
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Look for what still shows, with second detectors on every frame. Exit code 1 if there is anything.

    Faces are always looked for, text and plates where the plan (or --classes) hides them.
    """
    from bodyworn.cli.redaction_screens import leaks_json, show_leaks
    from bodyworn.cli.screen import write_json

    found = _look(what, redaction, plan_path, classes, library)
    if json_to is not None:
        write_json([leaks_json(found)], json_to)
    if json_to != "-":
        show_leaks(found)
    if found.open_leaks:
        raise typer.Exit(1)


def _look(what: str, named: str | None, plan_path: Path | None, classes: str, library: Path | None) -> LeakCheck:
    """Check a redaction, a clip by a redaction of the library, or a clip by a plan file or no plan."""
    from bodyworn.cli.screen import one_bar
    from bodyworn.redactions import checking
    from bodyworn.redactions.plan_files import read_plan
    from bodyworn.redactions.request import parse_classes

    clip = Path(what) if named is not None or plan_path is not None or Path(what).is_file() else None
    with one_bar("check") as progress:
        if clip is not None and named is None:
            plan = read_plan(plan_path) if plan_path is not None else None
            return checking.check(clip, plan, progress=progress, classes=parse_classes(classes))
        with opened(library) as chosen:
            return chosen.redactions.check(chosen.redactions.get(named or what), clip, progress)


@app.command()
def export(
    redaction: RedactionArgument,
    target: Annotated[Path, typer.Argument(metavar="PLAN", help="The JSON file to write.")],
    force: Force = False,
    library: LibraryOption = None,
) -> None:
    """Write the plan of a redaction to a file: canonical JSON, whose SHA-256 is the plan's digest."""
    with opened(library) as chosen:
        chosen.redactions.export(chosen.redactions.get(redaction), target, replace=force)
    print(target)


@app.command(name="import")
def import_(
    recording: RecordingArgument,
    source: Annotated[Path, typer.Argument(metavar="PLAN", help="The plan, a JSON file.")],
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Keep a plan from a file as a new redaction of a recording; plans of older versions are brought up to date."""
    with opened(library) as chosen:
        made = chosen.redactions.import_plan(chosen.recordings.get(recording), source)
        _done(chosen.redactions.plan_of(made), made, json_to)


def _done(plan: Plan, made: Redaction, json_to: str | None) -> None:
    """Say what a new version holds, and print the redaction's ID."""
    from bodyworn.cli.redaction_screens import counted, view_json
    from bodyworn.cli.screen import say, write_json

    say(f"version {made.newest.version}: {counted(made.newest.counts)}")
    say(f"plan {made.newest.plan_sha256}")
    if json_to is not None:
        write_json([view_json(made, plan)], json_to)
    if json_to != "-":
        print(made.id)
