"""Street addresses: a number, the street, and what follows of unit, city, state and code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bodyworn.domain.redaction import Reason
from bodyworn.redactions.spoken import numbers, rules
from bodyworn.redactions.spoken.address_forms import forms
from bodyworn.redactions.spoken.identifiers import MEASURES, PUBLIC, STATES
from bodyworn.redactions.spoken.numbers import Run
from bodyworn.redactions.spoken.proposal import SpokenProposal
from bodyworn.redactions.spoken.rules import SpokenRule
from bodyworn.redactions.spoken.street_words import DIRECTIONS, STOPS, SUFFIXES, end_of_speech, street_after
from bodyworn.redactions.spoken.tagger import WordTag
from bodyworn.redactions.spoken.word_lists import listed
from bodyworn.redactions.spoken.words import SpokenTranscript

CUE = re.compile(
    r"\b(address|live|lives|living|lived|stay|stays|staying|reside|resides|respond(ing)? to|moved to"
    r"|we're at|i'm at|she's at|he's at|caller at|send it to|sent to|over at"
    r"|house is|located at|home at|out of|from)\b"
)
_STRONG = re.compile(r"\b(address|live|lives|stay|stays|staying|reside|resides|respond(ing)? to|moved to|caller at)\b")
_RIGHT_BEFORE = re.compile(
    r"\b((live|lives|stay|stays|staying|residing|reside|moved) (at|to|on)|address( is| as|'s)?|house is)( at)?\Z"
)
_AFTER = re.compile(r"\b(house|apartment|apartments|corner|duplex|upstairs)\b")
_LIVES_IN = re.compile(r"\b(we're|i'm|she's|he's|they're|live|lives|living|stay|stays|staying) (in|at)( the| a)?\Z")
_UNITS = listed("addresses.units")
#: What is said on the radio after figures.
_CALLS = listed("addresses.calls")
_HOMES = listed("addresses.homes")
_NEGATIVE = re.compile(r"\b(highway|interstate|route|exit|unit|engine|medic|section|statute|court is at)\Z")


def addresses(heard: SpokenTranscript, found: Sequence[Run], tags: Mapping[int, WordTag]) -> Iterator[SpokenProposal]:
    """Addresses that begin with the number of a house or a post office box."""
    yield from _united([*_numbered(heard, found, tags), *_units(heard), *forms(heard)])


def _united(made: Sequence[SpokenProposal]) -> Iterator[SpokenProposal]:
    """Those that share words as one, as sure as the surer."""
    current: SpokenProposal | None = None
    for item in sorted(made, key=lambda item: (item.first, item.last)):
        if current is not None and current.overlaps(item):
            surer = max(current, item, key=lambda one: one.confidence)
            current = replace(surer, first=current.first, last=max(current.last, item.last))
            continue
        if current is not None:
            yield current
        current = item
    if current is not None:
        yield current


def _numbered(heard: SpokenTranscript, found: Sequence[Run], tags: Mapping[int, WordTag]) -> Iterator[SpokenProposal]:
    for run in found:
        if not run.digits or run.letters > 1 or "/" in heard.words[run.first].plain:
            continue
        made = (
            _box(heard, run)
            or _street(heard, run)
            or _bare(heard, run, tags)
            or _said_so(heard, run)
            or _loose(heard, run)
        )
        if made is not None:
            yield replace(made, last=_go_on(heard, made.last, tags))


def _address(first: int, last: int, rule: SpokenRule) -> SpokenProposal:
    return SpokenProposal(first, last, Reason.ADDRESS, rule)


def _units(heard: SpokenTranscript) -> Iterator[SpokenProposal]:
    """An apartment or the like that stands by itself: asked for, or with the house said after it."""
    for line in heard.lines:
        asked = bool(re.search(r"\b(apartment|unit|room|suite|address|live|stay)\b", heard.asked(line.first)))
        for index in range(line.first, line.last):
            last = _unit(heard, index, line.last) if heard.words[index].plain in _HOMES else None
            if last is not None and all(heard.words[i].plain in _UNITS for i in range(index, last + 1)):
                continue  # ``what apartment number``: asked, not said
            lives = _LIVES_IN.search(heard.before(index, 5))
            if last is not None and (asked or lives or heard.words[index].plain in ("apartment", "apt")):
                yield _address(index, _at_a_place(heard, last, line.last), rules.ADDRESS_UNIT)


def _at_a_place(heard: SpokenTranscript, last: int, end: int) -> int:
    """The last word of ``at Green Acres`` or ``, Shady Pines`` after a part of a house; else ``last``."""
    at = last + 1
    if at < end and heard.words[at].plain in ("at", "in", "of") and not heard.words[last].stop:
        at += 1
    begin = at
    while at < end and at - begin < 3 and heard.words[at].text[:1].isupper() and not heard.words[at - 1].stop:
        at += 1
    return at - 1 if at > begin else last


def _box(heard: SpokenTranscript, run: Run) -> SpokenProposal | None:
    if re.search(r"\b(p\.? ?o\.?|post office) box\Z", heard.before(run.first, 4)):
        return _address(run.first, run.last, rules.ADDRESS_BOX)
    return None


def _street(heard: SpokenTranscript, run: Run) -> SpokenProposal | None:
    """A number, up to four words, and a word for a street; or a word for a street and its name."""
    if _NEGATIVE.search(heard.before(run.first, 3)):
        return None
    at = street_after(heard, run.last, len(run.digits))
    return None if at is None else _named(heard, run, at)


def _named(heard: SpokenTranscript, run: Run, at: int) -> SpokenProposal | None:
    name = at - run.last - 1
    told = _told(heard, run)
    between = [heard.words[i].plain for i in range(run.last + 1, at)]
    if name == 1 and numbers.ordinal(between[0]) is not None and len(run.digits) <= 1 and not told:
        return None
    if len(run.digits) > 6:
        return None
    if name == 1 and numbers.ordinal(between[0]) is not None and not told and run.groups <= 2:
        return None
    while at + 1 < len(heard.words) and heard.words[at + 1].plain in SUFFIXES and not heard.words[at].stop:
        at += 1
    if at + 1 < len(heard.words) and between and between[-1] in ("county", "state", "farm", "rural", "ranch"):
        following = at + 1
        while following < len(heard.words) and numbers.is_number(heard.words[following].plain):
            at, following = following, following + 1
    return _address(run.first, at, rules.ADDRESS_STREET_ASKED if told else rules.ADDRESS_STREET)


def _told(heard: SpokenTranscript, run: Run) -> bool:
    """Whether somebody speaks of where one lives, before the number or in the question."""
    before = heard.before(run.first)
    return bool(CUE.search(before) or _STRONG.search(heard.asked(run.first)))


def _bare(heard: SpokenTranscript, run: Run, tags: Mapping[int, WordTag]) -> SpokenProposal | None:
    """A number and the name of a street without a word for it."""
    if not 2 <= len(run.digits) <= 5 or _NEGATIVE.search(heard.before(run.first, 3)):
        return None
    end = end_of_speech(heard, run.last)
    at = run.last + 1
    while at < end and heard.words[at].plain in DIRECTIONS:
        at += 1
    if at >= end:
        return None
    directed = at > run.last + 1
    placed = _is_place(tags.get(at), 0.5)
    word = heard.words[at]
    told = _told(heard, run)
    described = len(run.digits) > 2 and bool(_AFTER.search(heard.after(at, 8)))
    if word.plain in STOPS or word.plain in _UNITS or numbers.is_number(word.plain):
        return None
    written = word.text[0].isupper() and not heard.words[at - 1].stop
    if not (described or (told and (placed or directed or written)) or (placed and directed)):
        return None
    last = at
    while last + 1 < end and (_is_place(tags.get(last + 1), 0.5) or heard.words[last + 1].plain in SUFFIXES):
        last += 1
    return _address(run.first, last, rules.ADDRESS_PLACE)


def _said_so(heard: SpokenTranscript, run: Run) -> SpokenProposal | None:
    """A number right after ``i live at`` or in a short answer to a question for an address, to the end of the sentence:
    the street's name may be anything once it is misheard."""
    line = heard.lines[heard.words[run.first].line]
    right_after = _RIGHT_BEFORE.search(heard.before(run.first, 5))
    answer = line.last - line.first <= 8 and re.search(
        r"\baddress|where .*\b(live|stay|stayin)", heard.asked(run.first)
    )
    if not (right_after or answer) or not 2 <= len(run.digits) <= 5 or run.letters > 1:
        return None
    last = run.last
    while last + 1 < line.last and last - run.last < 4 and heard.words[last + 1].plain not in STOPS:
        if heard.words[last].stop and last > run.last:
            break
        last += 1
    return _address(run.first, last, rules.ADDRESS_GIVEN) if last > run.last else None


