"""Where a word may be a name: by the network, by how people introduce, ask, address, spell and read out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from bodyworn.redactions.spoken import name_words, numbers, rules, word_forms
from bodyworn.redactions.spoken.dates import MONTHS
from bodyworn.redactions.spoken.name_shapes import NameHint, can_be_name, is_unusual, names_a_place
from bodyworn.redactions.spoken.proposal import SpokenProposal
from bodyworn.redactions.spoken.tagger import WordTag
from bodyworn.redactions.spoken.words import SpokenTranscript

#: After these no name follows.
_NONE_GIVEN = ("no last name", "no first name", "no middle name")
#: What follows the name of who did it: ``Dallas was``.
_DID = ("was", "is", "did", "does", "has", "had", "were", "are")


def tagged(heard: SpokenTranscript, tags: Mapping[int, WordTag], common: AbstractSet[str]) -> Iterator[NameHint]:
    """Words that the network reads as a name."""
    for index, tag in tags.items():
        plain = heard.words[index].plain.removesuffix("'s")
        if tag.label not in ("GIVEN_NAME", "SURNAME") or tag.p < name_words.LEAST or not can_be_name(plain):
            continue
        near = any(
            other in tags and tags[other].label in ("GIVEN_NAME", "SURNAME") and tags[other].p > 0.85
            for other in (index - 1, index + 1)
        )
        if names_a_place(heard, index):
            continue
        if plain in common and not (tag.p >= 0.93 or (near and tag.p >= 0.7)):
            continue
        written = heard.words[index].text[0].isupper()
        if tag.p < 0.65 and not (near or written or (plain not in common and tag.p >= 0.5)):
            continue
        if tag.p < 0.9 and index and heard.words[index - 1].plain in name_words.WHERE and not near:
            continue
        yield NameHint(index, rules.NAME_BY_NETWORK.as_sure_as(tag.p))


def led(heard: SpokenTranscript, common: AbstractSet[str]) -> Iterator[NameHint]:
    """Words after ``my name is`` and the like."""
    for line in heard.lines:
        for index in range(line.first + 1, line.last):
            lead = name_words.LEAD.search(heard.plain(max(line.first, index - 4), index))
            if lead is None or heard.plain(index - 3, index) in _NONE_GIVEN:
                continue
            sure = bool(name_words.SURE.search(lead.group()))
            if heard.words[index - 1].stop and not sure:
                continue
            family = sure or lead.group().startswith(("my ", "that's my"))
            if name_words.READ_OUT.search(lead.group()) and heard.words[index].plain not in ("a", "an"):
                yield from _up_to_a_name(heard, index, line.last, common)
            if sure and (lead.group().split()[-1] in ("is", "name's", "named") or lead.group() == "goes by"):
                yield from _whatever(heard, index, line.last)
            for follower in range(index, min(index + 4, line.last)):
                word = heard.words[follower]
                written = word.text[0].isupper() and family and can_be_name(word.plain)
                if not (is_unusual(heard, follower, common) or (written and follower < index + 3)):
                    break
                yield NameHint(follower, rules.NAME_INTRODUCED if sure else rules.NAME_PERHAPS_INTRODUCED)
                if word.stop or word.text.endswith(","):
                    break


def _up_to_a_name(heard: SpokenTranscript, index: int, end: int, common: AbstractSet[str]) -> Iterator[NameHint]:
    """The words up to the first of three that can only be a name, that one included; none if there is no such."""
    for last in range(index, min(index + 3, end)):
        if is_unusual(heard, last, common):
            yield from (NameHint(i, rules.NAME_READ_OUT) for i in range(index, last + 1))
            return
        if heard.words[last].stop or heard.words[last].plain in name_words.NO_PART - {"and"}:
            return


def _whatever(heard: SpokenTranscript, index: int, end: int) -> Iterator[NameHint]:
    """One or two words after ``my name is`` even if they are plain English: misheard names become plain words.

    Up to four where the sentence ends after them.
    """
    stop = next((i for i in range(index, min(index + 4, end)) if heard.words[i].stop or i + 1 == end), None)
    most = index + 1 if stop is None else stop
    for follower in range(index, most + 1):
        if follower > index and heard.words[follower].plain in name_words.NO_PART:
            return
        if heard.words[follower].plain in name_words.NO_START:
            return
        after_comma = follower > index and heard.words[follower - 1].text.endswith(",")
        if after_comma and not heard.words[follower].text[:1].isupper():
            return
        yield NameHint(follower, rules.NAME_PLACE)


def capital(heard: SpokenTranscript, tags: Mapping[int, WordTag], common: AbstractSet[str]) -> Iterator[NameHint]:
    """Words with a capital that English does not know: where the recognizer heard a name and could not spell it."""
    for line in heard.lines:
        written = [heard.words[i].text for i in range(line.first, line.last)]
        if all(text[:1].isupper() or not text[:1].isalpha() for text in written) and len(written) > 3:
            continue
        for index in range(line.first, line.last):
            word, tag = heard.words[index], tags.get(index)
            placed = tag is not None and tag.label in ("CITY", "STATE", "STREET_NAME") and tag.p > 0.4
            where = index > line.first and heard.words[index - 1].plain in name_words.WHERE | {
                "the",
                "a",
                "an",
                "in",
            }
            inside = index > line.first and not heard.words[index - 1].stop
            named = is_unusual(heard, index, common) or (inside and can_be_name(word.plain) and word.plain.isalpha())
            unknown = word.text[0].isupper() and len(word.plain) > 2 and named
            unknown = unknown and not name_words.STREETS.intersection(heard.after(index, 3).split())
            unknown = unknown and not names_a_place(heard, index) and not _is_agency(heard, index)
            if unknown and not placed and not where and "'" not in word.plain:
                yield NameHint(index, rules.NAME_CAPITAL)


def _is_agency(heard: SpokenTranscript, index: int) -> bool:
    """Whether it is the ``Fire`` of ``Chicago Fire``."""
    return heard.words[index].plain in name_words.AGENCIES and index > 0 and not heard.words[index - 1].stop


def strange(heard: SpokenTranscript, common: AbstractSet[str]) -> Iterator[NameHint]:
    """Words that English does not know, wherever they stand: most are names of people or places, or such misheard."""
    for word in heard.words:
        known = (
            word.plain in name_words.NO_ANSWER or names_a_place(heard, word.index) or word_forms.is_form(word, common)
        )
        if (
            len(word.plain) > 3
            and is_unusual(heard, word.index, common)
            and not known
            and not _is_taken(heard, word.index)
        ):
            yield NameHint(word.index, rules.NAME_STRANGE)


def _is_taken(heard: SpokenTranscript, index: int) -> bool:
    """``forty milligrams of Lipitor``, ``two pills of``: a medicine."""
    return bool(
        re.search(r"\b(milligrams?|mg|pills?|tablets?|doses?|bottle|grams?) (of )?\Z", heard.before(index, 4) + " ")
    )


def answered(heard: SpokenTranscript, common: AbstractSet[str]) -> Iterator[NameHint]:
    """A short answer to a question for a name."""
    for line in heard.lines:
        asked = heard.asked(line.first, 10_000)
        if not asked or not name_words.QUESTION.search(asked):
            continue
        figures = (i for i in range(line.first, line.last) if i > line.first and _date_follows(heard, i - 1))
        end = next(figures, line.last)
        said = heard.plain(line.first, end)
        if end - line.first > 9 or name_words.REFUSAL.search(said):
            continue
        doubted = heard.words[line.first : end]
        if len(doubted) <= 2 and all(word.confidence < name_words.HARDLY for word in doubted):
            yield from (NameHint(word.index, rules.NAME_MISHEARD) for word in doubted)
        yield from _bare(heard, line.first, end)
        short = end - line.first <= 6 and not name_words.VERBS.intersection(said.split())
        unusual = [i for i in range(line.first, line.last) if is_unusual(heard, i, common)]
        for index in range(line.first, line.last):
            word = heard.words[index]
            if (
                unusual
                and unusual[0] <= index <= unusual[-1]
                and word.plain not in name_words.NO_ANSWER - name_words.INSIDE
            ):
                yield NameHint(index, rules.NAME_ANSWER)
            elif short and word.plain not in name_words.NO_ANSWER and can_be_name(word.plain):
                yield NameHint(index, rules.NAME_SHORT_ANSWER)


def _bare(heard: SpokenTranscript, first: int, end: int) -> Iterator[NameHint]:
    """One to three words that are all of an answer, or of what comes before its figures: a name, whatever they are."""
    while first < end and heard.words[first].plain in name_words.NO_ANSWER:
        first += 1
    if first >= end:
        return
    both = next((i for i in range(first + 1, end - 1) if heard.words[i].plain == "and"), None)
    if both is not None and both - first <= 3:
        yield from _bare(heard, first, both)
        yield from _bare(heard, both + 1, end)
        return
    last = first
    while last + 1 < end and not heard.words[last].stop and not _date_follows(heard, last):
        last += 1
    while last > first and heard.words[last].plain in _DID:
        last -= 1
    words = heard.words[first : last + 1]
    if not 1 <= len(words) <= 3 or (len(words) > 1 and words[0].plain in name_words.SENTENCE):
        return
    if all(word.plain.replace("-", "").replace("'", "").isalpha() for word in words):
        names = [word for word in words if word.plain not in name_words.NO_ANSWER | name_words.RANKS | name_words.KIN]
        yield from (NameHint(word.index, rules.NAME_SHORT_ANSWER) for word in names if len(word.plain) > 1)


def _date_follows(heard: SpokenTranscript, index: int) -> bool:
    """Whether figures or a month with its day come next, after a comma or without one."""
    after = heard.words[index + 1].plain
    day = heard.words[index + 2].plain if index + 2 < len(heard.words) else ""
    dated = numbers.is_number(day) or numbers.ordinal(day) is not None
    return numbers.is_number(after) or (after in MONTHS and dated)


def titled(heard: SpokenTranscript, common: AbstractSet[str]) -> Iterator[NameHint]:
    """Words after Mr., Ms. and the like, the title of a doctor included."""
    for line in heard.lines:
        for index in range(line.first, line.last - 1):
            title = heard.words[index]
            if title.plain not in name_words.TITLES | name_words.RANKS or title.plain in ("sir", "ma'am"):
                continue
            after = heard.words[index + 1]
            if title.stop and title.plain not in ("mr", "mrs", "ms", "dr"):
                continue
            written = after.text[0].isupper() and can_be_name(after.plain) and title.plain not in ("miss", "misses")
            surely = (
                title.plain in ("mr", "mrs", "mister", "missus")
                and after.plain not in name_words.NO_START | name_words.NO_PART
            )
            if is_unusual(heard, index + 1, common) or written or surely:
                yield NameHint(index + 1, rules.NAME_AFTER_TITLE)
                if title.plain in ("doctor", "dr", "professor", "pastor", "reverend"):
                    yield NameHint(index, rules.NAME_TITLE)


def before_letters(
    heard: SpokenTranscript, spelled: Sequence[SpokenProposal], common: AbstractSet[str]
) -> Iterator[NameHint]:
    """The word that is spelled right after it."""
    for item in spelled:
        before = item.first - 1
        if before < 0 or heard.words[before].role != heard.words[item.first].role:
            continue
        letters = "".join(c for i in range(item.first, item.last + 1) for c in heard.words[i].plain if c.isalpha())
        if is_unusual(heard, before, common) or (len(letters) > 1 and letters == heard.words[before].plain):
            yield NameHint(before, rules.NAME_BEFORE_LETTERS)


def read_out(heard: SpokenTranscript, common: AbstractSet[str]) -> Iterator[NameHint]:
    """A record read out: ``middle initial J``, and the words right before ``d o b``."""
    for line in heard.lines:
        for index in range(line.first + 1, line.last):
            word = heard.words[index]
            if heard.words[index - 1].plain == "initial" and len(word.plain) == 1:
                yield NameHint(index, rules.NAME_INITIAL)
            if not re.match(r"d ?o ?b\b|date of birth\b", heard.after(index, 3)):
                continue
            for before in range(index - 1, max(line.first, index - 3) - 1, -1):
                if not (
                    is_unusual(heard, before, common) or (before < index - 1 and is_unusual(heard, before + 1, common))
                ):
                    break
                if heard.words[before].plain in name_words.NO_PART | name_words.NO_ANSWER | name_words.WHERE:
                    break
                yield NameHint(before, rules.NAME_BEFORE_BIRTH)
