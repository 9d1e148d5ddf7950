"""Names: by the network, by how people introduce, ask and spell, and again wherever the same name comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from bodyworn.domain.redaction import Reason
from bodyworn.redactions.spoken import name_words
from bodyworn.redactions.spoken.name_marks import (
    Guess,
    before_letters,
    can_be,
    guess,
    of_officer,
    read_out,
    spelled_names,
    unusual,
)
from bodyworn.redactions.spoken.numbers import Run
from bodyworn.redactions.spoken.proposal import SpokenProposal
from bodyworn.redactions.spoken.rules import SURE_NAME
from bodyworn.redactions.spoken.tagger import WordTag
from bodyworn.redactions.spoken.words import SpokenTranscript


def names(
    talk: SpokenTranscript,
    found: Sequence[Run],
    tags: Mapping[int, WordTag],
    common: AbstractSet[str],
    officers_too: bool,
) -> list[SpokenProposal]:
    """Names of people. Names of officers, told by rank or in their own introduction, only if ``officers_too``."""
    spelled = list(spelled_names(talk, found, officers_too))
    by_word: dict[int, Guess] = {}
    makers: tuple[Iterator[tuple[int, Guess]], ...] = (
        _tagged(talk, tags, common),
        _led(talk, common),
        _answered(talk, common),
        _titled(talk, common),
        _capital(talk, tags, common),
        before_letters(talk, spelled, common),
        read_out(talk, common),
        _strange(talk, common),
    )
    for maker in makers:
        for index, told in maker:
            if index not in by_word or told[0] > by_word[index][0]:
                by_word[index] = told
    if not officers_too:
        by_word = {index: told for index, told in by_word.items() if not of_officer(talk, index)}
    again = {talk.words[i].plain.removesuffix("'s") for i, (sure, _) in by_word.items() if sure >= SURE_NAME}
    again = {word for word in again if word not in common and len(word) > 2}
    for word in talk.words:
        officers = not officers_too and of_officer(talk, word.index)
        if word.index not in by_word and word.plain.removesuffix("'s") in again and not officers:
            by_word[word.index] = guess("name.again")
    for index in list(by_word):
        for beside in _misheard(talk, index):
            by_word.setdefault(beside, guess("name.misheard"))
    return spelled + list(_joined(talk, by_word, spelled))


def _misheard(talk: SpokenTranscript, index: int) -> Iterator[int]:
    """Words beside a name that the recognizer itself doubts: the rest of it, most likely."""
    line = talk.lines[talk.words[index].line]
    for step in (1, -1):
        beside = index + step
        while line.first <= beside < line.last and abs(beside - index) <= 3:
            word, inner = talk.words[beside], talk.words[beside - (step > 0)]
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
    talk: SpokenTranscript, by_word: Mapping[int, Guess], spelled: Sequence[SpokenProposal]
) -> Iterator[SpokenProposal]:
    """Neighboring words of a name as one proposal; a one-letter initial between or after them goes along."""
    current: SpokenProposal | None = None
    for index in sorted(by_word):
        sure, why = by_word[index]
        if any(item.first <= index <= item.last for item in spelled):
            continue
        if current is not None and _together(talk, current.last, index):
            current = replace(current, last=index, confidence=max(current.confidence, sure))
            continue
        if current is not None:
            yield current
        current = SpokenProposal(index, index, Reason.NAME, sure, why)
    if current is not None:
        yield current


def _together(talk: SpokenTranscript, one: int, other: int) -> bool:
    bridged = (
        other == one + 2
        and talk.words[one + 1].plain in name_words.INSIDE
        and not talk.words[one].text.endswith((",", "."))
    )
    return (other == one + 1 or bridged) and talk.words[one].line == talk.words[other].line


def _tagged(
    talk: SpokenTranscript, tags: Mapping[int, WordTag], common: AbstractSet[str]
) -> Iterator[tuple[int, Guess]]:
    for index, tag in tags.items():
        plain = talk.words[index].plain.removesuffix("'s")
        if tag.label not in ("GIVEN_NAME", "SURNAME") or tag.p < name_words.LEAST or not can_be(plain):
            continue
        near = any(
            other in tags and tags[other].label in ("GIVEN_NAME", "SURNAME") and tags[other].p > 0.85
            for other in (index - 1, index + 1)
        )
        if plain in common and not (tag.p >= 0.93 or (near and tag.p >= 0.7)):
            continue
        written = talk.words[index].text[0].isupper()
        if tag.p < 0.65 and not (near or written or (plain not in common and tag.p >= 0.5)):
            continue
        if tag.p < 0.9 and index and talk.words[index - 1].plain in name_words.WHERE and not near:
            continue
        yield index, guess("name.tagged", tag.p)


def _led(talk: SpokenTranscript, common: AbstractSet[str]) -> Iterator[tuple[int, Guess]]:
    """Words after ``my name is`` and the like."""
    for line in talk.lines:
        for index in range(line.first + 1, line.last):
            lead = name_words.LEAD.search(talk.plain(max(line.first, index - 4), index))
            if lead is None:
                continue
            sure = bool(name_words.SURE.search(lead.group()))
            if talk.words[index - 1].stop and not sure:
                continue
            family = sure or lead.group().startswith(("my ", "that's my"))
            if name_words.READ_OUT.search(lead.group()):
                yield from _up_to_a_name(talk, index, line.last, common)
            if sure and (lead.group().split()[-1] in ("is", "name's", "named") or lead.group() == "goes by"):
                yield from _whatever(talk, index, line.last)
            for follower in range(index, min(index + 4, line.last)):
                word = talk.words[follower]
                written = word.text[0].isupper() and family and can_be(word.plain)
                if not (unusual(talk, follower, common) or (written and follower < index + 3)):
                    break
                yield follower, guess("name.introduced" if sure else "name.perhaps_introduced")
                if word.stop or word.text.endswith(","):
                    break


def _up_to_a_name(
    talk: SpokenTranscript, index: int, end: int, common: AbstractSet[str]
) -> Iterator[tuple[int, Guess]]:
    """The words up to the first of three that can only be a name, that one included; none if there is no such."""
    for last in range(index, min(index + 3, end)):
        if unusual(talk, last, common):
            yield from ((i, guess("name.read_out")) for i in range(index, last + 1))
            return
        if talk.words[last].stop or talk.words[last].plain in name_words.NO_PART - {"and"}:
            return


def _whatever(talk: SpokenTranscript, index: int, end: int) -> Iterator[tuple[int, Guess]]:
    """One or two words after ``my name is`` even if they are plain English: misheard names become plain words.

    Up to four where the sentence ends after them.
    """
    stop = next((i for i in range(index, min(index + 4, end)) if talk.words[i].stop or i + 1 == end), None)
    most = index + 1 if stop is None else stop
    for follower in range(index, most + 1):
        if follower > index and talk.words[follower].plain in name_words.NO_PART:
            return
        if talk.words[follower].plain in name_words.NO_START:
            return
        yield follower, guess("name.in_place")


def _capital(
    talk: SpokenTranscript, tags: Mapping[int, WordTag], common: AbstractSet[str]
) -> Iterator[tuple[int, Guess]]:
    """Words with a capital that English does not know: where the recognizer heard a name and could not spell it."""
    for line in talk.lines:
        written = [talk.words[i].text for i in range(line.first, line.last)]
        if all(text[:1].isupper() or not text[:1].isalpha() for text in written) and len(written) > 3:
            continue
        for index in range(line.first, line.last):
            word, tag = talk.words[index], tags.get(index)
            placed = tag is not None and tag.label in ("CITY", "STATE", "STREET_NAME") and tag.p > 0.4
            where = index > line.first and talk.words[index - 1].plain in name_words.WHERE | {"the", "a", "an", "in"}
            inside = index > line.first and not talk.words[index - 1].stop
            named = unusual(talk, index, common) or (inside and can_be(word.plain) and word.plain.isalpha())
            unknown = word.text[0].isupper() and len(word.plain) > 2 and named
            unknown = unknown and not name_words.STREETS.intersection(talk.after(index, 3).split())
            if unknown and not placed and not where and "'" not in word.plain:
                yield index, guess("name.capital")


def _strange(talk: SpokenTranscript, common: AbstractSet[str]) -> Iterator[tuple[int, Guess]]:
    """Words that English does not know, wherever they stand: most are names of people or places, or such misheard."""
    for word in talk.words:
        if len(word.plain) > 3 and unusual(talk, word.index, common) and word.plain not in name_words.NO_ANSWER:
            yield word.index, guess("name.unknown_word")


def _answered(talk: SpokenTranscript, common: AbstractSet[str]) -> Iterator[tuple[int, Guess]]:
    """A short answer to a question for a name."""
    for line in talk.lines:
        asked = talk.asked(line.first, 10_000)
        if line.last - line.first > 9 or not asked or not name_words.QUESTION.search(asked):
            continue
        said = talk.plain(line.first, line.last)
        if re.search(r"\b(don't|ain't|not|no|why|what|nothing|won't|can't)\b", said):
            continue
        short = line.last - line.first <= 6 and not name_words.VERBS.intersection(said.split())
        strange = [i for i in range(line.first, line.last) if unusual(talk, i, common)]
        for index in range(line.first, line.last):
            word = talk.words[index]
            if (
                strange
                and strange[0] <= index <= strange[-1]
                and word.plain not in name_words.NO_ANSWER - name_words.INSIDE
            ):
                yield index, guess("name.answer")
            elif short and word.plain not in name_words.NO_ANSWER and can_be(word.plain):
                yield index, guess("name.short_answer")


def _titled(talk: SpokenTranscript, common: AbstractSet[str]) -> Iterator[tuple[int, Guess]]:
    """Words after Mr., Ms. and the like, the title of a doctor included."""
    for line in talk.lines:
        for index in range(line.first, line.last - 1):
            title = talk.words[index]
            if title.plain not in name_words.TITLES | name_words.RANKS or title.plain in ("sir", "ma'am"):
                continue
            after = talk.words[index + 1]
            if title.stop and title.plain not in ("mr", "mrs", "ms", "dr"):
                continue
            written = after.text[0].isupper() and can_be(after.plain) and title.plain not in ("miss", "misses")
            surely = (
                title.plain in ("mr", "mrs", "mister", "missus")
                and after.plain not in name_words.NO_START | name_words.NO_PART
            )
            if unusual(talk, index + 1, common) or written or surely:
                yield index + 1, guess("name.titled")
                if title.plain in ("doctor", "dr", "professor", "pastor", "reverend"):
                    yield index, guess("name.title")
