"""``bodyworn redactions``: plan, change, preview, render, check."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bodyworn.cli.redact import (
    Boxes,
    Classes,
    End,
    Force,
    HowHidden,
    Source,
    SpeechModel,
    Start,
    Target,
    parse_classes,
    parse_style,
    person,
    progress_bar,
    refuse_existing,
    report,
    spoken_spans,
)

if TYPE_CHECKING:
    from bodyworn.domain.redaction_plan import Plan

app = typer.Typer(help="What is hidden before a clip leaves the house.", no_args_is_help=True)

PlanPath = Annotated[Path, typer.Argument(metavar="PLAN", help="The plan, a JSON file.")]
Many = list[str] | None


@app.command()
def plan(
    source: Source,
    target: Annotated[Path, typer.Argument(metavar="PLAN", help="The JSON file to write.")],
    start: Start = "",
    end: End = "",
    classes: Classes = "faces",
    style: HowHidden = "blur",
    model: SpeechModel = None,
    force: Force = False,
) -> None:
    """Find what must be hidden and write it down as a plan that a person can change."""
    from bodyworn.redactions.clip_times import parse_clip
    from bodyworn.redactions.plan_files import write_plan
    from bodyworn.redactions.planning import propose
    from bodyworn.redactions.rendering import RedactionRequest

    refuse_existing(target, force)
    clip = parse_clip(source, start, end)
    kinds, speech = parse_classes(classes)
    with progress_bar("plan") as progress:
        sound = spoken_spans(source, progress, model) if speech else ()
        made = propose(source, RedactionRequest(kinds, clip, parse_style(style), sound=sound), progress)
    write_plan(target, made, force)
    print(f"{target}: {len(made.tracks)} tracks, {len(made.sound)} spans of sound, {len(made.needs_review)} to look at")
    print(f"plan {made.digest}")


@app.command()
def edit(
    path: PlanPath,
    keep: Annotated[Many, typer.Option("--keep", help="Leave a track or span of sound open, by its id.")] = None,
    hide: Annotated[Many, typer.Option("--hide", help="Hide a region: X,Y,W,H, with @FIRST-LAST for frames.")] = None,
    show: Annotated[Many, typer.Option("--show", help="Leave what is found in a region open: X,Y,W,H[@F-L].")] = None,
    sound: Annotated[
        Many,
        typer.Option("--sound", help="Hide sound: mute:START-END, bleep:… or disguise:… in ms, with :reason."),
    ] = None,
    say: Annotated[
        Many, typer.Option("--say", help="Bleep these words wherever they are said, with :reason; needs --from.")
    ] = None,
    disguise: Annotated[
        Many, typer.Option("--disguise", help="Disguise a speaker's voice (speaker-2, community); needs --from.")
    ] = None,
    recording: Annotated[
        Path | None,
        typer.Option("--from", metavar="IN", help="The recording, for --say, --disguise and frames."),
    ] = None,
) -> None:
    """Change a plan; who changed it is written into it."""
    from bodyworn.domain.errors import InputError
    from bodyworn.media.frame_numbers import FrameNumbers
    from bodyworn.redactions.plan_files import read_plan, write_plan
    from bodyworn.redactions.planning import changed, with_speech

    made = changed(
        read_plan(path),
        person(),
        keep=keep or [],
        hide=hide or [],
        show=show or [],
        sound=sound or [],
        numbers=FrameNumbers(recording) if recording is not None else None,
    )
    if say or disguise:
        if recording is None:
            raise InputError("words and voices are picked by listening", "Name the recording: --from IN")
        made = with_speech(made, person(), _heard(recording, made), say=say or [], disguise=disguise or [])
    write_plan(path, made, replace=True)
    print(f"plan {made.digest}")


def _heard(recording: Path, plan: Plan) -> Sequence[Mapping[str, Any]]:
    """Utterances of the plan's recording."""
    from bodyworn.domain.digest import Digest
    from bodyworn.domain.errors import InputError
    from bodyworn.redactions.speech import listen

    if Digest.of_file(recording).sha256 != plan.source.sha256:
        raise InputError("the plan was made for another recording", "Name the recording it was made for")
    with progress_bar("listen") as progress:
        return listen(recording, progress)


@app.command()
def words(source: Source, as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False) -> None:
    """Who says what and when, to pick words and voices from; printed only, kept nowhere."""
    from bodyworn.redactions.speech import listen

    with progress_bar("listen") as progress:
        rows = listen(source, progress)
    if as_json:
        print(json.dumps(list(rows), indent=2, ensure_ascii=False))
        return
    for row in rows:
        minutes, ms = divmod(row["start_ms"], 60_000)
        print(f"{minutes}:{ms / 1000:06.3f}  {row['speaker']} ({row['role']})  {row['text'].strip()}")


@app.command()
def preview(
    path: PlanPath,
    source: Source,
    target: Annotated[Path, typer.Argument(metavar="PICTURE", help="The sheet to write: .png or .jpg.")],
    force: Force = False,
) -> None:
    """A sheet of masked pictures with the tracks' names, to decide by."""
    from bodyworn.redactions.plan_files import read_plan, write_picture
    from bodyworn.redactions.planning import preview as draw

    refuse_existing(target, force)
    with progress_bar("preview") as progress:
        sheet = draw(read_plan(path), source, progress)
    write_picture(target, sheet)
    print(target)


@app.command()
def render(path: PlanPath, source: Source, target: Target, boxes: Boxes = None, force: Force = False) -> None:
    """Write the clip that a plan describes."""
    from bodyworn.redactions.plan_files import read_plan
    from bodyworn.redactions.rendering import render_plan, write_boxes

    refuse_existing(boxes, force)
    with progress_bar("render") as progress:
        outcome = render_plan(read_plan(path), source, target, replace_target=force, progress=progress)
    if boxes is not None:
        write_boxes(boxes, outcome, force)
    report(target, outcome)


@app.command()
def check(
    clip: Annotated[Path, typer.Argument(metavar="CLIP", help="The finished clip.")],
    plan_path: Annotated[Path | None, typer.Option("--plan", help="The plan it was rendered by.")] = None,
    classes: Annotated[
        str, typer.Option("--classes", help="What to look for where no plan says it: faces, plates, vehicles, screens.")
    ] = "faces",
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Look for what still shows, with second detectors on every frame. Exit code 1 if there is anything.

    Faces are always looked for, text and plates where the plan (or --classes) hides them.
    """
    from bodyworn.domain.span import clock
    from bodyworn.redactions.checking import check as look
    from bodyworn.redactions.checking import leak_spans
    from bodyworn.redactions.plan_files import read_plan

    with progress_bar("check") as progress:
        plan = read_plan(plan_path) if plan_path else None
        result = look(clip, plan, progress=progress, classes=parse_classes(classes)[0])
    leaks = result.open_leaks
    if as_json:
        print(json.dumps(result.to_json(), indent=2))
    else:
        frames = sorted({leak.frame for leak in leaks})
        print(f"{result.frames} frames, {len(frames)} with something that still shows ({', '.join(result.checked_by)})")
        seen = leak_spans(leaks)
        for sight in sorted(seen, key=lambda item: -item.frames)[:50]:
            best = sight.best
            place = f"at {best.x},{best.y} {best.w}x{best.h}, score {best.score:.2f}"
            when = f"{clock(sight.start_us // 1000)}-{clock(sight.last_us // 1000)}"
            print(f"{when}: {best.cls}, in {sight.frames} frames, best in frame {best.frame} {place}")
        if len(seen) > 50:
            print(f"and {len(seen) - 50} shorter ones; --json prints every frame")
    if leaks:
        raise typer.Exit(1)
