"""Transcript and findings of an encounter over a real library: read from what stages made, for those who may read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bodyworn.access.policy import Grant, LocalPolicy
from bodyworn.bootstrap import Library, open_library
from bodyworn.domain.action import Action
from bodyworn.domain.actor import Actor
from bodyworn.domain.codec import to_json
from bodyworn.domain.encounter import Encounter
from bodyworn.domain.progress import Progress
from bodyworn.domain.visibility import OneOf
from bodyworn.engine.stage import Artifact, Inputs
from bodyworn.findings import plan
from bodyworn.findings.artifacts.utterances import AssignedRole, UtterancesArtifact
from bodyworn.findings.joined.reading import MAY_NOT
from tests.engine.fake_stages import Echo
from tests.makers.cameras import filmed
from tests.makers.talk import utterances


@dataclass(frozen=True)
class Stop(Echo):
    """Stands for utterances: the same stop, heard by two cameras, each better what is near it."""

    name: str = "utterances"
    needs: tuple[str, ...] = ("audio",)

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        rear = b"rear" in inputs.source.read_bytes()
        lines = [(1.0, "S1", "you were speeding back there", 0.4 if rear else 0.9)]
        lines += [(5.0, "S2", "I did not see the sign", 0.9 if rear else 0.4)]
        moved = [(start - 2 * rear, who, text, sure) for start, who, text, sure in lines if start > 2 or not rear]
        roles = {"S1": AssignedRole("officer", 1.0, ()), "S2": AssignedRole("community", 1.0, ())}
        return Artifact(self.makes, to_json(UtterancesArtifact(utterances(moved), roles)))


@dataclass(frozen=True)
class OneOnly(LocalPolicy):
    """Findings of one recording alone."""

    seen: str = ""

    def grant(self, actor: Actor, action: Action) -> Grant:
        """Nothing of the findings of others."""
        if action.noun == "findings":
            return Grant(OneOf("id", frozenset({self.seen})), "findings of one", "")
        return super().grant(actor, action)


def joined(library: Library) -> Encounter:
    """Two cameras at one stop, the second starts 2 s later, as a person says."""
    ones = [filmed(library, name, seconds=20.0) for name in ("front", "rear")]
    for one in ones:
        library.findings.run(one)
    encounter = library.encounters.join([library.encounters.get(one.id) for one in ones], "one stop")
    return library.encounters.sync(encounter, {"rear.wav": "2"})


def test_what_stages_made_becomes_one_transcript(new_library: Callable[..., Library]) -> None:
    library = new_library([Stop("utterances")])
    encounter = joined(library)
    said = library.findings.joined_transcript(encounter)
    names = {one.recording: one.name for one in said.recordings}
    assert [(names[one.recording], one.text, one.at.start_ms) for one in said.utterances] == [
        ("front.wav", "you were speeding back there", 1000),
        ("rear.wav", "I did not see the sign", 3000),
    ]
    assert [one.utterances for one in said.recordings] == [1, 1]
    found = library.findings.joined_findings(encounter)
    assert [sorted(one.not_made) for one in found.recordings] == [[], []]


def test_an_encounter_of_one_is_not_marked_as_placed_by_a_clock(new_library: Callable[..., Library]) -> None:
    library = new_library([Stop("utterances")])
    recording = filmed(library, "front", seconds=20.0)
    encounter = library.encounters.get(recording.id)
    (one,) = library.findings.joined_transcript(encounter).recordings
    assert (one.by_clock, one.not_read) == (False, "utterances: not run yet")
    library.findings.run(recording)
    assert len(library.findings.joined_transcript(encounter).utterances) == 2


def test_a_recording_whose_findings_the_actor_may_not_read_gives_no_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "STAGES", (Stop("utterances"),))
    monkeypatch.setenv("BODYWORN_WORKERS", "0")
    with open_library(tmp_path / "library", create=True) as library:
        joined(library)
        front = library.recordings.get("front.wav")
    with open_library(tmp_path / "library", policy=OneOnly(front.id)) as library:
        encounter = library.encounters.get("front.wav")
        said = library.findings.joined_transcript(encounter)
        assert {one.recording for one in said.utterances} == {front.id}
        assert all(not one.also for one in said.utterances)
        assert [one.not_read for one in said.recordings] == ["", MAY_NOT]
        assert library.findings.joined_findings(encounter).recordings[1].not_read == MAY_NOT
        assert library.audit_log.newest(1)[0].tag != "access.denied", "the rest is left out, and no attempt"
