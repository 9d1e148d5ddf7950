"""Reason and outcome from what is said: what is stated counts; what is denied, only possible or asked does not."""

from __future__ import annotations

import pytest

from bodyworn.domain.encounter_facts import EncounterFact, FactKind
from bodyworn.domain.span import Span
from bodyworn.encounters.heard import RecordingTalk, SaidTurn
from bodyworn.encounters.said.proposing import said_facts


def facts(*said: str, role: str = "officer") -> list[EncounterFact]:
    """What is proposed from these turns of one voice; ``community: …`` is said by another."""
    turns = []
    for number, text in enumerate(said):
        who, colon, words = text.partition(": ")
        speaker, spoken = (who, words) if colon else (role, text)
        turns.append(SaidTurn(Span(number * 3000, number * 3000 + 2500), speaker, spoken, speaker))
    return said_facts("rec_a", RecordingTalk(tuple(turns)))


def values(kind: FactKind, *said: str) -> list[str]:
    return [fact.value for fact in facts(*said) if fact.kind is kind]


REASONS = {
    "The reason I stopped you is your speed.": "speeding",
    "the reason i stopped you today is you were doing eighty two in a fifty five": "speeding",
    "I pulled you over for tailgating.": "driving",
    "I clocked you at sixty-six in a forty-five.": "speeding",
    "You ran that stop sign back there.": "traffic_signal",
    "i stopped you cause you drifted over the center line twice": "lane_or_turn",
    "The reason for the stop is you crossed the double yellow.": "lane_or_turn",
    "you got a tail light out": "equipment",
    "The reason I pulled you over is you're not wearing your belt.": "seat_belt",
    "reason I stopped you your tags are expired": "registration",
    "i stopped you for the phone you were holding it": "phone",
    "We're just here to do a welfare check.": "welfare_check",
    "We got a call about loud music.": "disturbance",
    "Somebody called and reported a man with a rifle.": "weapon",
    "You've got a warrant out of Pryor County.": "warrant",
    "You hit a parked car and left, that's why we're here.": "crash",
    "The reason I stopped you is something my sergeant saw.": "other",
}


@pytest.mark.parametrize("said", REASONS)
def test_the_reason_of_contact_is_proposed_with_its_words(said: str) -> None:
    found = [fact for fact in facts(said) if fact.kind is FactKind.REASON]
    assert [fact.value for fact in found] == [REASONS[said]]
    assert found[0].source.quote == said
    assert found[0].source.span == Span(0, 2500)


OUTCOMES = {
    "I'm giving you a warning.": "warning",
    "i'm just gonna give you a written warning today": "warning",
    "I'm going to let you off with a warning.": "warning",
    "This here's just a warning, get it fixed.": "warning",
    "I'm not gonna write you on that bulb. This is just a warning.": "warning",
    "I'm going to write you a citation for the speed.": "citation",
    "im gonna have to write you a ticket": "citation",
    "You are being cited for speeding.": "citation",
    "Here's your ticket.": "citation",
    "You're under arrest for driving under the influence.": "arrest",
    "turn around youre under arrest for the domestic": "arrest",
    "I'm placing you under arrest.": "arrest",
    "We're going to take you to the hospital.": "transport",
    "Dispatch, transporting one male to County.": "transport",
    "You're free to go.": "none",
    "There's no ticket today.": "none",
}


@pytest.mark.parametrize("said", OUTCOMES)
def test_the_outcome_is_proposed_with_its_words(said: str) -> None:
    assert values(FactKind.OUTCOME, said) == [OUTCOMES[said]]


@pytest.mark.parametrize(
    "said",
    [
        "I could give you a ticket.",
        "I'm not going to arrest you.",
        "You're not under arrest.",
        "you aint under arrest",
        "If you don't step out, you're under arrest.",
        "You're under arrest if you touch him again.",
        "Step back or you're under arrest.",
        "I should write you a citation.",
        "I was going to write you a ticket.",
        "Next time I'm writing you a ticket.",
        "I might give you a warning.",
        "This is your last warning.",
        "I'm giving you one warning.",
        "You take one more step and you're going to jail.",
        "Are you under arrest?",
        "Have you ever been arrested?",
        "Am I giving you a ticket?",
        "Do you want me to write you a ticket?",
        "He said you're under arrest.",
        "We could take you to the hospital.",
        "Nobody is under arrest.",
    ],
)
def test_what_is_denied_possible_or_asked_is_no_outcome(said: str) -> None:
    assert set(values(FactKind.OUTCOME, said)) <= {"none"}


@pytest.mark.parametrize(
    "said",
    [
        "Do you know why I stopped you?",
        "I didn't stop you for speeding.",
        "The reason I stopped you is not your speed.",
        "We're here to help you.",
        "If I stopped you for speeding every time, I'd never go home.",
        "Were you speeding?",
        "he cut your lights off",
    ],
)
def test_what_is_denied_possible_or_asked_is_no_reason(said: str) -> None:
    assert values(FactKind.REASON, said) in ([], ["other"])


def test_those_who_do_not_decide_it_do_not_say_it() -> None:
    said = [
        "community: You're giving me a ticket.",
        "community: I stopped you for speeding.",
        "community: I'm under arrest.",
    ]
    assert facts(*said) == []


def test_a_voice_nobody_knows_is_less_sure() -> None:
    known, unknown = (facts("You're under arrest.", role=role)[0].source.confidence for role in ("officer", "unknown"))
    assert (known, unknown) == (0.9, 0.63)


def test_the_same_voice_may_go_on_with_the_reason() -> None:
    (found,) = facts("The reason I stopped you today.", "Is your speed back there.")
    assert found.value == "speeding"
    assert found.source.quote == "The reason I stopped you today. Is your speed back there."


def test_free_to_go_does_not_take_a_warning_back_and_each_value_is_told_once() -> None:
    said = ["I'm giving you a warning.", "You're free to go.", "So I'm giving you a warning, okay."]
    assert values(FactKind.OUTCOME, *said) == ["warning"]


def test_two_outcomes_are_both_shown() -> None:
    said = ["I'm writing you a citation for the speed.", "The light, I'm giving you a warning on."]
    assert sorted(values(FactKind.OUTCOME, *said)) == ["citation", "warning"]


def test_voices_are_people_by_role_and_have_no_names() -> None:
    spoken = RecordingTalk((), {"S1": "officer", "S2": "community", "S3": "unknown"})
    assert [(fact.role, fact.value) for fact in said_facts("rec_a", spoken)] == [
        ("officer", "voice S1"),
        ("community", "voice S2"),
    ]
