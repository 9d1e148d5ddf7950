"""Names: by the network, by how people introduce, ask and spell, and again wherever the same name comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from bodyworn.domain.redaction import Reason
from bodyworn.redactions.spoken import numbers
from bodyworn.redactions.spoken.dates import MONTHS
from bodyworn.redactions.spoken.identifiers import STATES
from bodyworn.redactions.spoken.numbers import Run
from bodyworn.redactions.spoken.proposal import Proposal
from bodyworn.redactions.spoken.tagger import Tag
from bodyworn.redactions.spoken.words import Talk, listed

_RANKS = listed(
    "officer officers deputy sergeant sarge trooper corporal lieutenant detective captain chief agent marshal sheriff"
    " investigator patrolman constable"
)
_TITLES = listed("mister missus misses missis miss mr mrs ms sir ma'am doctor dr professor pastor reverend")
_LEAD = re.compile(
    r"\b(my name is|my name's|name is|name's|names|i am|i'm|this is|call me|calls? (him|her)|first name|last name"
    r"|last of|first of|middle name|goes by|named|his name is|her name is|ask for|surname|maiden name|that's my \w+"
    r"|my (brother|sister|son|daughter|husband|wife|mom|dad|mother|father|cousin|friend|boyfriend|girlfriend|uncle|aunt"
    r"|neighbor|roommate|ex|boss|lawyer|lawyer's|nephew|niece|grandson|granddaughter|kid|baby))\Z"
)
_SURE = re.compile(r"\b(name|name's|names|last of|first of|call me|goes by|surname|named)\b")
_QUESTION = re.compile(
    r"\b((what's|what is|whats|get|have|need|give me|tell me|and|state|confirm|is) (your|his|her|their|the|a|you)?"
    r" ?(full |first |last |whole |legal |middle )*names?\b|who are you|who is (he|she|that|this)"
    r"|who's (he|she|that|this)|names?\?*\Z|(first|last) (and last )?names?\b|your names?\b)"
)
_SPELL = re.compile(r"\b(spell|spelled|spelling|how do you spell|last name|first name)\b")
_NOT_NAMES = listed(
    "god jesus christ lord bro bud buddy dude man honda ford toyota chevy chevrolet dodge nissan jeep kia hyundai"
    " silverado camry impala accord civic tahoe silver gray grey white black blue red walmart target denny's state farm"
    " google facebook dispatch medic engine miranda radar dui baby honey sweetie mommy daddy mom dad grandma grandpa"
    " mama papa tylenol taser narcan bud miss ma'am sir mister county city street avenue road drive lane court"
    " boulevard parkway english spanish american uber lyft geico progressive amazon apple iphone android monday tuesday"
    " wednesday thursday friday saturday sunday christmas thanksgiving easter okay ok yeah um uh copy hey hi hello"
    " i'm i i'll i've i'd it's that's"
)
#: After these a name is rather that of a street.
_WHERE = listed("on at past near down from by to onto along off")
_LEAST = 0.5


def names(
    talk: Talk, found: Sequence[Run], tags: Mapping[int, Tag], common: AbstractSet[str], officers_too: bool
) -> list[Proposal]:
    """Names of people. Names of officers, told by rank or in their own introduction, only if ``officers_too``."""
    spelled = list(_spelled(talk, found, officers_too))
    by_word: dict[int, tuple[float, str]] = {}
    for maker in (
        _tagged(talk, tags, common),
        _led(talk, common),
        _answered(talk, common),
        _titled(talk, common),
    ):
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
    return spelled + list(_joined(talk, by_word, spelled))


def _joined(talk: Talk, by_word: Mapping[int, tuple[float, str]], spelled: Sequence[Proposal]) -> Iterator[Proposal]:
    """Neighboring words of a name as one proposal; a one-letter initial between or after them goes along."""
    current: Proposal | None = None
    for index in sorted(by_word):
        sure, why = by_word[index]
        if any(item.first <= index <= item.last for item in spelled):
            continue
        if current is not None and index == current.last + 1 and _together(talk, current.last, index):
            current = replace(current, last=index, confidence=max(current.confidence, sure))
            continue
        if current is not None:
            yield current
        current = Proposal(index, index, Reason.NAME, sure, why)
    if current is not None:
        yield current


def _together(talk: Talk, one: int, other: int) -> bool:
    return talk.words[one].line == talk.words[other].line


def _tagged(talk: Talk, tags: Mapping[int, Tag], common: AbstractSet[str]) -> Iterator[tuple[int, float, str]]:
    for index, tag in tags.items():
        plain = talk.words[index].plain.removesuffix("'s")
        if tag.label not in ("GIVEN_NAME", "SURNAME") or tag.p < _LEAST or not _can_be(plain):
            continue
        near = any(
            other in tags and tags[other].label in ("GIVEN_NAME", "SURNAME") and tags[other].p > 0.85
            for other in (index - 1, index + 1)
        )
        if plain in common and not (tag.p >= 0.93 or (near and tag.p >= 0.7)):
            continue
        written = talk.words[index].text[0].isupper()
        if tag.p < 0.65 and not (near or written):
            continue
        if tag.p < 0.9 and index and talk.words[index - 1].plain in _WHERE and not near:
            continue
        yield index, tag.p, "read as a name by the network"


def _can_be(plain: str) -> bool:
    parts = plain.replace("-", " ").replace(".", " ").split()
    return (
        bool(parts)
        and plain not in _NOT_NAMES
        and plain not in MONTHS
        and plain not in STATES
        and plain not in _RANKS
        and plain not in _TITLES
        and len(plain) > 1
        and not any(c.isdigit() for c in plain)
        and not numbers.is_number(plain)
        and numbers.ordinal(plain) is None
    )


def _unusual(talk: Talk, index: int, common: AbstractSet[str]) -> bool:
    """Whether a word can only be a name or something misheard: English does not know it in lower case."""
    plain = talk.words[index].plain.removesuffix("'s")
    return _can_be(plain) and plain not in common and plain.replace("'", "").replace("-", "").isalpha()


def _led(talk: Talk, common: AbstractSet[str]) -> Iterator[tuple[int, float, str]]:
    """Words after ``my name is`` and the like."""
    for line in talk.lines:
        for index in range(line.first + 1, line.last):
            lead = _LEAD.search(talk.plain(max(line.first, index - 4), index))
            if lead is None:
                continue
            sure = bool(_SURE.search(lead.group()))
            for follower in range(index, min(index + 4, line.last)):
                word = talk.words[follower]
                written = word.text[0].isupper() and sure and follower > index - 1 and _can_be(word.plain)
                if not (_unusual(talk, follower, common) or (written and follower < index + 3)):
                    break
                yield follower, 0.9 if sure else 0.7, "said where somebody is introduced"
                if word.stop or word.text.endswith(","):
                    break


def _answered(talk: Talk, common: AbstractSet[str]) -> Iterator[tuple[int, float, str]]:
    """A short answer to a question for a name."""
    for line in talk.lines:
        asked = talk.asked(line.first, 10_000)
        if line.last - line.first > 9 or not asked or not _QUESTION.search(asked):
            continue
        said = talk.plain(line.first, line.last)
        if re.search(r"\b(don't|ain't|not|no|why|what|nothing|won't|can't)\b", said):
            continue
        short = line.last - line.first <= 3
        for index in range(line.first, line.last):
            word = talk.words[index]
            if _unusual(talk, index, common):
                yield index, 0.85, "the answer to a question for a name"
            elif short and word.text[0].isupper() and index > line.first and _can_be(word.plain):
                yield index, 0.7, "the answer to a question for a name"


def _titled(talk: Talk, common: AbstractSet[str]) -> Iterator[tuple[int, float, str]]:
    """Words after Mr., Ms. and the like, the title of a doctor included."""
    for line in talk.lines:
        for index in range(line.first, line.last - 1):
            title = talk.words[index]
            if title.plain not in _TITLES or title.plain in ("sir", "ma'am"):
                continue
            after = talk.words[index + 1]
            if title.stop and title.plain not in ("mr", "mrs", "ms", "dr"):
                continue
            written = after.text[0].isupper() and _can_be(after.plain)
            if _unusual(talk, index + 1, common) or (written and title.plain not in ("miss", "misses")):
                yield index + 1, 0.9, "said after a title"
                if title.plain in ("doctor", "dr", "professor", "pastor", "reverend"):
                    yield index, 0.9, "the title before a name"


def _spelled(talk: Talk, found: Sequence[Run], officers_too: bool) -> Iterator[Proposal]:
    """Names spelled letter by letter; double letters said as words go along."""
    for run in found:
        if run.digits or run.mixed:
            continue
        letters = run.letters - run.phonetic
        told = _SPELL.search(f"{talk.before(run.first)} {talk.asked(run.first)}")
        if letters < 2 or (letters < 4 and not told) or run.phonetic > letters:
            continue
        if not officers_too and _of_officer(talk, run.first):
            continue
        yield Proposal(run.first, run.last, Reason.NAME, 0.9 if told else 0.75, "spelled letter by letter")


def _of_officer(talk: Talk, index: int) -> bool:
    """Whether a name belongs to an officer: said after a rank, or by an officer who introduces himself."""
    line = talk.lines[talk.words[index].line]
    before = talk.plain(max(line.first, index - 3), index).split()
    if any(word in _RANKS for word in before):
        return True
    introduces = re.search(r"\b(i'm|i am|my name is|my name's|this is)( \w+)?\Z", " ".join(before))
    return bool(introduces) and line.role.startswith("officer")
