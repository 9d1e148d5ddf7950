"""How releases are shown on a terminal and written as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bodyworn.domain.counting import counted

if TYPE_CHECKING:
    from bodyworn.domain.actor import Person
    from bodyworn.domain.codec import Json
    from bodyworn.domain.release import Release

#: So many frames with leaks are named; the JSON has all.
_FRAMES = 12


def state_of(release: Release) -> str:
    """The state in words."""
    return release.state.value.replace("_", " ")


def summary(release: Release) -> list[str]:
    """State, bytes, leaks and what comes next, in a few lines."""
    from bodyworn.cli.next_steps import release_step

    lines = [
        f"{release.id} is {state_of(release)}: {release.request.title}",
        f"contents {release.contents_sha256 or 'not fixed: made by an earlier version'}",
        f"leak check: {_leaks(release)}",
        *(f"look at {place}" for place in release.to_look_at[:_FRAMES]),
    ]
    if len(release.to_look_at) > _FRAMES:
        lines.append(f"and {counted(len(release.to_look_at) - _FRAMES, 'more place')} to look at")
    if release.review_note:
        lines.append(f"reviewed: {release.review_note}")
    if not release.request.citations:
        lines.append("note: without --rules the exemption log cites no grounds in law")
    for deadline in release.request.deadlines:
        checked = "" if deadline.checked else "; these rules are unchecked"
        lines.append(f"due {deadline.due} ({deadline.rule}, {deadline.jurisdiction}{checked})")
    if release.approvers:
        lines.append(f"approved by {', '.join(map(str, release.approvers))}")
    if release.approval_caution:
        lines.append(f"note: {release.approval_caution}")
    return [*lines, f"{release_step(release.id, release.state.value)}."]


def _leaks(release: Release) -> str:
    found = release.render.leaks
    if not found:
        return "nothing still shows"
    if not release.open_leaks:
        return f"{counted(found, 'leak')} reported and reviewed"
    frames = release.render.leak_report.frames
    named = ", ".join(map(str, frames[:_FRAMES]))
    more = f" and {len(frames) - _FRAMES} more" if len(frames) > _FRAMES else ""
    return f"{counted(found, 'leak')} to look at" + (f", in frames {named}{more}" if frames else "")


def release_json(release: Release) -> dict[str, Json]:
    """A release with its steps and its render."""
    from bodyworn.domain.codec import plain
    from bodyworn.domain.event import stamp

    return {
        "id": release.id,
        "recording": release.recording_id,
        "state": release.state.value,
        "clip_sha256": release.clip_sha256,
        "contents_sha256": release.contents_sha256,
        "approval_caution": release.approval_caution,
        "steps": [
            {
                "act": step.act.value,
                "by": step.by.account,
                "stated_name": step.by.stated_name,
                "at": stamp(step.at),
                "clip_sha256": step.clip_sha256,
            }
            for step in release.steps
        ],
        "render": plain(release.render),
    }


def show_release(release: Release, openers: Sequence[Person]) -> None:
    """A release, who opened what leaves with it, and who did what with it when."""
    from bodyworn.cli.screen import show, show_table

    for line in summary(release):
        show(line)
    show(f"opened here by {', '.join(map(str, openers)) or 'no one'}")
    for person in release.approvers:
        if not any(person.is_same_as(other) for other in openers):
            show(f"note: {person} approved it without opening it here")
    rows = [(f"{step.at:%Y-%m-%d %H:%M}", str(step.by), step.act.value.replace("_", " ")) for step in release.steps]
    show_table(None, ("when (UTC)", "who", "what"), rows)
