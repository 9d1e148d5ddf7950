"""Encounters of a library: list, show, join, split, decline, edit. Nothing is joined unless a person says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bodyworn.access.access import Access
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.encounter import Encounter, JoinProposal, OffsetSource
from bodyworn.domain.encounter_events import EncounterSynchronized, SoundsCompared
from bodyworn.domain.encounter_facts import FactSheet
from bodyworn.domain.errors import Code, InputError, NotFound
from bodyworn.domain.event import Tag
from bodyworn.domain.event_details import Viewed
from bodyworn.domain.progress import Progress, no_progress
from bodyworn.domain.recording import Recording, shown_name
from bodyworn.domain.visibility import Thing
from bodyworn.encounters import hearing, in_step
from bodyworn.encounters.dispatch.importing import DispatchImport
from bodyworn.encounters.dispatch.records import ImportReport
from bodyworn.encounters.dispatch.stated import dispatch_facts
from bodyworn.encounters.facts import sheet_of
from bodyworn.encounters.heard import Hear, deaf
from bodyworn.encounters.holdings import Holdings
from bodyworn.encounters.ledger import EncounterLedger
from bodyworn.encounters.statements import Statement, checked, reason_of, stated_facts
from bodyworn.recordings.service import Recordings
from bodyworn.storage.databases.base import Database
from bodyworn.storage.objects.local import LocalObjects
from bodyworn.storage.rows.dispatch import DispatchRow, of_numbers
from bodyworn.storage.rows.things import attributes_of


@dataclass(frozen=True)
class FromAbove:
    """What those hand in who know more of a recording than encounters do: its words and its sound."""

    hear: Hear = deaf
    listen: in_step.Listen = in_step.no_sound


class Encounters:
    """The encounters of one library."""

    def __init__(
        self,
        database: Database,
        objects: LocalObjects,
        audit_log: AuditLog,
        recordings: Recordings,
        access: Access,
        above: FromAbove,
    ) -> None:
        self._database, self._dispatch = database, DispatchImport(database, objects, audit_log)
        self._audit_log, self._recordings, self._access, self._above = audit_log, recordings, access, above
        self._ledger = EncounterLedger(database, audit_log)

    def list(self) -> Sequence[Encounter]:
        """All encounters that the actor may see, oldest first; those without a clock come before."""
        self._access.require("encounters.list")
        return self._access.only("encounters.list", self._holdings().every(), thing_of)

    def get(self, text: str) -> Encounter:
        """The one encounter whose id starts with ``text``, or of the recording that it names; else :class:`NotFound`.

        An id that was joined into another encounter leads there.
        """
        self._access.require("encounters.get")
        holdings = self._holdings()
        found = [holdings.encounter(one) for one in sorted(holdings.named(text))]
        seen = self._access.named("encounters.get", found, thing_of)
        if len(seen) == 1:
            return seen[0]
        if not found:
            self._note_hidden(text)
            self._ledger.refuse_disposed(text)
        how = "no encounter matches" if not seen else f"{len(seen)} encounters match"
        what = f"{how} {shown_name(text)!r}"
        raise NotFound(what, "Take an ID from the list of encounters", Code.NOT_FOUND, noun="encounter")

    def _note_hidden(self, text: str) -> None:
        """Write down an attempt at an encounter none of whose recordings the actor may see."""
        with self._database.read() as transaction:
            hidden = attributes_of(transaction, "encounters", text.lower()) if text else None
        if hidden is not None:
            self._access.denied("encounters.get", Thing("encounters", *hidden), "not visible")

    def proposals(self, encounter: Encounter | None = None) -> Sequence[JoinProposal]:
        """Which encounters may be one, the surest first; of one encounter, or of all."""
        self._access.require("encounters.proposals")
        holdings = self._holdings()
        seen = {one.id for one in self._access.only("encounters.proposals", holdings.every(), thing_of)}
        return [
            one
            for one in holdings.proposals()
            if (encounter is None or one.concerns(encounter.id)) and {one.one, one.other} <= seen
        ]

    def facts(self, encounter: Encounter) -> FactSheet:
        """What is known of an encounter, from every source."""
        self._access.require("encounters.facts", thing_of(encounter))
        return self._sheet(encounter.id)

    def every_sheet(self) -> Sequence[tuple[Encounter, FactSheet]]:
        """All encounters that the actor may see with what is known of each; the holdings are read once."""
        self._access.require("encounters.every_sheet")
        holdings = self._holdings()
        every = self._access.only("encounters.every_sheet", holdings.every(), thing_of)
        sheets = self._sheets([one.id for one in every], holdings)
        return [(one, sheets[one.id]) for one in every]

    def _sheet(self, encounter_id: str) -> FactSheet:
        return self._sheets([encounter_id], self._holdings())[encounter_id]

    def _sheets(self, encounters: Sequence[str], holdings: Holdings) -> dict[str, FactSheet]:
        """What is known of each of these encounters, by id; the dispatch records of all are read at once."""
        numbers = {one: set(holdings.numbers(one)) for one in encounters}
        with self._database.read() as transaction:
            records = of_numbers(transaction, list(set().union(*numbers.values())))
        by_number: dict[str, list[tuple[int, DispatchRow]]] = defaultdict(list)
        for at, row in enumerate(records):
            by_number[row["number"]].append((at, row))
        found = {}
        for one in encounters:
            names = holdings.standing.membership.names_of(one)
            stated = stated_facts(holdings.standing.statements, names)
            ours = dict(each for number in numbers[one] for each in by_number[number])
            dispatched = dispatch_facts(ours[at] for at in sorted(ours))
            found[one] = sheet_of(holdings.members(one), [*stated, *dispatched], self._above.hear)
        return found

    def join(self, encounters: Sequence[Encounter], why: str = "") -> Encounter:
        """Make one encounter of several, as a person says; the first of them that was joined before goes on.

        Without a proposal for it a reason is needed. :class:`Conflict` if one was changed in the meantime.
        """
        for one in encounters:
            self._access.require("encounters.join", thing_of(one))
        holdings = self._holdings()
        ids = {one.id: holdings.standing.membership.members(one.id) for one in encounters}
        if len(ids) < 2:
            raise InputError("there is only one encounter, and nothing to join it with", "Name two or more encounters")
        proposed = [one for one in holdings.proposals() if {one.one, one.other} <= set(ids)]
        says = why or "; ".join(reason.says for one in proposed for reason in one.reasons if not reason.against)
        joined = self._ledger.join(ids, reason_of(says, "they are one encounter"), proposed)
        return self._sealed(joined)

    def decline(self, one: Encounter, other: Encounter, why: str) -> None:
        """Say that a proposal is wrong; it is not made again for the same reasons."""
        for encounter in (one, other):
            self._access.require("encounters.decline", thing_of(encounter))
        holdings, ids = self._holdings(), {one.id, other.id}
        found = next((each for each in holdings.proposals() if {each.one, each.other} == ids), None)
        if found is None:
            raise InputError("it is not proposed that these two are one encounter", "Look at the proposals of each")
        tokens = holdings.tokens(holdings.members(one.id), holdings.members(other.id))
        self._ledger.decline(found, tokens, reason_of(why, "they are not one encounter"))
        self._audit_log.seal()

    def split(self, encounter: Encounter, recordings: Sequence[str], why: str) -> Encounter:
        """Take recordings, by id, beginning of an id or name, out of an encounter; together they are the one returned.

        They are not proposed for it again for the reasons of now.
        """
        self._access.require("encounters.split", thing_of(encounter))
        holdings = self._holdings()
        members = {one.id: one for one in holdings.members(encounter.id)}
        leaving = frozenset(_member(text, encounter, members) for text in recordings)
        seen = holdings.standing.membership.members(encounter.id)
        if not leaving or leaving == seen:
            what = "all recordings of an encounter cannot be taken out of it"
            raise InputError(what, "Name those that belong elsewhere, and leave at least one")
        tokens = holdings.tokens(
            [members[key] for key in leaving], [one for key, one in members.items() if key not in leaving]
        )
        into = self._ledger.split(encounter.id, seen, leaving, reason_of(why, "they do not belong together"), tokens)
        return self._sealed(into)

    def edit(self, encounter: Encounter, statements: Sequence[Statement], why: str) -> FactSheet:
        """State facts of an encounter, or take back with empty values what the same person stated before."""
        self._access.require("encounters.edit", thing_of(encounter))
        if not statements:
            raise InputError("nothing is stated of the encounter", "Name at least one fact")
        kept = [checked(one) for one in statements]
        self._ledger.state(encounter.id, kept, reason_of(why, "this is stated"))
        self._audit_log.seal()
        return self._sheet(encounter.id)

    def sync(
        self, encounter: Encounter, said: Mapping[str, str] | None = None, progress: Progress = no_progress
    ) -> Encounter:
        """Put its recordings in step: by the sound that they share, and by their clocks where there is none.

        ``said`` are seconds after the start of the encounter that a person gives for recordings (named as for
        :meth:`split`): they are kept as they are and nothing is compared, but for those of which it says ``sound``.
        What a person set stays until it is set again.
        """
        self._access.require("encounters.sync", thing_of(encounter))
        holdings = self._holdings()
        members = holdings.members(encounter.id)
        by_id = {one.id: one for one in members}
        wanted = in_step.as_said({_member(key, encounter, by_id): text for key, text in (said or {}).items()})
        stated = {key: in_step.by_person(ms) for key, ms in wanted.items() if ms is not None}
        now = {one.recording: one.offset for one in holdings.encounter(encounter.id).members if one.offset is not None}
        fixed = {key: one for key, one in now.items() if one.source is OffsetSource.PERSON and key not in wanted}
        compared: tuple[str, ...] = ()
        if len(stated) == len(wanted) > 0:
            found = {**now, **stated}
        else:
            with self._above.listen(members, progress) as sounds:
                compared = tuple(sorted(sounds))
                found = in_step.by_sound(members, {**fixed, **stated}, sounds, progress)
        kept = in_step.with_clocks(members, found)
        changed = {key: one for key, one in kept.items() if one != now.get(key)}
        detail = EncounterSynchronized(tuple(sorted(changed)), compared, tuple(sorted(stated)))
        self._ledger.place_in_time(encounter.id, holdings.standing.membership.members(encounter.id), kept, detail)
        return self._sealed(encounter.id)

    def compare_sound(self, most: int = hearing.MOST_PAIRS, progress: Progress = no_progress) -> hearing.SoundSearch:
        """Compare by sound at most so many pairs of recordings that nothing else settles; what is heard is kept.

        Those that hear the same are proposed from then on, and no pair is compared twice.
        """
        self._access.require("encounters.compare_sound")
        asked = self._holdings().worth_hearing()
        pairs = tuple(hearing.compared(asked[:most], self._above.listen, progress))
        if pairs:
            self._audit_log.append(Tag.ENCOUNTERS_COMPARED, "encounters", SoundsCompared(pairs))
            self._audit_log.seal()
        alike = sum(pair.confidence is not None for pair in pairs)
        return hearing.SoundSearch(len(pairs), alike, max(0, len(asked) - most))

    def import_records(self, path: Path, mapping: Path | None) -> ImportReport:
        """Import dispatch records by a mapping file; what is known already is not added again.

        Rows that cannot be taken end in the report. :class:`InputError` for a mapping that cannot be used.
        """
        self._access.require("encounters.import_records")
        holdings = self._holdings()
        numbers = {number for one in holdings.every() for number in holdings.numbers(one.id)}
        report = self._dispatch.run(path, mapping, numbers)
        self._audit_log.seal()
        return report

    def viewed(self, encounter: Encounter, how: str) -> None:
        """Write that an encounter was looked at, and how."""
        self._audit_log.append(Tag.ENCOUNTER_VIEWED, encounter.id, Viewed(how=how))

    def listed(self, count: int) -> None:
        """Write that the list was looked at."""
        self._audit_log.append(Tag.ENCOUNTERS_LISTED, "encounters", Viewed(count=count))

    def _sealed(self, encounter_id: str) -> Encounter:
        self._audit_log.seal()
        return self._holdings().encounter(encounter_id)

    def _holdings(self) -> Holdings:
        recordings = {one.id: one for one in self._recordings.list()}
        return Holdings(recordings, self._ledger.standing())


def thing_of(encounter: Encounter) -> Thing:
    """The encounter as the policy sees it."""
    return Thing("encounters", encounter.id, {"recording_id": tuple(one.recording for one in encounter.members)})


def _member(text: str, encounter: Encounter, members: Mapping[str, Recording]) -> str:
    """The recording of an encounter that ``text`` names; :class:`NotFound` unless it is one."""
    start = text.lower()
    found = [
        one.id
        for one in members.values()
        if one.name == text or (start and any(key.startswith(start) for key in (one.id, one.id.removeprefix("rec_"))))
    ]
    if len(found) == 1:
        return found[0]
    how = "no recording" if not found else f"{len(found)} recordings"
    what = f"{how} of {encounter.id} {'match' if len(found) > 1 else 'matches'} {shown_name(text)!r}"
    raise NotFound(what, "Take an ID from the encounter", Code.NOT_FOUND, noun="recording")
