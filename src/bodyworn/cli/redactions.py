"""``bodyworn redactions``: plan, edit, preview, render and check what is hidden in a recording."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli import redaction_options as options
from bodyworn.cli.options import JsonOption, LibraryOption, RecordingArgument, VerboseOption, opened
from bodyworn.cli.redaction_options import Force, RedactionArgument

if TYPE_CHECKING:
    from bodyworn.domain.redaction_plan import Plan
    from bodyworn.redactions.checking import LeakCheck
    from bodyworn.redactions.history import Redaction

app = typer.Typer(help="What is hidden in a recording before a clip of it is released.", no_args_is_help=True)


@app.command()
def plan(
    recording: RecordingArgument,
    start: options.Start = "",
    end: options.End = "",
    classes: options.Classes = "faces",
    style: options.HowHidden = "blur",
    keep: options.Keep = None,
    hide: options.Hide = None,
    sound_track: options.SoundTrack = 1,
    encode_all: options.EncodeAll = False,
    model: options.SpeechModel = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Find what must be hidden and keep it as a plan that a person can change; prints its ID."""
    from bodyworn.cli.redact import say_what_was_typed
    from bodyworn.cli.screen import one_bar
    from bodyworn.redactions.request import RequestForm

    form = RequestForm(classes, start, end, style, tuple(keep or ()), tuple(hide or ()), sound_track, encode_all, model)
    with opened(library) as chosen:
        with one_bar("plan") as progress:
            made = chosen.redactions.plan(chosen.recordings.get(recording), form, progress)
        found = chosen.redactions.plan_of(made)
    _done(found, made, json_to)
    say_what_was_typed(form, found)


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
    from bodyworn.cli.screen import give
    from bodyworn.domain.codec import to_json

    with opened(library) as chosen:
        one = chosen.recordings.get(recording) if recording is not None else None
        found = chosen.redactions.list(one)
        chosen.redactions.listed(len(found), one)
        names = {one.id: one.name for one in chosen.recordings.list()} if json_to != "-" else {}
    give(json_to, [to_json(redaction) for redaction in found], lambda: show_list(found, names), lines=True)


