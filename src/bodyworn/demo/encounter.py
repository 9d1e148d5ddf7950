"""The demo's own acts: it imports the dispatch records, joins the two recordings as proposed, and puts them in step.

In earnest a person joins recordings. Here the demo does, says so, and the audit log keeps who it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.domain.encounter import Encounter, JoinProposal, OffsetSource
from bodyworn.domain.encounter_facts import FactSheet
from bodyworn.domain.progress import Progress

if TYPE_CHECKING:
    from bodyworn.bootstrap import Library
    from bodyworn.demo.sample import Sample
    from bodyworn.domain.recording import Recording
    from bodyworn.encounters.dispatch.records import ImportReport

#: Under this typed name, beside the account of the system, the demo acts.
NAME = "bodyworn demo"
_WHY = "the demo joins its two recordings, as proposed, so that this can be seen; in earnest a person does"


@dataclass(frozen=True)
class DemoEncounter:
    """The encounter with its facts, and how well it is put in step; ``step`` is ``None`` where sound told nothing."""

    encounter: Encounter
    sheet: FactSheet
    step: Step | None


@dataclass(frozen=True)
class Step:
    """Where the second recording begins after the first, in ms: by sound, by the clocks, and as it was drawn."""

    by_sound_ms: int
    by_clocks_ms: int
    drawn_ms: int
    sound_delay_ms: int
    clock_ahead_ms: int

    @property
    def off_ms(self) -> int:
        """By how much sound is off the truth."""
        return self.by_sound_ms - self.drawn_ms

    @property
    def found_ahead_ms(self) -> int:
        """How far ahead the second clock is, by sound."""
        return self.by_clocks_ms - self.by_sound_ms


@dataclass(frozen=True)
class Hearers:
    """Who is told what the demo does: rows of dispatch that came in, what is proposed, how far sound is compared."""

    imported: Callable[[ImportReport], None]
    proposed: Callable[[JoinProposal], None]
    progress: Progress


def put_together(
    library: Library, sample: Sample, pair: tuple[Recording, Recording], hearers: Hearers
) -> DemoEncounter | None:
    """Import, join and put in step what is not yet; ``None`` where a person has parted the two: that stands."""
    encounters = library.acting(replace(library.audit_log.actor, stated_name=NAME)).encounters
    hearers.imported(encounters.import_records(*sample.second.papers.calls))
    one, other = (encounters.get(recording.id) for recording in pair)
    if one.id != other.id:
        proposal = next((found for found in encounters.proposals(one) if found.concerns(other.id)), None)
        if proposal is None:
            return None
        hearers.proposed(proposal)
        one = encounters.join([one, other], _WHY)
    if not any(member.offset and member.offset.source is OffsetSource.SOUND for member in one.members):
        one = encounters.sync(one, progress=hearers.progress)
    return DemoEncounter(one, encounters.facts(one), _step(one, pair, sample.second.truth))


def _step(encounter: Encounter, pair: tuple[Recording, Recording], truth: Path) -> Step | None:
    members = {member.recording: member for member in encounter.members}
    first, second = (members[recording.id] for recording in pair)
    by_sound = first.offset and second.offset and OffsetSource.SOUND in (first.offset.source, second.offset.source)
    if not by_sound or first.starts_at is None or second.starts_at is None:
        return None
    assert first.offset is not None
    assert second.offset is not None
    told = json.loads(truth.read_text("utf-8"))
    return Step(
        second.offset.offset_ms - first.offset.offset_ms,
        round((second.starts_at - first.starts_at).total_seconds() * 1000),
        told["starts_ms"],
        told["sound_delay_ms"],
        told["clock_ahead_ms"],
    )
