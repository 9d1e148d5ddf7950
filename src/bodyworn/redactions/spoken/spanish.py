"""Names and streets in Spanish lines; numbers and dates there are read by the common rules (``spanish_words.py``)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bodyworn.domain.language import SPANISH
from bodyworn.domain.redaction import Reason
from bodyworn.redactions.spoken import name_words, numbers, rules
from bodyworn.redactions.spoken.name_shapes import NameHint, can_be_name
from bodyworn.redactions.spoken.proposal import SpokenProposal
from bodyworn.redactions.spoken.spanish_words import bare
from bodyworn.redactions.spoken.word_lists import listed
from bodyworn.redactions.spoken.words import SpokenTranscript, SpokenUtterance

_LEAD = re.compile(r"\b(me llamo|se llama|llamo|mi nombre es|su nombre es|nombre|apellido es|apellido)\Z")
_PERHAPS = re.compile(r"\b(soy|ella es|el es|este es|esta es|a nombre de|(hij[oa]|herman[oa]|espos[oa]|mama|papa))\Z")
_QUESTION = re.compile(r"\b(como (se|te) llama|cual es (su|tu) (nombre|apellido)|su nombre|nombre completo)\b")
#: Words that go on with a name, and words that end one.
_INSIDE = frozenset({"de", "del", "la", "las", "los", "y"})
_ENDS = listed("spanish.ends")
_STREETS = listed("spanish.streets")
_MOST_NAMES, _MOST_STREET = 5, 6
#: The mean confidence below which the beginning of an answer to a question for a name is a name misheard.
_DOUBTED = 0.55


def names(heard: SpokenTranscript) -> Iterator[NameHint]:
    """Names: after an introduction, as the answer to a question for one, or with a capital inside a sentence."""
    for line in _lines(heard):
        asked = heard.asked(line.first, 10_000)
        for index in range(line.first, line.last):
            before = bare(
                " ".join(word.text.strip(" ,.¿?¡!") for word in heard.words[max(line.first, index - 3) : index])
            )
            if _LEAD.search(before):
                yield from _follow(heard, index, line.last, sure=True)
            elif _PERHAPS.search(before):
                yield from _follow(heard, index, line.last, sure=False)
            elif index > line.first and not heard.words[index - 1].stop and _capital(heard, index):
                yield NameHint(index, rules.NAME_CAPITAL)
        if name_words.QUESTION.search(asked) or _QUESTION.search(bare(asked)):
            yield from _answer(heard, line)
            yield from _misheard(heard, line)


def _lines(heard: SpokenTranscript) -> Iterator[SpokenUtterance]:
    return (line for line in heard.lines if line.language == SPANISH)


def _follow(heard: SpokenTranscript, index: int, end: int, *, sure: bool) -> Iterator[NameHint]:
    """The name that begins at ``index``: whatever its first word is where that is sure, then words with a capital."""
    for at in range(index, min(index + _MOST_NAMES, end)):
        word = heard.words[at]
        capital = word.text[:1].isupper() and can_be_name(word.plain)
        whatever = sure and at <= index + 1 and bare(word.plain) not in _ENDS
        linked = at > index and _links(heard, at, end)
        if not (capital or whatever or linked):
            return
        yield NameHint(at, rules.NAME_INTRODUCED if sure else rules.NAME_PERHAPS_INTRODUCED)
        if word.stop or word.text.endswith(","):
            return


def _links(heard: SpokenTranscript, at: int, end: int) -> bool:
    """Whether the word is the ``de`` or the ``la`` of ``María de la Cruz``."""
    while at < end and bare(heard.words[at].plain) in _INSIDE:
        at += 1
        if at < end and heard.words[at].text[:1].isupper():
            return True
    return False


def _answer(heard: SpokenTranscript, line: SpokenUtterance) -> Iterator[NameHint]:
    words = [heard.words[i] for i in range(line.first, line.last)]
    if len(words) > _MOST_NAMES + 1 or any(bare(word.plain) in ("no", "que", "porque") for word in words):
        return
    for word in words:
        if bare(word.plain) not in _ENDS | _INSIDE and can_be_name(word.plain):
            yield NameHint(word.index, rules.NAME_SHORT_ANSWER)


def _misheard(heard: SpokenTranscript, line: SpokenUtterance) -> Iterator[NameHint]:
    """What an answer begins with, up to a comma, where the recognizer doubts it: a name, whatever was written."""
    last = line.first
    while last + 1 < line.last and heard.words[last].text[-1:] not in (",", ".", "?", "!"):
        last += 1
    words = heard.words[line.first : last + 1]
    if len(words) <= _MOST_NAMES and sum(word.confidence for word in words) < _DOUBTED * len(words):
        yield from (NameHint(word.index, rules.NAME_MISHEARD) for word in words)


def _capital(heard: SpokenTranscript, index: int) -> bool:
    word, before = heard.words[index], bare(heard.words[index - 1].plain)
    place = before in _STREETS or (before in ("en", "de", "a") and index > 1)
    return word.text[:1].isupper() and len(word.plain) > 2 and can_be_name(word.plain) and not place


def streets(heard: SpokenTranscript) -> Iterator[SpokenProposal]:
    """``calle Hidalgo número veinticuatro``: a street with its number, or where somebody says where they live."""
    for line in _lines(heard):
        asked = heard.asked(line.first)
        for index in range(line.first, line.last - 1):
            if bare(heard.words[index].plain) not in _STREETS:
                continue
            last, number = _street(heard, index, line.last)
            before = f"{asked} {heard.before(index, 6)}"
            if number or re.search(r"\b(live|lives|living|stay|address)\b", before):
                yield SpokenProposal(index, last, Reason.ADDRESS, rules.ADDRESS_STREET)


def _street(heard: SpokenTranscript, index: int, end: int) -> tuple[int, bool]:
    """The last word of a street that begins with its kind at ``index``, and whether its number follows."""
    last, numbered = index, False
    for at in range(index + 1, min(index + 1 + _MOST_STREET, end)):
        plain = heard.words[at].plain
        if numbers.is_number(plain):
            last, numbered = at, True
        elif numbered or bare(plain) in _ENDS:
            if plain != "and":
                break
        else:
            last = at
        if heard.words[at].stop and not (at + 1 < end and numbers.is_number(heard.words[at + 1].plain)):
            break
    return last, numbered