def _loose(heard: SpokenTranscript, run: Run) -> SpokenProposal | None:
    """Figures with a word that measures nothing right after them: a house, and a street without its kind."""
    year = len(run.digits) == 4 and run.digits[:2] in ("19", "20")
    last = heard.words[run.last]
    if heard.words[run.first].text.startswith("$") or last.text.endswith("%"):
        return None
    if year or run.letters or not 3 <= len(run.digits) <= 5 or last.stop or last.text.endswith(","):
        return None
    if run.last + 1 >= end_of_speech(heard, run.last) or MEASURES.match(heard.after(run.last + 1)):
        return None
    if _NEGATIVE.search(heard.before(run.first, 3)) or PUBLIC.search(heard.before(run.first, 6)):
        return None
    after = heard.words[run.last + 1].plain
    if after in _CALLS | STOPS | _UNITS or numbers.is_number(after) or len(after) < 4:
        return None
    name = run.last + 1
    if after in DIRECTIONS and name + 1 < len(heard.words) and heard.words[name + 1].plain not in STOPS:
        name += 1
    return _address(run.first, name, rules.ADDRESS_LOOSE)


def _is_place(tag: WordTag | None, least: float) -> bool:
    return tag is not None and tag.label in ("STREET_NAME", "CITY", "STATE", "SECONDARY_ADDRESS") and tag.p >= least


