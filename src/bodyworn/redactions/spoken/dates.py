"""Dates of birth: by name of the month, in figures, or as a run of numbers after somebody asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bodyworn.domain.language import SPANISH
from bodyworn.domain.redaction import Reason
from bodyworn.redactions.spoken import numbers, rules
from bodyworn.redactions.spoken.breaths import reads_as_date
from bodyworn.redactions.spoken.numbers import Run
from bodyworn.redactions.spoken.proposal import SpokenProposal
from bodyworn.redactions.spoken.rules import SpokenRule
from bodyworn.redactions.spoken.street_words import end_of_speech, street_after
from bodyworn.redactions.spoken.word_lists import listed
from bodyworn.redactions.spoken.words import SpokenTranscript

MONTHS = listed("dates.months")
CUE = re.compile(r"\b(birth|birth ?date|birthdays?|birthday's|born|d ?o ?b|d\.o\.b|dob's)\b")
_OTHER = re.compile(
    r"\b(court|since|married|expires?|expired|model|until|due|appear|hearing|happened|bought|moved|back in|tonight"
    r"|today|tomorrow|friday|monday|tuesday|wednesday|thursday|saturday|sunday)\b"
)
#: A part of a date that is asked for.
_PART = re.compile(
    r"\b(what|which|and the|the) (year|month|day)\b(?! is it| is the)|\b(year|month|day)\Z|\byear of birth\Z"
)
#: Words of a short answer that are no part of a date.
_MOST_WORDS = 4
_FIGURES = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\Z")
_OLDEST, _YOUNGEST = 1915, 2024


def dates(heard: SpokenTranscript, found: Sequence[Run]) -> Iterator[SpokenProposal]:
    """Dates that are or may be of birth."""
    taken: set[int] = set()
    for word in heard.words:
        if word.index in taken:
            continue
        if any(run.first < word.index <= run.last and _is_year(run) for run in found):
            continue  # the last figure of a year is no day
        match = _named(heard, word.index) or _written(heard, word.index)
        if match is None:
            continue
        first, last, year = match
        if any(run.phonetic >= 2 and run.first <= first <= run.last for run in found):
            continue
        if year is None and (before := _year_before(heard, found, first)) is not None:
            first, year = before.first, _year(before.digits)
        made = _judge(heard, first, last, year)
        if made is not None:
            taken.update(range(first, last + 1))
            yield made
    for line in heard.lines:
        if line.last - line.first <= _MOST_WORDS and _asked_for_part(heard, line.first):
            for index in range(line.first, line.last):
                plain = heard.words[index].plain
                if index not in taken and (plain in MONTHS or numbers.ordinal(plain) is not None):
                    first = index - (heard.words[max(line.first, index - 1)].plain == "the" and index > line.first)
                    taken.update(range(first, index + 1))
                    yield SpokenProposal(first, index, Reason.BIRTH_DATE, rules.BIRTH_PART)
    for run in found:
        if taken.isdisjoint(range(run.first, run.last + 1)) and (rule := _numbers(heard, run)) is not None:
            yield SpokenProposal(run.first, run.last, Reason.BIRTH_DATE, rule)


def _numbers(heard: SpokenTranscript, run: Run) -> SpokenRule | None:
    """The rule by which a run of numbers is a date of birth, or its year."""
    if _birth_run(run) and _cue(heard, run.first, run.last):
        return rules.BIRTH_NUMBERS
    if run.letters == 0 and len(run.digits) in (1, 2, 4) and _asked_for_part(heard, run.first):
        return rules.BIRTH_PART
    if not reads_as_date([heard.words[i].plain for i in run.members]):
        return None
    if street_after(heard, run.last, 0) is None and _then_a_street(heard, run):
        return rules.BIRTH_BEFORE_ADDRESS
    return rules.BIRTH_ALONE if _alone(heard, run) else None


def _asked_for_part(heard: SpokenTranscript, first: int) -> bool:
    """Whether the year, month or day of a birth is asked for: ``what year?`` after a birth was spoken of."""
    if not _PART.search(heard.asked(first)):
        return False
    number = heard.words[first].line
    earlier = heard.lines[max(0, number - 7) : number]
    return bool(CUE.search(" ".join(heard.plain(line.first, line.last) for line in earlier)))


def _then_a_street(heard: SpokenTranscript, run: Run) -> bool:
    """Whether the number of a house and its street follow in the same breath."""
    house = run.last + 1
    while house - run.last <= 2 and heard.plain(house, house + 1) in ("of", "at", "address", "and", "lives"):
        house += 1
    if house >= end_of_speech(heard, run.last) or not numbers.is_number(heard.words[house].plain):
        return False
    last = house
    while last + 1 < len(heard.words) and numbers.is_number(heard.words[last + 1].plain):
        last += 1
    return street_after(heard, last, 0) is not None


def _alone(heard: SpokenTranscript, run: Run) -> bool:
    """Whether the run is all that is said, by somebody who is not an officer, and nothing else was asked for."""
    line = heard.lines[heard.words[run.first].line]
    said = {heard.words[i].plain for i in range(line.first, line.last)} - {"it's", "its", "uh", "um", "yeah"}
    inside = {heard.words[i].plain for i in range(run.first, run.last + 1)}
    return said <= inside and not line.role.startswith(("officer", "dispatch")) and not heard.asked(run.first)


def _year_before(heard: SpokenTranscript, found: Sequence[Run], first: int) -> Run | None:
    """A year said right before the month: ``two thousand one, may twelve``."""
    before = next((run for run in found if 0 < first - run.last <= 1), None)
    same = before is not None and heard.words[before.last].line == heard.words[first].line
    return before if before is not None and same and _is_year(before) else None


def _is_year(run: Run) -> bool:
    return run.letters == 0 and len(run.digits) == 4 and _year(run.digits) is not None


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
    if (spanish := _spanish_year(heard, at)) is not None:
        return spanish
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


def _spanish_year(heard: SpokenTranscript, at: int) -> tuple[int, int] | None:
    """The word after a year with ``y`` in it at ``at``, and the year: ``mil novecientos ochenta y siete``."""
    if at >= len(heard.words) or heard.lines[heard.words[at].line].language != SPANISH:
        return None
    end = at
    while end < len(heard.words) and (numbers.is_number(heard.words[end].plain) or heard.words[end].plain == "and"):
        end += 1
    read = [word.plain for word in heard.words[at:end]]
    year = _year("".join(read).replace("and", "")) if "and" in read[1:-1] and read[-1] != "and" else None
    return None if year is None else (end, year)


def _year(digits: str) -> int | None:
    """A year of four digits that somebody alive can be born in, or of two."""
    if len(digits) == 4 and _OLDEST <= int(digits) <= _YOUNGEST:
        return int(digits)
    if len(digits) == 2:
        return (1900 if int(digits) > _YOUNGEST - 2000 else 2000) + int(digits)
    return None
