"""``bodyworn redact IN OUT``: one command on any file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bodyworn.domain.progress import Progress
    from bodyworn.redactions.rendering import RenderResult
    from bodyworn.redactions.source import Utterances

Source = Annotated[Path, typer.Argument(metavar="IN", help="The recording; it is only ever read.")]
Target = Annotated[Path, typer.Argument(metavar="OUT", help="The new clip: .mp4, .mov or .mkv.")]
Start = Annotated[str, typer.Option("--start", help="First frame: its number, or a time as 12.5s or 1:02.5.")]
End = Annotated[str, typer.Option("--end", help="End of the clip (exclusive), in the same formats.")]
Classes = Annotated[
    str,
    typer.Option(
        "--classes",
        help="What to hide, with commas: faces, plates, vehicles (their lower part: the safe mode for plates), "
        "screens (with papers and any text), speech. Plates alone are not reliable: many real ones are missed.",
    ),
]
Keep = Annotated[
    list[str] | None,
    typer.Option(
        "--keep", help="Leave visible: a track (face-2), or a region X,Y,W,H, with @FIRST-LAST in frames or @2.5s-4s."
    ),
]
Hide = Annotated[
    list[str] | None,
    typer.Option("--hide", help="Hide a region as well: X,Y,W,H, with @FIRST-LAST in frames or @2.5s-4s."),
]
HowHidden = Annotated[str, typer.Option("--style", help="blur, pixelate or solid.")]
EncodeAll = Annotated[
    bool, typer.Option("--encode-all", help="Encode every picture, also those that could be copied as they are.")
]
SpeechModel = Annotated[
    str | None,
    typer.Option("--model", help="Speech model for spoken data: a known one, or a folder with a larger one."),
]
SoundTrack = Annotated[
    int, typer.Option("--sound-track", min=1, help="Which sound track goes into the clip, where there are several.")
]
Boxes = Annotated[Path | None, typer.Option("--boxes", help="Write what was masked to this CSV file.")]
PlanFile = Annotated[Path | None, typer.Option("--plan", help="Write the plan that was followed to this JSON file.")]
Force = Annotated[bool, typer.Option("--force", help="Replace files that exist. The recording itself never is.")]


def redact(
    source: Source,
    target: Target,
    start: Start = "",
    end: End = "",
    classes: Classes = "faces",
    keep: Keep = None,
    hide: Hide = None,
    style: HowHidden = "blur",
    encode_all: EncodeAll = False,
    sound_track: SoundTrack = 1,
    model: SpeechModel = None,
    boxes: Boxes = None,
    plan: PlanFile = None,
    force: Force = False,
) -> None:
    """Hide faces, plates, screens and spoken names in a recording and write a new clip."""
    from bodyworn.access.identity import local_actor
    from bodyworn.cli.screen import one_bar
    from bodyworn.redactions import making
    from bodyworn.redactions.outputs import refuse_existing
    from bodyworn.redactions.plan_files import write_plan
    from bodyworn.redactions.rendering import write_boxes
    from bodyworn.redactions.request import RequestForm, missing_tracks
    from bodyworn.redactions.source import LoneFile

    form = RequestForm(classes, start, end, style, tuple(keep or ()), tuple(hide or ()), sound_track, encode_all, model)
    for path in (boxes, plan):
        refuse_existing(path, force)
    with one_bar("redact") as progress:
        done = making.redact(
            LoneFile(source, _hear), target, form, local_actor("cli").id, replace_target=force, progress=progress
        )
    if boxes is not None:
        write_boxes(boxes, done, force)
    if plan is not None:
        write_plan(plan, done.plan, force)
    report(target, done)
    missing = missing_tracks(form, done.plan)
    if missing:
        print(f"there was no track {', '.join(missing)} to keep")


def report(target: Path, done: RenderResult) -> None:
    """Say what was done, in a few lines."""
    plan, rendered = done.plan, done.rendered
    kept = sum(track.kept_by is not None for track in plan.tracks)
    print(f"{target}: {rendered.frames} frames, {rendered.width}x{rendered.height}, sound {rendered.sound}")
    print(f"hidden: {len(plan.tracks) - kept} tracks, {len(plan.regions)} regions, {len(plan.sound)} spans of sound")
    print(f"plan {plan.digest}")
    print(f"clip {done.target}")
    if rendered.copied:
        print(f"copied as they were, with nothing to hide in them: {rendered.copied} frames")
    if kept:
        print(f"kept visible: {kept} tracks")
    if rendered.sounds_left:
        print(f"further sound tracks left behind: {rendered.sounds_left}")
    if rendered.damaged:
        print(f"{rendered.damaged} pictures of the recording did not decode and are missing")
    if plan.needs_review:
        from bodyworn.domain.span import clock

        spans = ", ".join(
            f"{clock(one.start_us // 1000)}-{clock(one.end_us // 1000)}" for one in plan.needs_review[:10]
        )
        print(f"please look at {len(plan.needs_review)} spans where a track was lost: {spans}")


def _hear(path: Path, model: str | None, progress: Progress) -> Utterances:
    """What is said in the file; a library is only loaded where somebody listens."""
    from bodyworn.bootstrap import hear

    return hear(path, model, progress)