def _go_on(heard: SpokenTranscript, last: int, tags: Mapping[int, WordTag]) -> int:
    """The last word of unit, city, state and code after the street ending at ``last``."""
    end = end_of_speech(heard, last)
    while True:
        following = _unit(heard, last + 1, end) or _place(heard, last + 1, end, tags)
        if following is None:
            return last
        last = following


def _unit(heard: SpokenTranscript, at: int, end: int) -> int | None:
    if at >= end or (heard.words[at].plain not in _UNITS and heard.words[at].plain not in DIRECTIONS):
        return None
    if heard.words[at].plain in DIRECTIONS:
        return at
    last = at
    while last + 1 < end and last - at < 3:
        plain = heard.words[last + 1].plain
        short = len(plain) <= 2 and plain.isalpha() and plain not in STOPS
        a_letter = plain == "a" and last > at
        if not (numbers.is_number(plain) or numbers.is_mixed(plain) or short or a_letter or plain in _UNITS):
            break
        last += 1
    return last if last > at else None


def _place(heard: SpokenTranscript, at: int, end: int, tags: Mapping[int, WordTag]) -> int | None:
    if at >= end or at < 1:
        return None
    plain, tag = heard.words[at].plain, tags.get(at)
    if plain in STATES or (tag is not None and tag.label in ("CITY", "STATE", "ZIP_CODE") and tag.p >= 0.35):
        return at
    ahead = [i for i in range(at, min(at + 4, end)) if heard.words[i].plain in STATES]
    if ahead and not any(
        heard.words[i].stop or heard.words[i].plain in ("i", "and", "my") for i in range(at, ahead[0])
    ):
        return ahead[0]
    if plain == "in" and at + 1 < end and _place(heard, at + 1, end, tags):
        return at + 1
    previous = heard.words[at - 1].plain
    if numbers.is_number(plain) and (previous in STATES or _is_place(tags.get(at - 1), 0.35)):
        last = at
        while last + 1 < end and numbers.is_number(heard.words[last + 1].plain):
            last += 1
        digits = numbers.digits_of([heard.words[i].plain for i in range(at, last + 1)])
        return last if len(digits) in (5, 9) else None
    return None