@app.command()
def show(
    redaction: RedactionArgument,
    library: LibraryOption = None,
    json_to: JsonOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Show one redaction: what it hides, what a person should look at, and who changed what."""
    from bodyworn.cli.redaction_screens import show_redaction, view_json
    from bodyworn.cli.screen import give

    with opened(library) as chosen:
        view = chosen.redactions.view(chosen.redactions.get(redaction))
    give(json_to, [view_json(view.redaction, view.plan)], lambda: show_redaction(view, verbose))


@app.command()
def edit(
    redaction: RedactionArgument,
    keep: options.KeepById = None,
    drop_class: options.DropClass = None,
    hide: options.HideAgain = None,
    show: options.ShowRegion = None,
    sound: options.HideSound = None,
    say: options.Say = None,
    disguise: options.Disguise = None,
    version: options.Version = None,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Change the plan of a redaction; who changed it is written into it."""
    from bodyworn.cli.screen import one_bar
    from bodyworn.redactions.editing import PlanEdits

    typed = (keep, hide, show, sound, say, disguise, drop_class)
    edits = PlanEdits(*(tuple(texts or ()) for texts in typed))
    with opened(library) as chosen, one_bar("edit") as progress:
        made = chosen.redactions.edit(chosen.redactions.get(redaction), edits, progress, version=version)
        changed = chosen.redactions.plan_of(made)
    _done(changed, made, json_to)


@app.command()
def words(recording: RecordingArgument, library: LibraryOption = None, json_to: JsonOption = None) -> None:
    """Who says what and when, to pick words and voices from."""
    from bodyworn.cli.redaction_screens import show_words
    from bodyworn.cli.screen import give, one_bar

    with opened(library) as chosen, one_bar("words") as progress:
        said = chosen.redactions.words(chosen.recordings.get(recording), progress)
    give(json_to, said, lambda: show_words(said), lines=True)


@app.command()
def preview(
    redaction: RedactionArgument,
    target: options.Picture,
    force: Force = False,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Write a sheet of masked pictures with the tracks' names, to decide by."""
    from bodyworn.cli.screen import one_bar

    with opened(library) as chosen, one_bar("preview") as progress:
        one = chosen.redactions.get(redaction)
        chosen.redactions.preview(one, target, replace=force, progress=progress)
    _written(one, target, json_to)


@app.command()
def render(
    redaction: RedactionArgument,
    target: options.Target,
    boxes: options.Boxes = None,
    force: Force = False,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Write the clip that the plan of a redaction describes."""
    from bodyworn.cli.render_report import render_json, show_render
    from bodyworn.cli.screen import give, one_bar
    from bodyworn.redactions.outputs import refuse_existing, undone_with
    from bodyworn.redactions.rendering import write_boxes

    for path in (target, boxes):
        refuse_existing(path, force)
    with opened(library) as chosen, one_bar("render") as progress:
        done = chosen.redactions.render(chosen.redactions.get(redaction), target, replace=force, progress=progress)
    if boxes is not None:
        with undone_with(target, (boxes,), force):
            write_boxes(boxes, done, force)
    give(json_to, [render_json(target, done)], lambda: show_render(target, done))


@app.command()
def check(
    what: Annotated[
        str, typer.Argument(metavar="REDACTION|CLIP", help="A redaction, which is rendered for this, or a clip's file.")
    ],
    redaction: options.ByRedaction = None,
    plan_path: options.ByPlan = None,
    classes: options.LookFor = "faces",
    sheet: options.LeakSheet = None,
    force: Force = False,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Look for what still shows, with second detectors on every frame. Exit code 1 if there is anything.

    Faces are always looked for, text and plates where the plan (or --classes) hides them.
    """
    from bodyworn.cli.exits import Exit
    from bodyworn.cli.redaction_screens import leaks_json, show_leaks
    from bodyworn.cli.screen import give

    found = _look(what, redaction, plan_path, classes, (sheet, force), library)
    give(json_to, [leaks_json(found)], lambda: show_leaks(found, sheet))
    if found.count:
        raise typer.Exit(Exit.NO)


def _look(
    what: str,
    named: str | None,
    plan_path: Path | None,
    classes: str,
    to: tuple[Path | None, bool],
    library: Path | None,
) -> LeakCheck:
    """Check a redaction, a clip by a redaction of the library, or a clip by a plan file or no plan.

    ``to`` is where the sheet goes, and whether a file there is replaced.
    """
    from bodyworn.cli.screen import one_bar
    from bodyworn.redactions import checking, leak_sheet
    from bodyworn.redactions.making import must_open
    from bodyworn.redactions.outputs import check_new_picture
    from bodyworn.redactions.plan_files import read_plan
    from bodyworn.redactions.request import parse_classes

    sheet, force = to
    check_new_picture(sheet, force)
    clip = Path(what) if named is not None or plan_path is not None or Path(what).is_file() else None
    if clip is not None:
        must_open(clip)
    with one_bar("check") as progress:
        if clip is not None and named is None:
            plan = read_plan(plan_path) if plan_path is not None else None
            found = checking.check(clip, plan, progress=progress, classes=parse_classes(classes))
            leak_sheet.write_leak_sheet(sheet, clip, found, replace=force, progress=progress)
            return found
        with opened(library) as chosen:
            one = chosen.redactions.get(named or what)
            return chosen.redactions.check(one, clip, progress, sheet=sheet, replace=force)


@app.command()
def export(
    redaction: RedactionArgument,
    target: options.PlanTarget,
    force: Force = False,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Write the plan of a redaction to a file: canonical JSON, whose SHA-256 is the plan's digest."""
    with opened(library) as chosen:
        one = chosen.redactions.get(redaction)
        chosen.redactions.export(one, target, replace=force)
    _written(one, target, json_to)


@app.command(name="import")
def import_(
    recording: RecordingArgument,
    source: options.PlanSource,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Keep a plan from a file as a new redaction of a recording; plans of older versions are brought up to date."""
    with opened(library) as chosen:
        made = chosen.redactions.import_plan(chosen.recordings.get(recording), source)
        plan = chosen.redactions.plan_of(made)
    _done(plan, made, json_to)


def _written(one: Redaction, target: Path, json_to: str | None) -> None:
    """Say which file was written from which version of the plan."""
    from bodyworn.cli.screen import give, show

    made = {"redaction": one.id, "plan_sha256": one.newest.plan_sha256, "file": str(target)}
    give(json_to, [made], lambda: show(str(target)))


def _done(plan: Plan, made: Redaction, json_to: str | None) -> None:
    """Say what a new version holds, and print the redaction's ID."""
    from bodyworn.cli.redaction_screens import contents, view_json
    from bodyworn.cli.screen import give, say, show

    say(f"version {made.newest.version}: {contents(made.newest.counts)}")
    say(f"plan {made.newest.plan_sha256}")
    give(json_to, [view_json(made, plan)], lambda: show(made.id))
