"""Facts proposed from what is said in a recording, each with the words, their time and who says them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bodyworn.domain.encounter_facts import (
    ContactOutcome,
    ContactReason,
    EncounterFact,
    FactKind,
    FactSource,
    FactSourceKind,
)
from bodyworn.domain.role import Role, role_kind
from bodyworn.encounters.heard import RecordingTalk, SaidTurn
from bodyworn.encounters.said.outcomes import outcomes_in
from bodyworn.encounters.said.reasons import reasons_in
from bodyworn.encounters.said.sentences import Sentence, plain, sentences

#: Why there is contact and how it ends is said by those who decide it, or on the radio.
_THEY_SAY = frozenset({Role.OFFICER, Role.DISPATCH, Role.UNKNOWN})
#: What is left of the confidence where nobody knows who speaks.
_UNKNOWN_VOICE = 0.7
#: How soon the same voice goes on, in milliseconds.
_GOES_ON_MS = 4000


def said_facts(recording_id: str, conversation: RecordingTalk) -> list[EncounterFact]:
    """What is said of reason and outcome, each value once with its surest words, and the people that are heard."""
    found: dict[tuple[FactKind, str], EncounterFact] = {}
    for fact in _said(recording_id, conversation):
        known = found.get((fact.kind, fact.value))
        if known is None or (fact.source.confidence or 0) > (known.source.confidence or 0):
            found[fact.kind, fact.value] = fact
    named = [fact for fact in found.values() if fact.kind is FactKind.REASON and fact.value != ContactReason.OTHER]
    ended = [fact for fact in found.values() if fact.kind is FactKind.OUTCOME and fact.value != ContactOutcome.NONE]
    if named:
        found.pop((FactKind.REASON, ContactReason.OTHER.value), None)
    if ended:  # "you are free to go" after a warning does not take the warning back
        found.pop((FactKind.OUTCOME, ContactOutcome.NONE.value), None)
    said = sorted(found.values(), key=lambda fact: (fact.kind, fact.source.span is None, fact.source.span))
    return [*said, *_people(recording_id, conversation)]


def _said(recording_id: str, conversation: RecordingTalk) -> Iterator[EncounterFact]:
    for at, turn in enumerate(conversation.turns):
        if role_kind(turn.role) not in _THEY_SAY:
            continue
        every = list(sentences(turn.text))
        for number, sentence in enumerate(every):
            source = _source(recording_id, turn, sentence)
            following = " ".join(one.plain for one in every[number + 1 : number + 2]) or _goes_on(conversation, at)
            for said in reasons_in(sentence, following):
                quote = f"{sentence.quote} {_next_quote(every, number, conversation, at)}" if said.goes_on else ""
                if said.reason is not None:
                    yield _fact(FactKind.REASON, said.reason.value, source, said.confidence, quote.strip())
            for outcome, confidence in outcomes_in(sentence):
                yield _fact(FactKind.OUTCOME, outcome.value, source, confidence)


def _fact(kind: FactKind, value: str, source: FactSource, confidence: float, quote: str = "") -> EncounterFact:
    sure = confidence * (_UNKNOWN_VOICE if role_kind(source.role) is Role.UNKNOWN else 1)
    return EncounterFact(kind, value, replace(source, confidence=round(sure, 2), quote=quote or source.quote))


def _source(recording_id: str, turn: SaidTurn, sentence: Sentence) -> FactSource:
    return FactSource(FactSourceKind.SAID, recording=recording_id, span=turn.span, role=turn.role, quote=sentence.quote)


def _following(conversation: RecordingTalk, at: int) -> SaidTurn | None:
    """The next turn, if the same voice goes on with it."""
    turn, following = conversation.turns[at], conversation.turns[at + 1 : at + 2]
    if following and following[0].speaker == turn.speaker and following[0].role == turn.role:
        return following[0] if following[0].span.start_ms - turn.span.end_ms <= _GOES_ON_MS else None
    return None


def _goes_on(conversation: RecordingTalk, at: int) -> str:
    following = _following(conversation, at)
    return plain(following.text) if following else ""


def _next_quote(every: list[Sentence], number: int, conversation: RecordingTalk, at: int) -> str:
    if number + 1 < len(every):
        return every[number + 1].quote
    following = _following(conversation, at)
    return next((one.quote for one in sentences(following.text)), "") if following else ""


def _people(recording_id: str, conversation: RecordingTalk) -> Iterator[EncounterFact]:
    """The voices that are heard, by role; who they are is not told by a voice."""
    for speaker, role in sorted(conversation.roles.items()):
        if role_kind(role) is not Role.UNKNOWN:
            source = FactSource(FactSourceKind.SAID, recording=recording_id, role=role)
            yield EncounterFact(FactKind.PERSON, f"voice {speaker}", source, role)
