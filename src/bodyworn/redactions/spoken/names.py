"""Names: what hints at them put together, spelled names, and again wherever the same name comes back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from bodyworn.domain.language import SPANISH
from bodyworn.domain.redaction import Reason
from bodyworn.domain.role import is_officer
from bodyworn.redactions.spoken import name_hints, name_words, rules, spanish
from bodyworn.redactions.spoken.identifiers import spells_a_name
from bodyworn.redactions.spoken.name_shapes import NameHint
from bodyworn.redactions.spoken.numbers import Run
from bodyworn.redactions.spoken.proposal import SpokenProposal
from bodyworn.redactions.spoken.rules import SpokenRule
from bodyworn.redactions.spoken.tagger import WordTag
from bodyworn.redactions.spoken.words import SpokenTranscript


def names(
    heard: SpokenTranscript,
    found: Sequence[Run],
    tags: Mapping[int, WordTag],
    common: AbstractSet[str],
    known: AbstractSet[str],
    officers_too: bool,
) -> list[SpokenProposal]:
    """Names of people, of officers (by rank or their own introduction) only if ``officers_too``.

    ``common`` are words of English; ``known`` are words that are no names in this recording.
    """
    spelled = list(_spelled(heard, found, officers_too))
    by_word = _surest(_hints(heard, tags, spelled, common, known))
    if not officers_too:
        by_word = {index: rule for index, rule in by_word.items() if not _of_officer(heard, index)}
    surely = [index for index, rule in by_word.items() if rule.confidence >= rules.SURE_NAME]
    again = {heard.words[index].plain.removesuffix("'s") for index in surely}
    again = {word for word in again if word not in common and len(word) > 2}
    for word in heard.words:
        officers = not officers_too and _of_officer(heard, word.index)
        if word.index not in by_word and word.plain.removesuffix("'s") in again and not officers:
            by_word[word.index] = rules.NAME_AGAIN
    for index in list(by_word):
        for beside in _misheard(heard, index):
            by_word.setdefault(beside, rules.NAME_MISHEARD)
    return spelled + list(_joined(heard, by_word, spelled))


def _hints(
    heard: SpokenTranscript,
    tags: Mapping[int, WordTag],
    spelled: Sequence[SpokenProposal],
    common: AbstractSet[str],
    known: AbstractSet[str],
) -> Iterator[NameHint]:
    """All that hints at a name, in either language."""
    makers: tuple[Iterator[NameHint], ...] = (
        name_hints.tagged(heard, tags, common),
        name_hints.led(heard, common),
        name_hints.answered(heard, common),
        name_hints.titled(heard, common),
        name_hints.capital(heard, tags, common | known),
        name_hints.before_letters(heard, spelled, common),
        name_hints.read_out(heard, common),
        name_hints.strange(heard, common | known),
    )
    yield from (hint for maker in makers for hint in maker if not _in_spanish(heard, hint))
    yield from spanish.names(heard)


def _surest(hints: Iterable[NameHint]) -> dict[int, SpokenRule]:
    """By word the rule that is surest that it is a name; the first of those that are as sure."""
    by_word: dict[int, SpokenRule] = {}
    for hint in hints:
        if hint.index not in by_word or hint.rule.confidence > by_word[hint.index].confidence:
            by_word[hint.index] = hint.rule
    return by_word


def _in_spanish(heard: SpokenTranscript, hint: NameHint) -> bool:
    """Whether a hint that knows English words only is of a Spanish line; titles and spelling hold there too."""
    line = heard.lines[heard.words[hint.index].line]
    return line.language == SPANISH and hint.rule not in (rules.NAME_AFTER_TITLE, rules.NAME_BEFORE_LETTERS)


def _misheard(heard: SpokenTranscript, index: int) -> Iterator[int]:
    """Words beside a name that the recognizer itself doubts: the rest of it, most likely."""
    line = heard.lines[heard.words[index].line]
    for step in (1, -1):
        beside = index + step
        while line.first <= beside < line.last and abs(beside - index) <= 3:
            word, inner = heard.words[beside], heard.words[beside - (step > 0)]
            if (
                inner.stop
                or inner.text.endswith(",")
                or word.confidence >= name_words.DOUBTED
                or word.plain in name_words.NO_PART | name_words.RANKS
            ):
                break
            yield beside
            beside += step


def _joined(
    heard: SpokenTranscript, by_word: Mapping[int, SpokenRule], spelled: Sequence[SpokenProposal]
) -> Iterator[SpokenProposal]:
    """Neighboring words of a name as one proposal; a one-letter initial between or after them goes along."""
    current: SpokenProposal | None = None
    for index in sorted(by_word):
        rule = by_word[index]
        if any(item.first <= index <= item.last for item in spelled):
            continue
        if current is not None and _together(heard, current.last, index):
            surer = current.rule.as_sure_as(max(current.confidence, rule.confidence))
            current = replace(current, last=index, rule=surer)
            continue
        if current is not None:
            yield current
        current = SpokenProposal(index, index, Reason.NAME, rule)
    if current is not None:
        yield current


def _together(heard: SpokenTranscript, one: int, other: int) -> bool:
    bridged = (
        other == one + 2
        and heard.words[one + 1].plain in name_words.INSIDE
        and not heard.words[one].text.endswith((",", "."))
    )
    return (other == one + 1 or bridged) and heard.words[one].line == heard.words[other].line


def _spelled(heard: SpokenTranscript, found: Sequence[Run], officers_too: bool) -> Iterator[SpokenProposal]:
    """Names spelled letter by letter; double letters said as words go along."""
    for run in found:
        if run.digits or run.mixed:
            continue
        letters = run.letters - run.phonetic
        if spells_a_name(heard, run) and (officers_too or not _of_officer(heard, run.first)):
            yield SpokenProposal(run.first, run.last, Reason.NAME, rules.NAME_SPELLED_WHEN_ASKED)
            continue
        told = name_words.SPELL.search(f"{heard.before(run.first)} {heard.asked(run.first)}")
        if letters < 2 or (letters < 4 and not told) or run.phonetic > letters:
            continue
        if not officers_too and _of_officer(heard, run.first):
            continue
        rule = rules.NAME_SPELLED_WHEN_ASKED if told else rules.NAME_SPELLED
        yield SpokenProposal(run.first, run.last, Reason.NAME, rule)


def _of_officer(heard: SpokenTranscript, index: int) -> bool:
    """Whether a name belongs to an officer: said after a rank, or by an officer who introduces himself."""
    line = heard.lines[heard.words[index].line]
    before = heard.plain(max(line.first, index - 3), index).split()
    if any(word in name_words.RANKS for word in before):
        return True
    introduces = re.search(r"\b(i'm|i am|my name is|my name's|this is)( \w+)?\Z", " ".join(before))
    return bool(introduces) and is_officer(line.role)
