"""What the pages read of encounters, and what viewing them writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from bodyworn.domain.encounter import Encounter, JoinProposal
from bodyworn.domain.encounter_facts import FactSheet
from bodyworn.domain.errors import Code, NotFound

if TYPE_CHECKING:
    from bodyworn.bootstrap import Library
    from bodyworn.findings.joined.told import EncounterFindings
    from bodyworn.findings.joined.transcript import JoinedTranscript


class EncounterQueries(Protocol):
    """What the pages read of encounters, and the events of reading it."""

    def newest_first(self) -> Sequence[Encounter]:
        """All encounters, newest first."""

    def by_id(self, encounter_id: str) -> Encounter:
        """The encounter of that full id, or the one that it was joined into; ``NotFound`` otherwise."""

    def facts(self, encounter: Encounter) -> FactSheet:
        """All that is known of it, by source."""

    def proposals(self, encounter: Encounter | None = None) -> Sequence[JoinProposal]:
        """Which encounters may be one; of one, or of all."""

    def transcript(self, encounter: Encounter) -> JoinedTranscript:
        """The one transcript of its recordings."""

    def findings(self, encounter: Encounter) -> EncounterFindings:
        """What its recordings tell together."""

    def view(self, encounter: Encounter, how: str = "opened") -> None:
        """Write that an encounter is viewed, and what of it; before anything of it is shown."""

    def view_list(self, count: int) -> None:
        """Write that the list of ``count`` encounters is viewed."""


class LibraryEncounters:
    """:class:`EncounterQueries` over a real library; ``acting`` gives it for the person of the request at hand."""

    def __init__(self, acting: Callable[[], Library]) -> None:
        self._acting = acting

    def newest_first(self) -> Sequence[Encounter]:
        """All encounters, newest first."""
        return list(reversed(self._acting().encounters.list()))

    def by_id(self, encounter_id: str) -> Encounter:
        """The encounter of that full id; names and beginnings of ids do not count in an address."""
        if len(encounter_id) < _SHORTEST or not encounter_id.startswith("enc_"):
            raise NotFound("No encounter has this ID", "Look for it in the list", Code.NOT_FOUND, noun="encounter")
        return self._acting().encounters.get(encounter_id)

    def facts(self, encounter: Encounter) -> FactSheet:
        """All that is known of it, by source."""
        return self._acting().encounters.facts(encounter)

    def proposals(self, encounter: Encounter | None = None) -> Sequence[JoinProposal]:
        """Which encounters may be one; of one, or of all."""
        return self._acting().encounters.proposals(encounter)

    def transcript(self, encounter: Encounter) -> JoinedTranscript:
        """The one transcript of its recordings."""
        return self._acting().findings.joined_transcript(encounter)

    def findings(self, encounter: Encounter) -> EncounterFindings:
        """What its recordings tell together."""
        return self._acting().findings.joined_findings(encounter)

    def view(self, encounter: Encounter, how: str = "opened") -> None:
        """Write that it is viewed, and what of it."""
        self._acting().encounters.viewed(encounter, how)

    def view_list(self, count: int) -> None:
        """Write that the list is viewed."""
        self._acting().encounters.listed(count)


#: Letters of the shortest whole id.
_SHORTEST = len("enc_") + 16
