"""Names: by the network, by how people introduce, ask and spell, and again wherever the same name comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from bodyworn.domain.redaction import Reason
from bodyworn.domain.role import is_officer
from bodyworn.redactions.spoken import name_words, numbers
from bodyworn.redactions.spoken.dates import MONTHS
from bodyworn.redactions.spoken.identifiers import STATES
from bodyworn.redactions.spoken.numbers import Run
from bodyworn.redactions.spoken.proposal import SpokenProposal
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
    spelled = list(_spelled(talk, found, officers_too))
    by_word: dict[int, tuple[float, str]] = {}
    makers: tuple[Iterator[tuple[int, float, str]], ...] = (
        _tagged(talk, tags, common),
        _led(talk, common),
        _answered(talk, common),
        _titled(talk, common),
        _capital(talk, tags, common),
        _before_letters(talk, spelled, common),
        _read_out(talk, common),
        _strange(talk, common),
    )
    for maker in makers:
        for index, sure, why in maker:
            if sure > by_word.get(index, (0.0, ""))[0]:
                by_word[index] = (sure, why)
    if not officers_too:
        by_word = {index: told for index, told in by_word.items() if not _of_officer(talk, index)}
    again = {talk.words[i].plain.removesuffix("'s") for i, (sure, _) in by_word.items() if sure >= 0.8}
    again = {word for word in again if word not in common and len(word) > 2}
    for word in talk.words:
        officers = not officers_too and _of_officer(talk, word.index)
        if word.index not in by_word and word.plain.removesuffix("'s") in again and not officers:
            by_word[word.index] = (0.75, "the same word is a name elsewhere in the recording")
    for index in list(by_word):
        for beside in _misheard(talk, index):
            by_word.setdefault(beside, (0.55, "hardly understood, beside a name"))
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
    talk: SpokenTranscript, by_word: Mapping[int, tuple[float, str]], spelled: Sequence[SpokenProposal]
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
) -> Iterator[tuple[int, float, str]]:
    for index, tag in tags.items():
        plain = talk.words[index].plain.removesuffix("'s")
        if tag.label not in ("GIVEN_NAME", "SURNAME") or tag.p < name_words.LEAST or not _can_be(plain):
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
        yield index, tag.p, "read as a name by the network"


def _can_be(plain: str) -> bool:
    parts = plain.replace("-", " ").replace(".", " ").split()
    return (
        bool(parts)
        and plain not in name_words.NOT_NAMES
        and plain not in MONTHS
        and plain not in STATES
        and plain not in name_words.RANKS
        and plain not in name_words.TITLES
        and len(plain) > 1
        and not any(c.isdigit() for c in plain)
        and not numbers.is_number(plain)
        and numbers.ordinal(plain) is None
    )


def _unusual(talk: SpokenTranscript, index: int, common: AbstractSet[str]) -> bool:
    """Whether a word can only be a name or something misheard: English does not know it in lower case."""
    plain = talk.words[index].plain.removesuffix("'s")
    if "'" in plain and not plain.startswith(("o'", "d'")):
        return False
    return _can_be(plain) and plain not in common and plain.replace("'", "").replace("-", "").isalpha()


def _led(talk: SpokenTranscript, common: AbstractSet[str]) -> Iterator[tuple[int, float, str]]:
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
                written = word.text[0].isupper() and family and _can_be(word.plain)
                if not (_unusual(talk, follower, common) or (written and follower < index + 3)):
                    break
                yield follower, 0.9 if sure else 0.7, "said where somebody is introduced"
                if word.stop or word.text.endswith(","):
                    break


def _up_to_a_name(
    talk: SpokenTranscript, index: int, end: int, common: AbstractSet[str]
) -> Iterator[tuple[int, float, str]]:
    """The words up to the first of three that can only be a name, that one included; none if there is no such."""
    for last in range(index, min(index + 3, end)):
        if _unusual(talk, last, common):
            yield from ((i, 0.7, "read out where a name stands") for i in range(index, last + 1))
            return
        if talk.words[last].stop or talk.words[last].plain in name_words.NO_PART - {"and"}:
            return


def _whatever(talk: SpokenTranscript, index: int, end: int) -> Iterator[tuple[int, float, str]]:
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
        yield follower, 0.65, "stands where a name is given"


def _capital(
    talk: SpokenTranscript, tags: Mapping[int, WordTag], common: AbstractSet[str]
) -> Iterator[tuple[int, float, str]]:
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
            named = _unusual(talk, index, common) or (inside and _can_be(word.plain) and word.plain.isalpha())
            unknown = word.text[0].isupper() and len(word.plain) > 2 and named
            unknown = unknown and not name_words.STREETS.intersection(talk.after(index, 3).split())
            if unknown and not placed and not where and "'" not in word.plain:
                yield index, 0.55, "a word with a capital that is no other word"


def _strange(talk: SpokenTranscript, common: AbstractSet[str]) -> Iterator[tuple[int, float, str]]:
    """Words that English does not know, wherever they stand: most are names of people or places, or such misheard."""
    for word in talk.words:
        if len(word.plain) > 3 and _unusual(talk, word.index, common) and word.plain not in name_words.NO_ANSWER:
            yield word.index, 0.5, "a word that English does not know"


def _answered(talk: SpokenTranscript, common: AbstractSet[str]) -> Iterator[tuple[int, float, str]]:
    """A short answer to a question for a name."""
    for line in talk.lines:
        asked = talk.asked(line.first, 10_000)
        if line.last - line.first > 9 or not asked or not name_words.QUESTION.search(asked):
            continue
        said = talk.plain(line.first, line.last)
        if re.search(r"\b(don't|ain't|not|no|why|what|nothing|won't|can't)\b", said):
            continue
        short = line.last - line.first <= 6 and not name_words.VERBS.intersection(said.split())
        unusual = [i for i in range(line.first, line.last) if _unusual(talk, i, common)]
        for index in range(line.first, line.last):
            word = talk.words[index]
            if (
                unusual
                and unusual[0] <= index <= unusual[-1]
                and word.plain not in name_words.NO_ANSWER - name_words.INSIDE
            ):
                yield index, 0.85, "the answer to a question for a name"
            elif short and word.plain not in name_words.NO_ANSWER and _can_be(word.plain):
                yield index, 0.6, "a short answer to a question for a name"


def _titled(talk: SpokenTranscript, common: AbstractSet[str]) -> Iterator[tuple[int, float, str]]:
    """Words after Mr., Ms. and the like, the title of a doctor included."""
    for line in talk.lines:
        for index in range(line.first, line.last - 1):
            title = talk.words[index]
            if title.plain not in name_words.TITLES | name_words.RANKS or title.plain in ("sir", "ma'am"):
                continue
            after = talk.words[index + 1]
            if title.stop and title.plain not in ("mr", "mrs", "ms", "dr"):
                continue
            written = after.text[0].isupper() and _can_be(after.plain) and title.plain not in ("miss", "misses")
            surely = (
                title.plain in ("mr", "mrs", "mister", "missus")
                and after.plain not in name_words.NO_START | name_words.NO_PART
            )
            if _unusual(talk, index + 1, common) or written or surely:
                yield index + 1, 0.9, "said after a title"
                if title.plain in ("doctor", "dr", "professor", "pastor", "reverend"):
                    yield index, 0.9, "the title before a name"


def _before_letters(
    talk: SpokenTranscript, spelled: Sequence[SpokenProposal], common: AbstractSet[str]
) -> Iterator[tuple[int, float, str]]:
    """The word that is spelled right after it."""
    for item in spelled:
        before = item.first - 1
        if before >= 0 and talk.words[before].role == talk.words[item.first].role and _unusual(talk, before, common):
            yield before, 0.8, "spelled letter by letter right after"


def _read_out(talk: SpokenTranscript, common: AbstractSet[str]) -> Iterator[tuple[int, float, str]]:
    """A record read out: ``middle initial J``, and the words right before ``d o b``."""
    for line in talk.lines:
        for index in range(line.first + 1, line.last):
            word = talk.words[index]
            if talk.words[index - 1].plain == "initial" and len(word.plain) == 1:
                yield index, 0.8, "the initial of a name"
            if not re.match(r"d ?o ?b\b|date of birth\b", talk.after(index, 3)):
                continue
            for before in range(index - 1, max(line.first, index - 3) - 1, -1):
                if not (_unusual(talk, before, common) or (before < index - 1 and _unusual(talk, before + 1, common))):
                    break
                if talk.words[before].plain in name_words.NO_PART | name_words.NO_ANSWER:
                    break
                yield before, 0.7, "right before a date of birth in a record"


def _spelled(talk: SpokenTranscript, found: Sequence[Run], officers_too: bool) -> Iterator[SpokenProposal]:
    """Names spelled letter by letter; double letters said as words go along."""
    for run in found:
        if run.digits or run.mixed:
            continue
        letters = run.letters - run.phonetic
        told = name_words.SPELL.search(f"{talk.before(run.first)} {talk.asked(run.first)}")
        if letters < 2 or (letters < 4 and not told) or run.phonetic > letters:
            continue
        if not officers_too and _of_officer(talk, run.first):
            continue
        yield SpokenProposal(run.first, run.last, Reason.NAME, 0.9 if told else 0.75, "spelled letter by letter")


def _of_officer(talk: SpokenTranscript, index: int) -> bool:
    """Whether a name belongs to an officer: said after a rank, or by an officer who introduces himself."""
    line = talk.lines[talk.words[index].line]
    before = talk.plain(max(line.first, index - 3), index).split()
    if any(word in name_words.RANKS for word in before):
        return True
    introduces = re.search(r"\b(i'm|i am|my name is|my name's|this is)( \w+)?\Z", " ".join(before))
    return bool(introduces) and is_officer(line.role)
