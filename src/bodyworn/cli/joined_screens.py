"""How the one transcript and the findings of an encounter are shown on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from bodyworn.cli.moments import moment_row
from bodyworn.cli.screen import show, show_folded, show_table
from bodyworn.domain.codec import to_json
from bodyworn.domain.counting import counted
from bodyworn.domain.language import ENGLISH, language_name
from bodyworn.domain.span import clock

if TYPE_CHECKING:
    from bodyworn.domain.encounter import MemberOffset
    from bodyworn.findings.joined.told import EncounterFinding, EncounterFindings, ToldRecording
    from bodyworn.findings.joined.transcript import (
        ApartUtterance,
        JoinedRecording,
        JoinedTranscript,
        JoinedUtterance,
        JoinedVoice,
    )

_BY_CLOCK = "by its clock alone, which nobody compared: joined with others only where the words are the same"


def show_transcript(one: JoinedTranscript, *, verbose: bool) -> None:
    """The transcript, each utterance with its recording; ``verbose`` adds what the other recordings made of it."""
    names = {each.recording: each.name for each in one.recordings}
    show(f"{one.encounter}   {counted(len(one.utterances), 'utterance')} of {counted(len(names), 'recording')}")
    show()
    _show_places(one.recordings, {each.recording: str(each.utterances) for each in one.recordings}, "utterances")
    if one.utterances:
        show()
        rows = [row for each in one.utterances for row in _said(each, names, verbose)]
        show_table(None, ("time", "words", "who", "from"), rows)
    for voice in one.voices:
        _show_voice(voice, names)
    for recording, utterances in one.apart.items():
        _show_apart(names[recording], utterances)
    _show_notes(one.recordings)
    show("All words are those of a recognizer until a person has listened.")


def show_findings(one: EncounterFindings, *, verbose: bool) -> None:
    """The findings of an encounter, which recordings tell each and which do not, and what none tells."""
    names = {each.recording: each.name for each in one.recordings}
    show(f"{one.encounter}   {counted(len(one.findings), 'finding')} of {counted(len(names), 'recording')}")
    show()
    counts = {key: str(sum(key in _telling(each) for each in one.findings)) for key in names}
    _show_places(one.recordings, counts, "findings")
    if one.findings:
        show()
        rows = [_told(each, names, verbose) for each in one.findings]
        show_table(None, ("time", "words", "role", "kind", "score", "told by"), rows)
    for unknown in one.unknown:
        why = ", ".join(f"{names[each.recording]} {_words(each.state)}" for each in unknown.because)
        place = "  (by its clock)" if unknown.by_clock else ""
        span = f"{clock(unknown.span.start_ms)} to {clock(unknown.span.end_ms)}"
        show_folded(f"unknown  {span}  {unknown.sense}: {why}{place}")
    for gap in one.not_recorded:
        show(f"not recorded  {clock(gap.start_ms)} to {clock(gap.end_ms)}")
    for apart in one.apart:
        show()
        rows = [moment_row(to_json(each), verbose) for each in apart.findings]
        title = f"{names[apart.recording]}: where it lies in time cannot be told; in its own time"
        show_table(title, ("time", "words", "role", "kind", "score"), rows)
    _show_notes(one.recordings)
    show("All findings are proposals of a machine until a person confirms them.")


def _show_places(recordings: Iterable[JoinedRecording | ToldRecording], counts: Mapping[str, str], what: str) -> None:
    rows = [(one.name, *_place(one.offset), counts[one.recording]) for one in recordings]
    show_table(None, ("recording", "after the first", "by", what), rows)


def _place(offset: MemberOffset | None) -> tuple[str, str]:
    if offset is None:
        return "cannot tell", ""
    sure = "" if offset.confidence is None else f" {offset.confidence:.2f}"
    return f"{offset.offset_ms / 1000:.3f} s", f"{offset.source.value}{sure}"


def _said(one: JoinedUtterance, names: Mapping[str, str], verbose: bool) -> list[tuple[str, str, str, str]]:
    language = "" if one.language == ENGLISH else f"[{language_name(one.language)}] "
    who = f"{one.role} {one.voice}" if one.voice else one.role
    source = f"{names[one.recording]} {clock(one.at.start_ms)}"
    rows = [(clock(one.span.start_ms), language + one.text, who, source)]
    for other in one.also if verbose else ():
        heard = f"{names[other.recording]} {clock(other.span.start_ms)}"
        rows.append(("", f"({other.confidence:.2f}: {other.text})", other.role, heard))
    return rows


def _show_voice(voice: JoinedVoice, names: Mapping[str, str]) -> None:
    if len(voice.called) < 2:
        return
    called = ", ".join(f"{one.role} ({one.speaker}) in {names[one.recording]}" for one in voice.called)
    disagree = "; the roles disagree" if voice.roles_disagree else ""
    show_folded(
        f"{voice.name} is believed one person: {called}; {counted(voice.words, 'word')} heard in both{disagree}"
    )


def _show_apart(name: str, utterances: Sequence[ApartUtterance]) -> None:
    show()
    title = f"{name}: where it lies in time cannot be told; in its own time"
    show_table(title, ("time", "words", "who"), [(clock(one.span.start_ms), one.text, one.role) for one in utterances])


def _show_notes(recordings: Iterable[JoinedRecording | ToldRecording]) -> None:
    for one in recordings:
        if one.by_clock:
            show_folded(f"note: {one.name} lies {_BY_CLOCK}")
        if one.not_read:
            show_folded(f"note: {one.name} is not read: {one.not_read}")
        for stage, why in getattr(one, "not_made", {}).items():
            show_folded(f"not made  {one.name} {stage}: {why}")


def _telling(one: EncounterFinding) -> list[str]:
    return [each.recording for each in one.told_by]


def _told(one: EncounterFinding, names: Mapping[str, str], verbose: bool) -> tuple[str, ...]:
    best = max(one.told_by, key=lambda each: each.finding.score)
    _, words, role, kind, score = moment_row(to_json(best.finding), verbose)
    roles = dict.fromkeys([role, *(each.finding.role for each in one.told_by)]) if one.roles_disagree else [role]
    told = [f"{names[each.recording]} {clock(each.finding.span.start_ms)}" for each in one.told_by]
    silent = [f"not {names[each.recording]} ({_words(each.why)})" for each in one.not_told_by]
    place = ["time by the clock"] if one.by_clock else []
    return clock(one.span.start_ms), words, " or ".join(roles), kind, score, "; ".join([*told, *silent, *place])


def _words(state: str) -> str:
    return state.replace("_", " ")
