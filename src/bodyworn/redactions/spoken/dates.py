"""Dates of birth: by name of the month, in figures, or as a run of numbers after somebody asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bodyworn.domain.redaction import Reason
from bodyworn.redactions.spoken import numbers, rules
from bodyworn.redactions.spoken.numbers import Run
from bodyworn.redactions.spoken.proposal import SpokenProposal
from bodyworn.redactions.spoken.word_lists import listed
from bodyworn.redactions.spoken.words import SpokenTranscript

MONTHS = listed("dates.months")
CUE = re.compile(r"\b(birth|birth ?date|birthdays?|birthday's|born|d ?o ?b|d\.o\.b|dob's)\b")
_OTHER = re.compile(
    r"\b(court|since|married|expires?|expired|model|until|due|appear|hearing|happened|bought|moved|back in|tonight"
    r"|today|tomorrow|friday|monday|tuesday|wednesday|thursday|saturday|sunday)\b"
)
_FIGURES = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\Z")
_OLDEST, _YOUNGEST = 1915, 2024


def dates(heard: SpokenTranscript, found: Sequence[Run]) -> Iterator[SpokenProposal]:
    """Dates that are or may be of birth."""
    taken: set[int] = set()
    for word in heard.words:
        if word.index in taken:
            continue
        match = _named(heard, word.index) or _written(heard, word.index)
        if match is None:
            continue
        first, last, year = match
        if any(run.phonetic >= 2 and run.first <= first <= run.last for run in found):
            continue
        made = _judge(heard, first, last, year)
        if made is not None:
            taken.update(range(first, last + 1))
            yield made
    for run in found:
        if taken.isdisjoint(range(run.first, run.last + 1)) and _birth_run(run) and _cue(heard, run.first, run.last):
            yield SpokenProposal(run.first, run.last, Reason.BIRTH_DATE, rules.BIRTH_NUMBERS)


def _cue(heard: SpokenTranscript, first: int, last: int) -> bool:
    before = heard.before(first)
    if cues := list(CUE.finditer(before)):
        return not re.search(r"\b(phone|social|license|plate|address|live)\b", before[cues[-1].end() :])
    return bool(CUE.search(heard.asked(first)) or CUE.search(heard.after(last + 1, 4)))


def _birth_run(run: Run) -> bool:
    """Whether the digits can be month, day and year in any usual grouping."""
    return run.letters == 0 and 3 <= len(run.digits) <= 8 and not run.mixed


def _judge(heard: SpokenTranscript, first: int, last: int, year: int | None) -> SpokenProposal | None:
    if _cue(heard, first, last):
        return SpokenProposal(first, last, Reason.BIRTH_DATE, rules.BIRTH_DATE)
    around = f"{heard.before(first, 8)} {heard.after(last + 1, 4)}"
    if year is not None and _OLDEST <= year <= 2016 and not _OTHER.search(around):
        return SpokenProposal(first, last, Reason.BIRTH_DATE, rules.BIRTH_FULL_DATE)
    return None


def _written(heard: SpokenTranscript, index: int) -> tuple[int, int, int | None] | None:
    match = _FIGURES.match(heard.words[index].plain)
    if match is None or not (int(match.group(1)) <= 31 and int(match.group(2)) <= 31):
        return None
    return index, index, _year(match.group(3))


def _named(heard: SpokenTranscript, index: int) -> tuple[int, int, int | None] | None:
    """First and last word and the year of a date with its month by name that starts at ``index``."""
    words = heard.words
    at = index
    if words[at].plain in MONTHS:
        at = _skip(heard, at + 1, ("the",))
        day = _day(heard, at)
        if day is None:
            end, year = _year_at(heard, _skip(heard, at, ("of", "in")))
            return (index, end - 1, year) if year is not None else None
    else:
        at = _skip(heard, at, ("the",))
        day = _day(heard, at)
        if day is None or day >= len(words):
            return None
        month = _skip(heard, day, ("day", "of"))
        if month >= len(words) or words[month].plain not in MONTHS:
            return None
        day = month + 1
    if day is None:
        return None
    at = _skip(heard, day, ("of", "in", "uh", "um"))
    end, year = _year_at(heard, at)
    return index, (end if year is not None else day) - 1, year


def _skip(heard: SpokenTranscript, at: int, words: tuple[str, ...]) -> int:
    while at < len(heard.words) and heard.words[at].plain in words:
        at += 1
    return at


def _day(heard: SpokenTranscript, at: int) -> int | None:
    """The word after a day of the month at ``at``; ``None`` if there is none."""
    words = heard.words
    if at >= len(words):
        return None
    plain = words[at].plain
    if plain in ("twenty", "thirty") and at + 1 < len(words):
        following = numbers.ordinal(words[at + 1].plain)
        if following is not None and following < 10:
            return at + 2
        if len(numbers.digits_of([plain, words[at + 1].plain])) == 2 and numbers.is_number(words[at + 1].plain):
            return at + 2
    value = numbers.ordinal(plain)
    if value is None and numbers.is_number(plain):
        digits = numbers.digits_of([plain])
        value = int(digits) if digits and len(digits) <= 2 else None
    if value is None and re.fullmatch(r"\d{1,2}[/.-]\d{2,4}", plain):
        return at + 1
    return at + 1 if value is not None and 1 <= value <= 31 else None


def _year_at(heard: SpokenTranscript, at: int) -> tuple[int, int | None]:
    """The word after a year at ``at``, and the year; the longest reading wins."""
    for length in (4, 3, 2, 1):
        part = heard.words[at : at + length]
        thousand = length == 4 and len(part) == 4 and (part[1].plain, part[2].plain) == ("thousand", "and")
        if thousand:
            part = (*part[:2], part[3])
        if len(part) < length - thousand or not all(numbers.is_number(word.plain) for word in part):
            continue
        if any(word.role != part[0].role for word in part):
            continue
        digits = numbers.digits_of([word.plain for word in part])
        if len(digits) == 2 and length == 2 and part[0].plain not in numbers.BEFORE_UNITS:
            continue
        year = _year(digits)
        if year is not None:
            return at + length, year
    return at, None


def _year(digits: str) -> int | None:
    """A year of four digits that somebody alive can be born in, or of two."""
    if len(digits) == 4 and _OLDEST <= int(digits) <= _YOUNGEST:
        return int(digits)
    if len(digits) == 2:
        return (1900 if int(digits) > _YOUNGEST - 2000 else 2000) + int(digits)
    return None
