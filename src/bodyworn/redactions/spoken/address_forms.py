"""Addresses that do not begin with the number of a house: corners, places with rooms, answers to a question."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bodyworn.domain.redaction import Reason
from bodyworn.redactions.spoken import numbers, rules
from bodyworn.redactions.spoken.proposal import SpokenProposal
from bodyworn.redactions.spoken.rules import SpokenRule
from bodyworn.redactions.spoken.street_words import PREFIXES, STOPS
from bodyworn.redactions.spoken.word_lists import listed
from bodyworn.redactions.spoken.words import SpokenTranscript

#: Words of a place where people live or stay.
PLACES = listed("addresses.places")
_UNITS = listed("addresses.homes")
_FILLERS = listed("addresses.fillers")
_LIVES = re.compile(
    r"\b((live|lives|living|stay|stays|staying|residing|reside|resides) (over )?(at|in|on|by|near|off)"
    r"|(vivo|vive|vivimos|viven) en|direcci[oó]n es|address (is|as)|caller('s| is)? at"
    r"|house is( at| on)?|home is( at| on)?|located at)\Z"
)
WHERE = re.compile(r"\bwhere .*\b(live|living|stay|staying|stayin|reside|from)\b|\b(home )?address\b|\bwhere'?s home\b")
PART = re.compile(
    r"\b(what|which|name of the|the) (street|road|avenue|city|town|apartment|unit|lot|room)( name| number)?\Z"
    r"|\b(street name|house number|apartment number|what number|unit number|zip( code)?)\Z"
)
_CODE = re.compile(r"\b(zip|zip ?code|postal code)( is| code)?\Z")
_NO_ANSWER = re.compile(r"\b(don't|not|no|nowhere|why|with|homeless|same|here|around|there|know)\b")


def forms(heard: SpokenTranscript) -> Iterator[SpokenProposal]:
    """Corners, rooms, whole answers, parts that are asked for, and codes."""
    for line in heard.lines:
        asked = heard.asked(line.first)
        if (PART.search(asked) or _house_asked(heard, line.first, asked)) and (
            part := _whole(heard, line.first, line.last, 6)
        ) is not None:
            yield _address(*part, rules.ADDRESS_PART)
        elif WHERE.search(asked) and (part := _whole(heard, line.first, line.last, 10)) and _is_place(heard, *part):
            yield _address(*part, rules.ADDRESS_ANSWER)
        for index in range(line.first + 1, line.last):
            before = heard.plain(max(line.first, index - 4), index)
            if _CODE.search(before) and numbers.is_number(heard.words[index].plain):
                yield _address(index, _figures(heard, index, line.last), rules.ADDRESS_CODE)
            elif _LIVES.search(before):
                yield from _after_lives(heard, index, line.last)


def _address(first: int, last: int, rule: SpokenRule) -> SpokenProposal:
    return SpokenProposal(first, last, Reason.ADDRESS, rule)


def _whole(heard: SpokenTranscript, first: int, end: int, most: int) -> tuple[int, int] | None:
    """An answer without the words that only lead in; ``None`` if it is long or says something else."""
    while first < end and heard.words[first].plain in _FILLERS:
        first += 1
    last = first
    while last + 1 < end and not heard.words[last].stop:
        last += 1
    if first and heard.words[first - 1].plain == "the" and heard.words[first - 1].line == heard.words[first].line:
        first -= 1
    if first >= end or last - first >= most or _NO_ANSWER.search(heard.plain(first, last + 1)):
        return None
    return first, last


def _house_asked(heard: SpokenTranscript, first: int, asked: str) -> bool:
    """``and the number?`` after the street was asked for."""
    number = heard.words[first].line
    earlier = heard.lines[max(0, number - 6) : number]
    spoken_of = " ".join(heard.plain(line.first, line.last) for line in earlier)
    return bool(re.search(r"\bnumber\Z", asked) and re.search(r"\b(street|address|live|living|stay)\b", spoken_of))


def _is_place(heard: SpokenTranscript, first: int, last: int) -> bool:
    words = heard.words[first : last + 1]
    named = any(word.plain in PLACES | _UNITS for word in words)
    return named or any(numbers.is_number(word.plain) for word in words)


def _after_lives(heard: SpokenTranscript, index: int, end: int) -> Iterator[SpokenProposal]:
    """``the corner of fifth and maple``, ``the motel 6, room two eighteen``, ``shady pines trailer park``."""
    sentence = next((i for i in range(index, end) if heard.words[i].stop), end - 1)
    said = heard.plain(index, sentence + 1)
    if heard.words[index].plain in ("la", "el", "los", "las") and index + 1 < end:
        yield from _after_lives(heard, index + 1, end)
        return
    if re.match(r"(the )?(corner|intersection) of \w+", said) or _crossing(heard, index, sentence):
        yield _address(index, sentence, rules.ADDRESS_CORNER)
        return
    stop = sentence - index >= 8 or heard.words[index].plain in STOPS - {"the"}
    homes = [i for i in range(index, sentence + 1) if heard.words[i].plain in PLACES | _UNITS | PREFIXES]
    if homes and not stop and not re.match(r"the (same|house|apartment|corner)\b", said):
        yield _address(index, sentence, rules.ADDRESS_ROOM)


def _crossing(heard: SpokenTranscript, index: int, last: int) -> bool:
    """``thirty ninth and Wabash``: an ordinal or a name, and another."""
    link = next((i for i in range(index + 1, min(index + 4, last)) if heard.words[i].plain == "and"), None)
    if link is None or last - link > 2:
        return False
    ordinals = any(numbers.ordinal(heard.words[i].plain) is not None for i in range(index, last + 1))
    return ordinals or all(heard.words[i].text[:1].isupper() for i in (index, link + 1))


def _figures(heard: SpokenTranscript, index: int, end: int) -> int:
    while index + 1 < end and numbers.is_number(heard.words[index + 1].plain):
        index += 1
    return index
