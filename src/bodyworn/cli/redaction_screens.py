"""How redactions are shown on a terminal and written as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bodyworn.domain.codec import Json, to_json
from bodyworn.domain.counting import counted
from bodyworn.domain.language import language_name
from bodyworn.domain.recording import shown_name
from bodyworn.domain.span import clock

if TYPE_CHECKING:
    from pathlib import Path

    from bodyworn.domain.redaction_plan import Plan
    from bodyworn.domain.track import Track
    from bodyworn.redactions.checking import LeakCheck
    from bodyworn.redactions.history import PlanChange, PlanCounts, Redaction
    from bodyworn.redactions.queries import RedactionView
    from bodyworn.redactions.source import Utterances

#: How many spans of leaks are printed; the JSON has every frame.
_SHOWN = 50


def contents(counts: PlanCounts) -> str:
    """What is in a plan, as one line."""
    parts = [counted(counts.tracks, "track")]
    parts += [counted(counts.regions, "region")] if counts.regions else []
    parts += [f"{counted(counts.sound_spans, 'span')} of sound"] if counts.sound_spans else []
    parts += [f"{counts.kept} kept visible"] if counts.kept else []
    parts += [f"{counts.needs_review} to look at"] if counts.needs_review else []
    return ", ".join(parts)


def view_json(redaction: Redaction, plan: Plan) -> dict[str, Json]:
    """A redaction with its versions and the plan of the newest one."""
    return {**to_json(redaction), "plan": to_json(plan)}


def show_list(found: Sequence[Redaction], names: Mapping[str, str]) -> None:
    """One line for each redaction; ``names`` are those of the recordings by their IDs."""
    from bodyworn.cli.screen import show_table

    one_recording = len({one.recording_id for one in found}) == 1
    columns = ("redaction", "changed (UTC)", "by", "version", "what", "of recording")
    rows = [
        (
            one.id,
            f"{one.newest.made_at:%Y-%m-%d %H:%M}",
            one.newest.made_by,
            str(one.newest.version),
            contents(one.newest.counts),
            names[one.recording_id],
        )
        for one in found
    ]
    if one_recording:
        name, recording_id = rows[0][-1], found[0].recording_id
        show_table(f"of {name} ({recording_id})", columns[:-1], [row[:-1] for row in rows])
    else:
        show_table(None, columns, rows)


def show_redaction(view: RedactionView, verbose: bool = False) -> None:
    """What one redaction hides, what needs review, and its history; ``verbose`` lists every track and what found it."""
    from bodyworn.cli.screen import show, show_folded, show_table

    redaction, plan = view.redaction, view.plan
    show_folded(f"{redaction.id}, version {redaction.newest.version}, of {view.recording.name} ({view.recording.id})")
    show(f"plan {redaction.newest.plan_sha256}")
    end = clock(plan.clip.end_us // 1000) if plan.clip.end_us is not None else "the end"
    show(f"clip from {clock(plan.clip.start_us // 1000)} to {end}, {plan.style.value}")
    _show_entries(redaction, plan, verbose)
    looks = [
        (clock(one.start_us // 1000), clock(one.end_us // 1000), one.track or "", one.why) for one in plan.needs_review
    ]
    if looks:
        show()
        show_table("to look at", ("from", "to", "track", "what"), looks)
    history = [
        (str(one.version), f"{one.made_at:%Y-%m-%d %H:%M}", one.made_by, _change(one.change))
        for one in redaction.versions
    ]
    show()
    show_table("history", ("version", "when (UTC)", "who", "what"), history)


def _show_entries(redaction: Redaction, plan: Plan, verbose: bool) -> None:
    """The table of what is hidden; of a class with very many tracks the longest, and how many there are."""
    from bodyworn.cli.screen import show_folded, show_table
    from bodyworn.redactions.overview import overview
    from bodyworn.redactions.request import class_name

    seen = overview(plan)
    columns = ("ID", "class", "from", "to", "reason", "state")
    rows = [row if verbose else row[:-1] for row in _entries(plan, plan.tracks if verbose else seen.listed)]
    show_table(None, (*columns, "added by") if verbose else columns, rows)
    if verbose:
        return
    for few in seen.unlisted:
        what = f"{few.inside} of them inside another mask, {few.brief} seen for less than half a second"
        show_folded(f"and {counted(few.count, 'further ' + few.cls.value)}, {what}; --verbose lists them")
        wrong = f"bodyworn redactions edit {redaction.id} --drop-class {class_name(few.cls)}"
        show_folded(f"all of them wrong? {wrong}")
    for cls, count in seen.kept:
        show_folded(f"kept visible: {counted(count, cls.value)}; --verbose lists them")


def _entries(plan: Plan, tracks: Sequence[Track]) -> list[tuple[str, ...]]:
    """Tracks, regions and spans of sound, as rows of a table."""
    rows: list[tuple[str, ...]] = []
    for track in tracks:
        times = clock(track.boxes[0].at_us // 1000), clock(track.until_us // 1000)
        rows.append((track.id, track.cls.value, *times, track.reason.value, _state(track.kept_by), track.added_by))
    for region in plan.regions:
        times = clock(region.start_us // 1000), clock(region.end_us // 1000) if region.end_us is not None else ""
        state = "leaves visible" if region.keep else "hidden"
        rows.append((region.id, "region", *times, region.reason.value, state, region.added_by))
    for span in plan.sound:
        times = clock(span.start_ms), clock(span.end_ms)
        rows.append((span.id, span.action.value, *times, span.reason.value, _state(span.kept_by), span.added_by))
    return rows


def _state(kept_by: str | None) -> str:
    return f"kept by {kept_by}" if kept_by is not None else "hidden"


def _change(change: PlanChange) -> str:
    parts = [f"kept {', '.join(change.kept)}"] if change.kept else []
    parts += [f"added {', '.join(change.added)}"] if change.added else []
    parts += [f"took back {', '.join(change.taken_back)}"] if change.taken_back else []
    return "; ".join([change.kind.value, *parts])


def show_words(said: Utterances) -> None:
    """Who says what, one line for each utterance."""
    from bodyworn.cli.screen import show

    for row in said:
        text = shown_name(str(row["text"]).strip())
        language = row.get("language")
        who = f"{row['speaker']} ({row['role']})" + (f" in {language_name(str(language))}" if language else "")
        show(f"{clock(row['start_ms'])}  {who}  {text}")


def leaks_json(found: LeakCheck) -> dict[str, Json]:
    """A leak check with every frame."""
    return dict(found.to_json())


def _show_heard(found: LeakCheck, sheet: Path | None) -> None:
    """What is still heard of a clip without pictures."""
    from bodyworn.cli.screen import show

    what = counted(len(found.sounds), "hidden span") if found.sounds else "no hidden span"
    show(f"no pictures; something is still heard in {what} ({', '.join(found.checked_by)})")
    for heard in found.sounds:
        show(f"{heard.id}  {clock(heard.at_us // 1000)}: {heard.action.value}, level {heard.level:.3f}")
    if sheet is not None:
        show("there are no pictures, so there is no sheet")


def show_leaks(found: LeakCheck, sheet: Path | None = None) -> None:
    """What still shows, put together over frames, the longest first, with the numbers of the ``sheet``."""
    from bodyworn.cli.screen import show
    from bodyworn.redactions.leak_sheet import SHOWN, ordered_spans

    if not found.frames:
        _show_heard(found, sheet)
        return
    leaks = found.open_leaks
    frames = len({leak.frame for leak in leaks})
    looked = f"{counted(found.frames, 'frame')}, {frames} with something that still shows"
    show(f"{looked} ({', '.join(found.checked_by)})")
    spans = ordered_spans(leaks)
    for number, span in enumerate(spans[:_SHOWN], 1):
        best = span.best
        place = f"at {best.x},{best.y} {best.w}x{best.h}, score {best.score:.2f}"
        when = f"{clock(span.start_us // 1000)}-{clock(span.last_us // 1000)}"
        what = f"{best.cls.value}, in {counted(span.frames, 'frame')}, best in frame {best.frame} {place}"
        show(f"{number}  {when}: {what}")
    if len(spans) > _SHOWN:
        show(f"… and {len(spans) - _SHOWN} shorter ones; --json has every frame")
    if sheet is not None and spans:
        shown = f" of the first {SHOWN}" if len(spans) > SHOWN else ""
        show(f"pictures{shown}: {sheet}")
    elif sheet is not None:
        show("nothing still shows, so there are no pictures")
