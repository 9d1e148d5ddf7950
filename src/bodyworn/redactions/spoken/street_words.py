"""Where a number is followed by a street: ``1240 maple ridge drive``, ``406 avenue D``, ``12 calle de la rosa``."""

from __future__ import annotations

from bodyworn.redactions.spoken import numbers
from bodyworn.redactions.spoken.word_lists import listed
from bodyworn.redactions.spoken.words import SpokenTranscript

SUFFIXES = listed("addresses.suffixes")
#: Words for a street that stand before its name.
PREFIXES = listed("addresses.prefixes")
DIRECTIONS = listed("addresses.directions")
STOPS = listed("addresses.stops")
#: Of these, such as a recognizer makes of parts of a street's name.
SOFT = listed("addresses.soft")
_LINKS = ("of", "de", "del", "la", "las", "los", "el", "the")
_HALVES = ("and a half", "and one half")


def end_of_speech(heard: SpokenTranscript, last: int) -> int:
    """The end of the utterance of word ``last``, or of the next one of the same speaker if it follows closely."""
    number = heard.words[last].line
    line = heard.lines[number]
    if number + 1 < len(heard.lines) and heard.lines[number + 1].role == line.role:
        later = heard.lines[number + 1]
        if heard.words[later.first].start_ms - heard.words[line.last - 1].end_ms < 2500:
            return later.last
    return line.last


def street_after(heard: SpokenTranscript, last: int, digits: int) -> int | None:
    """The last word of a street that follows the number ending at ``last``; ``None`` if none does.

    ``digits`` are those of the number: after three or more, words that a recognizer mishears count as a name.
    """
    end, at, name = end_of_speech(heard, last), last + 1, 0
    if heard.plain(at, at + 3) in _HALVES:
        at += 3
    if (first := _prefixed(heard, at, end)) is not None:
        return first
    while at < end and name <= 4:
        word = heard.words[at]
        if word.plain in SUFFIXES and (name or numbers.ordinal(heard.words[last].plain) is not None):
            return at
        if numbers.is_number(word.plain) and not _then_a_suffix(heard, at, end):
            return None  # the number of another house, or another item
        misheard = digits >= 3 and word.plain in SOFT
        if (word.plain in STOPS and not misheard) or (heard.words[at - 1].stop and name):
            return None
        at, name = at + 1, name + 1
    return None


def _then_a_suffix(heard: SpokenTranscript, at: int, end: int) -> bool:
    """Whether a number within a street is its name: ``west 33 street``."""
    while at < end and numbers.is_number(heard.words[at].plain):
        at += 1
    return at < end and heard.words[at].plain in SUFFIXES


def _prefixed(heard: SpokenTranscript, at: int, end: int) -> int | None:
    """The last word of ``avenue of the americas``, ``camino real``, ``avenue d`` at ``at``."""
    while at < end and heard.words[at].plain in DIRECTIONS:
        at += 1
    if at >= end or heard.words[at].plain not in PREFIXES or heard.words[at].stop or at + 1 >= end:
        return None
    last = at + 1
    while last + 1 < end and heard.words[last].plain in _LINKS and not heard.words[last].stop:
        last += 1
    plain = heard.words[last].plain
    if plain in _LINKS or (plain in STOPS and len(plain) > 1) or plain in SUFFIXES:
        return None
    return last
