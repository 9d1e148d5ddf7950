"""What a stage made of the words reaches the facts of an encounter, and only for those who may read them."""

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
from bodyworn.domain.encounter_facts import FactKind
from bodyworn.domain.progress import Progress
from bodyworn.domain.span import Span
from bodyworn.domain.visibility import Nothing
from bodyworn.engine.stage import Artifact, Inputs
from bodyworn.findings import plan
from bodyworn.findings.artifacts.utterances import AssignedRole, Utterance, UtterancesArtifact
from tests.engine.fake_stages import Echo
from tests.makers.cameras import filmed


@dataclass(frozen=True)
class Stop(Echo):
    """Stands for utterances: a stop, with a line in Spanish."""

    name: str = "utterances"
    needs: tuple[str, ...] = ("audio",)

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        said = [("You were speeding.", "en"), ("I'm giving you a warning.", "en"), ("You're under arrest.", "es")]
        utterances = tuple(
            Utterance(at, Span(at * 1000, at * 1000 + 900), "S1", "officer", 1.0, text, 1.0, (), language)
            for at, (text, language) in enumerate(said)
        )
        roles = {"S1": AssignedRole("officer", 1.0, ("a test",))}
        return Artifact(self.makes, to_json(UtterancesArtifact(utterances, roles)))


@dataclass(frozen=True)
class NoFootage(LocalPolicy):
    """All but what was found in footage."""

    def grant(self, actor: Actor, action: Action) -> Grant:
        """Nothing of findings."""
        if action.noun == "findings":
            return Grant(Nothing(), "", "sees no footage")
        return super().grant(actor, action)


def outcomes(library: Library) -> list[str]:
    sheet = library.encounters.facts(library.encounters.get("a.wav"))
    return [fact.value for fact in sheet.of(FactKind.OUTCOME)]


def test_words_become_facts_when_they_are_made(new_library: Callable[..., Library]) -> None:
    library = new_library([Stop("utterances")])
    recording = filmed(library, "a")
    assert outcomes(library) == []
    library.findings.run(recording)
    assert outcomes(library) == ["warning"], "what was said in another language is not read as English"


def test_who_may_not_read_the_words_is_shown_none_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "STAGES", (Stop("utterances"),))
    monkeypatch.setenv("BODYWORN_WORKERS", "0")
    with open_library(tmp_path / "library", create=True) as library:
        library.findings.run(filmed(library, "a"))
    with open_library(tmp_path / "library", policy=NoFootage()) as library:
        assert outcomes(library) == []
        assert library.audit_log.newest(1)[0].tag != "access.denied", "facts of other sources are no attempt to listen"
