"""The encounters that one actor may see, put together from recordings and rows: read once, then asked often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from bodyworn.domain.encounter import PREFIX, Encounter, EncounterMember, JoinProposal
from bodyworn.domain.encounter_facts import FactKind
from bodyworn.domain.recording import Recording
from bodyworn.encounters import clocks, hearing, in_step, proposing
from bodyworn.encounters.ledger import Standing
from bodyworn.encounters.proposing import Pair
from bodyworn.encounters.statements import stated_facts

_NO_CLOCK = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Holdings:
    """The recordings that the actor may see by id, and what the rows say of them."""

    recordings: Mapping[str, Recording]
    standing: Standing

    def members(self, encounter_id: str) -> list[Recording]:
        """The recordings of an encounter, by start, then by when they came in."""
        ids = self.standing.membership.members(encounter_id)
        return sorted((self.recordings[key] for key in ids if key in self.recordings), key=_by_start)

    def encounter(self, encounter_id: str) -> Encounter:
        """The encounter of that id, as it is now."""
        members = self.members(encounter_id)
        stored = {one.id: self.standing.offsets.get((encounter_id, one.id)) for one in members}
        known = {key: one for key, one in stored.items() if one is not None}
        offsets = in_step.with_clocks(members, known)
        return Encounter(
            encounter_id,
            tuple(
                EncounterMember(
                    one.id,
                    one.name,
                    one.duration_ms,
                    clock.starts_at if (clock := clocks.clock_of(one)) else None,
                    clock.field if clock else "",
                    offsets.get(one.id),
                )
                for one in members
            ),
        )

    def every(self) -> list[Encounter]:
        """All encounters, oldest first; those without a clock come before."""
        ids = {self.standing.membership.of(recording) for recording in self.recordings}
        return sorted(map(self.encounter, ids), key=lambda one: (one.starts_at or _NO_CLOCK, one.id))

    def named(self, text: str) -> set[str]:
        """The ids of encounters that ``text`` names: by the beginning of an id, or as those of a recording.

        An id that was joined into another encounter names that one.
        """
        start, membership = text.lower(), self.standing.membership
        whole = membership.now(start) if start.startswith(PREFIX) else ""
        if whole and self.members(whole):
            return {whole}
        ids = {membership.of(recording) for recording in self.recordings}
        found = {one for one in ids if start and (one.startswith(start) or one.startswith(PREFIX + start))}
        return found or {membership.of(one.id) for one in self.recordings.values() if _is_named(one, text)}

    def proposals(self) -> list[JoinProposal]:
        """Which encounters may be one, the surest first."""
        every = [self._stated(one) for one in self.recordings.values()]
        return proposing.proposals(every, self.standing.membership, self.standing.declined, self.standing.sounds)

    def worth_hearing(self) -> list[tuple[Recording, Recording]]:
        """The pairs of recordings that only sound can tell of, and that were not compared yet."""
        every = [self._stated(one) for one in self.recordings.values()]
        return hearing.worth_hearing(every, self.standing.membership, self.standing.sounds)

    def numbers(self, encounter_id: str) -> list[str]:
        """The dispatch numbers of an encounter, by its cameras and by people."""
        names = self.standing.membership.names_of(encounter_id)
        said = [fact.value for fact in stated_facts(self.standing.statements, names) if fact.kind is FactKind.NUMBER]
        return [*filter(None, map(clocks.number_of, self.members(encounter_id))), *said]

    @cached_property
    def _said_numbers(self) -> Mapping[str, str]:
        """The number that a person states of an encounter, by its recordings."""
        spoken_of = {row["encounter_id"] for row in self.standing.statements if row["kind"] == FactKind.NUMBER}
        found: dict[str, str] = {}
        for encounter_id in {self.standing.membership.now(one) for one in spoken_of}:
            for number in self.numbers(encounter_id)[-1:]:
                found |= dict.fromkeys(self.standing.membership.members(encounter_id), number)
        return found

    def _stated(self, recording: Recording) -> proposing.Stated:
        return proposing.stated(recording, self._said_numbers.get(recording.id, ""))

    def tokens(self, ones: Iterable[Recording], others: Sequence[Recording]) -> dict[Pair, frozenset[str]]:
        """For each pair of the two groups the reasons of now, by which a declined proposal is remembered."""
        found: dict[Pair, frozenset[str]] = {}
        for one in ones:
            for other in others:
                reasons = proposing.reasons_to_join(self._stated(one), self._stated(other), self.standing.sounds)
                if tokens := frozenset(reason.token for reason in reasons if not reason.against):
                    found[proposing.pair_of(one.id, other.id)] = tokens
        return found


def _by_start(recording: Recording) -> tuple[datetime, datetime, str]:
    clock = clocks.clock_of(recording)
    return clock.starts_at if clock else _NO_CLOCK, recording.taken_in_at, recording.id


def _is_named(recording: Recording, text: str) -> bool:
    """As :meth:`Recordings.get <bodyworn.recordings.service.Recordings.get>` finds recordings."""
    start = text.lower()
    letters = recording.id.removeprefix("rec_")
    return bool(start) and (
        recording.name == text or any(key.startswith(start) for key in (recording.id, letters, recording.sha256))
    )
