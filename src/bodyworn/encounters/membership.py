"""Which recording belongs to which encounter, replayed from rows of placements. A recording without any is alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from bodyworn.domain.encounter import own_encounter_id, recording_of_own
from bodyworn.storage.rows.encounters import PlacementRow


class Membership:
    """Where every recording is now, and what became of encounters that are empty."""

    def __init__(self, placements: Iterable[PlacementRow]) -> None:
        self._where: dict[str, str] = {}
        self._members: dict[str, set[str]] = defaultdict(set)
        self._heir: dict[str, str] = {}
        for row in placements:
            self._put(row["recording_id"], row["encounter_id"])

    def _put(self, recording_id: str, encounter_id: str) -> None:
        before = self.of(recording_id)
        self._members[before].discard(recording_id)
        self._members[encounter_id].add(recording_id)
        self._where[recording_id] = encounter_id
        if before != own_encounter_id(recording_id) and not self._members[before]:
            self._heir[before] = encounter_id

    def of(self, recording_id: str) -> str:
        """The encounter that a recording belongs to now."""
        return self._where.get(recording_id, own_encounter_id(recording_id))

    def members(self, encounter_id: str) -> frozenset[str]:
        """The recordings of an encounter, also those that an actor may not see."""
        own = recording_of_own(encounter_id)
        alone = {own} if own is not None and self.of(own) == encounter_id else set()
        return frozenset(self._members.get(encounter_id, set()) | alone)

    def now(self, encounter_id: str) -> str:
        """The encounter that stands in its place: itself, or the one that its recordings were joined into."""
        seen: set[str] = set()
        while encounter_id not in seen and not self._members.get(encounter_id):
            seen.add(encounter_id)
            own = recording_of_own(encounter_id)
            encounter_id = self.of(own) if own is not None else self._heir.get(encounter_id, encounter_id)
        return encounter_id

    def names_of(self, encounter_id: str) -> frozenset[str]:
        """The ids under which things were said of an encounter: its own, those joined into it, those of its members."""
        joined = {before for before in self._heir if self.now(before) == encounter_id and not self._members[before]}
        return frozenset({encounter_id, *joined, *map(own_encounter_id, self.members(encounter_id))})
