"""How encounters are shown on a terminal and written as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bodyworn.domain.codec import plain, to_json
from bodyworn.domain.counting import counted
from bodyworn.domain.encounter_facts import FactSourceKind
from bodyworn.domain.span import clock, length

if TYPE_CHECKING:
    from bodyworn.domain.codec import Json
    from bodyworn.domain.encounter import Encounter, JoinProposal, MemberOffset
    from bodyworn.domain.encounter_facts import EncounterFact, FactSheet
    from bodyworn.encounters.dispatch.records import ImportReport
    from bodyworn.encounters.hearing import SoundSearch

#: So much of an ID stands in a narrow table.
_SHORT_ID = 12


def encounter_json(encounter: Encounter) -> dict[str, Json]:
    """An encounter with its recordings."""
    times = {"starts_at": plain(encounter.starts_at), "ends_at": plain(encounter.ends_at)}
    return {"id": encounter.id, **times, "members": to_json(encounter)["members"]}


def listed_json(encounter: Encounter, proposals: Sequence[JoinProposal]) -> dict[str, Json]:
    """The same with what it may be one with."""
    ours = [to_json(one) for one in proposals if one.concerns(encounter.id)]
    return {**encounter_json(encounter), "proposals": ours}


def shown_json(encounter: Encounter, sheet: FactSheet, proposals: Sequence[JoinProposal]) -> dict[str, Json]:
    """The same with all its facts."""
    facts = to_json(sheet)
    facts.setdefault("not_heard", [])
    return {**listed_json(encounter, proposals), **facts}


def show_list(encounters: Sequence[Encounter], proposals: Sequence[JoinProposal], *, verbose: bool) -> None:
    """A row for each encounter, and below what is proposed."""
    from bodyworn.cli.screen import is_narrow, show, show_table

    short = slice(_SHORT_ID if is_narrow() and not verbose else None)
    rows = [
        (one.id[short], _time(one.starts_at), _length(one), str(len(one.members)), _names(one)) for one in encounters
    ]
    show_table(None, ("encounter", "starts (UTC)", "length", "recordings", "names"), rows)
    if proposals:
        show()
        show_proposals(proposals)


def show_encounter(encounter: Encounter, sheet: FactSheet, proposals: Sequence[JoinProposal]) -> None:
    """Recordings, facts with their sources, what is unknown, what disagrees, what is proposed."""
    from bodyworn.cli.screen import show, show_folded, show_table

    show_members(encounter)
    if sheet.facts:
        show()
        names = {one.recording: one.name for one in encounter.members}
        rows = [(_kind(fact), fact.value, fact.source.kind.value, source_words(fact, names)) for fact in sheet.facts]
        show_table(None, ("fact", "value", "source", "where"), rows)
    for one in sheet.unknown:
        show_folded(f"unknown  {one.kind.value.replace('_', ' ')}: {one.why}")
    for kind in sheet.disagree:
        show_folded(f"note: sources disagree about the {kind.value.replace('_', ' ')}")
    if sheet.not_heard:
        show_folded(f"note: {counted(len(sheet.not_heard), 'recording')} of it not transcribed yet")
    if proposals:
        show()
        show_proposals(proposals)


def show_members(encounter: Encounter) -> None:
    """The recordings of an encounter and how they lie in time."""
    from bodyworn.cli.screen import show_table

    rows = [
        (one.recording, _time(one.starts_at), clock(one.duration_ms), *_offset(one.offset), one.name)
        for one in encounter.members
    ]
    columns = ("recording", "starts (UTC)", "length", "after the first", "by", "name")
    show_table(f"{encounter.id}   {counted(len(encounter.members), 'recording')}", columns, rows)


def show_proposals(proposals: Sequence[JoinProposal]) -> None:
    """Each proposal with its reasons in words."""
    from bodyworn.cli.screen import show, show_folded

    if not proposals:
        show("Nothing is proposed.")
    for one in proposals:
        before = ", declined before for other reasons" if one.declined_before else ""
        show_folded(f"proposed as one ({one.confidence:.2f}{before}): {one.one} and {one.other}")
        for reason in one.reasons:
            show_folded(f"  {'but' if reason.against else 'because'} {reason.says}")


def say_compared(found: SoundSearch) -> None:
    """What was listened to, and what is left."""
    from bodyworn.cli.screen import say

    left = f"; {counted(found.left, 'pair')} left for another time" if found.left else ""
    say(f"{counted(found.compared, 'pair')} compared by sound, {found.alike} with common sound{left}")


def show_import(report: ImportReport) -> None:
    """What an import did, and the rows that were not taken."""
    from bodyworn.cli.screen import show, show_table

    show(f"{counted(report.added, 'record')} added, {report.changed} changed, {report.known} known already")
    show(f"{counted(report.matched, 'number')} of the file with recordings here")
    if report.quarantined:
        show()
        rows = [(str(one.row) if one.row else "file", one.number, one.why) for one in report.quarantined]
        show_table(f"{counted(report.quarantined_rows, 'row')} quarantined", ("row", "number", "why"), rows)


def source_words(fact: EncounterFact, names: dict[str, str]) -> str:
    """Where a fact comes from, in one line for people."""
    source = fact.source
    where = names.get(source.recording, source.recording)
    if source.kind is FactSourceKind.SAID:
        if source.span is None:
            return f"{where}: a voice"
        sure = "" if source.confidence is None else f", {source.confidence:.2f}"
        return f"{where} {clock(source.span.start_ms)} {source.role}: “{source.quote}”{sure}"
    if source.kind is FactSourceKind.PERSON:
        who = f"{source.stated_name} ({source.by})" if source.stated_name else source.by
        return f"{who} {_time(source.at)}: {source.why}"
    if source.kind is FactSourceKind.DISPATCH:
        return f"{source.record} {source.field_name}"
    return f"{where} {source.field_name}"


def _names(encounter: Encounter) -> str:
    return ", ".join(one.name for one in encounter.members)


def _kind(fact: EncounterFact) -> str:
    kind = fact.kind.value.replace("_", " ")
    return f"{kind} ({fact.role})" if fact.role else kind


def _time(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else "not known"


def _length(encounter: Encounter) -> str:
    if encounter.starts_at and encounter.ends_at:
        return length(round((encounter.ends_at - encounter.starts_at).total_seconds() * 1000))
    return length(max((one.duration_ms for one in encounter.members), default=0))


def _offset(offset: MemberOffset | None) -> tuple[str, str]:
    if offset is None:
        return "cannot tell", ""
    sure = "" if offset.confidence is None else f" {offset.confidence:.2f}"
    return f"{offset.offset_ms / 1000:.3f} s", f"{offset.source.value}{sure}"
