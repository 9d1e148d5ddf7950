"""Redactions as the audit log and the policy see them: ids, digests and counts; never what is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bodyworn.domain.event_details import RedactionChecked, RedactionRendered, RedactionShown
from bodyworn.domain.recording import Recording
from bodyworn.domain.visibility import Thing
from bodyworn.redactions.history import Redaction

if TYPE_CHECKING:
    from bodyworn.redactions.checking import LeakCheck
    from bodyworn.redactions.rendering import RenderResult


def shown(redaction: Redaction) -> RedactionShown:
    """The newest version was shown, previewed or exported."""
    return RedactionShown(redaction.newest.plan_sha256, redaction.newest.version)


def rendered(redaction: Redaction, done: RenderResult) -> RedactionRendered:
    """A clip was rendered by the newest version."""
    newest, clip, written = redaction.newest, done.target.sha256, done.rendered
    return RedactionRendered(newest.plan_sha256, newest.version, clip, written.frames, written.copied, written.damaged)


def checked(redaction: Redaction, found: LeakCheck) -> RedactionChecked:
    """A clip of the newest version was checked."""
    newest, leaks = redaction.newest, found.count
    kept = len(found.leaks) - len(found.open_leaks)
    return RedactionChecked(newest.plan_sha256, newest.version, found.clip.sha256, found.frames, leaks, kept)


def thing_of(redaction: Redaction) -> Thing:
    """The redaction as the policy sees it."""
    return Thing("redactions", redaction.id, {"recording_id": redaction.recording_id})


def redactions_of(recording: Recording) -> Thing:
    """The redactions of a recording as the policy sees them, also where there is none yet."""
    return Thing("redactions", recording.id, {"recording_id": recording.id})
