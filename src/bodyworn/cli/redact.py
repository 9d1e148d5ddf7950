"""``bodyworn redact IN OUT``: one command on any file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.cli import redaction_options as options
from bodyworn.cli.options import JsonOption

if TYPE_CHECKING:
    from bodyworn.domain.progress import Progress
    from bodyworn.domain.redaction_plan import Plan
    from bodyworn.redactions.rendering import RenderResult
    from bodyworn.redactions.request import RequestForm
    from bodyworn.redactions.source import TwoHearings


def redact(
    source: options.Source,
    target: options.Target,
    start: options.Start = "",
    end: options.End = "",
    classes: options.Classes = "faces",
    keep: options.Keep = None,
    hide: options.Hide = None,
    style: options.HowHidden = "blur",
    encode_all: options.EncodeAll = False,
    sound_track: options.SoundTrack = 1,
    model: options.SpeechModel = None,
    boxes: options.Boxes = None,
    plan: options.PlanFile = None,
    force: options.Force = False,
    json_to: JsonOption = None,
) -> None:
    """Hide faces, plates, screens and spoken names in a recording and write a new clip."""
    from bodyworn.cli.render_report import render_json, show_render
    from bodyworn.cli.screen import give
    from bodyworn.redactions.outputs import refuse_existing
    from bodyworn.redactions.request import RequestForm

    form = RequestForm(classes, start, end, style, tuple(keep or ()), tuple(hide or ()), sound_track, encode_all, model)
    for path in (target, boxes, plan):
        refuse_existing(path, force)
    done = _redacted(source, target, form, boxes, plan, force)
    give(json_to, [render_json(target, done)], lambda: show_render(target, done))
    say_what_was_typed(form, done.plan)


def _redacted(
    source: Path, target: Path, form: RequestForm, boxes: Path | None, plan: Path | None, force: bool
) -> RenderResult:
    """The clip, and beside it what was masked and the plan where they were asked for."""
    from bodyworn.access.identity import local_actor
    from bodyworn.cli.screen import one_bar
    from bodyworn.redactions import making
    from bodyworn.redactions.outputs import undone_with
    from bodyworn.redactions.plan_files import write_plan
    from bodyworn.redactions.rendering import write_boxes
    from bodyworn.redactions.source import LoneFile

    person = local_actor("cli").id
    with one_bar("redact") as progress:
        done = making.redact(LoneFile(source, _hear), target, form, person, replace_target=force, progress=progress)
    with undone_with(target, (boxes, plan), force):
        if boxes is not None:
            write_boxes(boxes, done, force)
        if plan is not None:
            write_plan(plan, done.plan, force)
    return done


def say_what_was_typed(form: RequestForm, plan: Plan) -> None:
    """Say what bare numbers were taken for; end with an error if a track to keep was not there."""
    from bodyworn.cli.render_report import taken_for
    from bodyworn.cli.screen import say
    from bodyworn.domain.errors import BodywornError
    from bodyworn.redactions.request import missing_tracks

    for line in taken_for(form, plan):
        say(line)
    if missing := missing_tracks(form, plan):
        raise BodywornError(
            f"there was no track {', '.join(missing)} to keep", "The rest is done; tracks are named in the plan"
        )


def _hear(path: Path, model: str | None, progress: Progress) -> TwoHearings:
    """What is said in the file; a library is only loaded where it is listened to."""
    from bodyworn.bootstrap import hear_twice

    return hear_twice(path, model, progress)
