"""Two items in one breath: a run of figures that holds a date or a number, and the number of a house after it.

"Seven four eighty two, fourteen hundred West End Drive" is one run of figures to the ear. A word for a street claims
the last figures; what is before them has to be whole by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from bodyworn.redactions.spoken import numbers
from bodyworn.redactions.spoken.numbers import Run
from bodyworn.redactions.spoken.street_words import street_after
from bodyworn.redactions.spoken.words import SpokenTranscript

_OLDEST, _YOUNGEST = 1915, 2026
#: Digits of a phone number, with and without area code, and of a social security number.
_WHOLE = (7, 9, 10, 11)
_MOST_HOUSE = 5


def apart(heard: SpokenTranscript, runs: Iterable[Run]) -> Iterator[Run]:
    """The runs, those that hold two items as two."""
    for run in runs:
        cut = _cut(heard, run)
        if cut is None:
            yield run
        else:
            yield numbers.run_of(heard, run.members[:cut])
            yield numbers.run_of(heard, run.members[cut:])


def _cut(heard: SpokenTranscript, run: Run) -> int | None:
    """How many members belong to the first item; ``None`` if there is only one."""
    street = street_after(heard, run.last, len(run.digits)) is not None
    one = bool(run.letters) or len(run.digits) in _WHOLE or len(run.digits) <= 6
    if len(run.members) < 3 or (one and not street):
        return None
    paused = [i for i in range(1, len(run.members)) if _pause_before(heard, run.members, i)]
    for cut in [*paused, *(i for i in range(1, len(run.members)) if i not in paused)]:
        house = _digits(heard, run.members[cut:])
        fits = 1 <= len(house) <= _MOST_HOUSE if street else cut in paused and _whole(heard, run.members[cut:])
        if fits and not house.startswith("0") and _whole(heard, run.members[:cut]):
            return cut
    return None


def _pause_before(heard: SpokenTranscript, members: Sequence[int], place: int) -> bool:
    before = heard.words[members[place - 1]]
    return before.stop or before.text.endswith(",") or heard.words[members[place]].start_ms - before.end_ms > 400


def _whole(heard: SpokenTranscript, members: Sequence[int]) -> bool:
    """Whether the words are an item by themselves: a date, a phone or social security number, a license."""
    run = numbers.run_of(heard, members)
    if run.letters:
        return len(run.digits) >= 4
    written = [heard.words[i].plain for i in members]
    return len(run.digits) in _WHOLE or reads_as_date(written) or _written_as_date(written, run.digits)


def _written_as_date(words: Sequence[str], digits: str) -> bool:
    """Whether a recognizer wrote a date in figures of its own grouping: ``7 482`` for seven four eighty two."""
    return 4 <= len(digits) <= 8 and all(word.isdigit() for word in words) and reads_as_date(list(digits))


def reads_as_date(words: Sequence[str]) -> bool:
    """Whether number words read as month, day and year: ``seven four eighty two``, ``twelve thirty one oh five``."""
    if not all(numbers.is_number(word) for word in words):
        return False
    for first, second in combinations(range(1, len(words)), 2):
        month, day, year = (
            numbers.digits_of(list(part)) for part in (words[:first], words[first:second], words[second:])
        )
        if not (month and day and year) or len(month) > 2 or len(day) > 2:
            continue
        alive = len(year) == 2 or (len(year) == 4 and _OLDEST <= int(year) <= _YOUNGEST)
        if alive and 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            return True
    return False


def _digits(heard: SpokenTranscript, members: Sequence[int]) -> str:
    return numbers.digits_of([heard.words[i].plain for i in members if numbers.is_number(heard.words[i].plain)])
