"""``bodyworn redact IN OUT``: one command on any file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from bodyworn.domain.redaction import HiddenClass
    from bodyworn.redactions.hiding import RedactionChoices
    from bodyworn.redactions.rendering import RenderResult

CLASSES = ("faces", "plates", "vehicles", "screens", "speech")

Source = Annotated[Path, typer.Argument(metavar="IN", help="The recording; it is only ever read.")]
Target = Annotated[Path, typer.Argument(metavar="OUT", help="The new clip: .mp4, .mov or .mkv.")]
Start = Annotated[str, typer.Option("--start", help="First frame: its number, or a time as 12.5s or 1:02.5.")]
End = Annotated[str, typer.Option("--end", help="The frame after the last, in the same ways.")]
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
    from bodyworn.media.picture_out import Encoding
    from bodyworn.redactions.clip_times import parse_clip
    from bodyworn.redactions.plan_files import write_plan
    from bodyworn.redactions.rendering import RedactionRequest, redact, write_boxes

    clip = parse_clip(source, start, end)
    kinds, speech = parse_classes(classes)
    for path in (boxes, plan):
        refuse_existing(path, force)
    with progress_bar("redact") as progress:
        sound = spoken_spans(source, progress, model) if speech else ()
        order = RedactionRequest(
            kinds,
            clip,
            parse_style(style),
            parse_choices(source, keep or [], hide or []),
            sound,
            Encoding(copy_untouched=not encode_all),
            sound_track - 1,
        )
        outcome = redact(source, target, order, replace_target=force, progress=progress)
    if boxes is not None:
        write_boxes(boxes, outcome, force)
    if plan is not None:
        write_plan(plan, outcome.plan, force)
    report(target, outcome)
    missing = set(order.choices.kept_tracks) - {track.id for track in outcome.plan.tracks}
    if missing:
        print(f"there was no track {', '.join(sorted(missing))} to keep")


def report(target: Path, outcome: RenderResult) -> None:
    """Tell what was done, in a few lines."""
    plan, rendered = outcome.plan, outcome.rendered
    kept = sum(track.kept_by is not None for track in plan.tracks)
    print(f"{target}: {rendered.frames} frames, {rendered.width}x{rendered.height}, sound {rendered.sound}")
    print(f"hidden: {len(plan.tracks) - kept} tracks, {len(plan.regions)} regions, {len(plan.sound)} spans of sound")
    print(f"plan {plan.digest}")
    print(f"clip {outcome.target}")
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
            f"{clock(look.start_us // 1000)}-{clock(look.end_us // 1000)}" for look in plan.needs_review[:10]
        )
        print(f"please look at {len(plan.needs_review)} spans where a track was lost: {spans}")


def parse_classes(text: str) -> tuple[list[HiddenClass], bool]:
    """Classes of things to hide in the picture, and whether speech is asked for."""
    from bodyworn.domain.errors import InputError
    from bodyworn.domain.redaction import HiddenClass

    of = {
        "faces": [HiddenClass.FACE],
        "plates": [HiddenClass.PLATE],
        "vehicles": [HiddenClass.VEHICLE],
        "screens": [HiddenClass.SCREEN, HiddenClass.TEXT],
    }
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in CLASSES:
            raise InputError(f"{name!r} is nothing that can be hidden", f"Choose from {', '.join(CLASSES)}")
    return [cls for name in names for cls in of.get(name, [])], "speech" in names


def parse_style(text: str) -> Any:
    """The style by its name."""
    from bodyworn.domain.errors import InputError
    from bodyworn.domain.redaction import Style

    try:
        return Style(text)
    except ValueError:
        raise InputError(f"there is no style {text!r}", f"Choose from {', '.join(Style)}") from None


def parse_choices(source: Path, keep: list[str], hide: list[str]) -> RedactionChoices:
    """Regions and tracks from what was typed; whoever is logged in to the machine is the person."""
    from bodyworn.media.frame_numbers import FrameNumbers
    from bodyworn.redactions.hiding import RedactionChoices
    from bodyworn.redactions.regions import looks_like_region, parse_region

    who, numbers = person(), FrameNumbers(source)
    typed = [(text, True) for text in keep if looks_like_region(text)] + [(text, False) for text in hide]
    regions = [parse_region(f"region-{i}", text, keep, who, numbers=numbers) for i, (text, keep) in enumerate(typed, 1)]
    return RedactionChoices(regions, frozenset(text for text in keep if not looks_like_region(text)), who)


def person() -> str:
    """How a plan names whoever types."""
    return f"person:{os.environ.get('USER') or 'unnamed'}"


def spoken_spans(source: Path, progress: Callable[[float, float, str], None], model: str | None) -> Any:
    """Spans of spoken names, numbers and addresses, proposed by whoever listens."""
    from bodyworn.redactions.speech import propose

    return propose(source, progress, model=model)


def refuse_existing(path: Path | None, force: bool) -> None:
    """Refuse a file that exists before any work is done."""
    from bodyworn.domain.errors import InputError

    if path is not None and path.exists() and not force:
        raise InputError(f"{path.name} already exists", "Choose another name, or say --force")


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[float, float, str], None]]:
    """A bar on the terminal, with time left; nothing where nobody watches."""
    from bodyworn.cli.screen import bars

    with bars() as shown:
        task = shown.add_task("", total=None, stage=what)

        def progress(done: float, total: float, unit: str) -> None:
            shown.update(task, completed=done, total=total or None, description=unit)

        yield progress
