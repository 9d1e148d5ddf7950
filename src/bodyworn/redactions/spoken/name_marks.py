"""What marks a word as part of a name: how it is written, the letters and the records around it, whose name it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from bodyworn.redactions.spoken import name_words, numbers
from bodyworn.redactions.spoken.dates import MONTHS
from bodyworn.redactions.spoken.identifiers import STATES
from bodyworn.redactions.spoken.numbers import Run
from bodyworn.redactions.spoken.proposal import SpokenProposal
from bodyworn.redactions.spoken.rules import RULES
from bodyworn.redactions.spoken.words import SpokenTranscript

#: How sure a word is part of a name (0..1), and why.
Guess = tuple[float, str]


def guess(rule: str, share: float = 1.0) -> Guess:
    """What the rule of that id says of a word; ``share`` is how much of its confidence it has."""
    return RULES[rule].confidence * share, RULES[rule].why


def can_be(plain: str) -> bool:
    """Whether a word can be a name at all: no month, rank, number or other word that is none."""
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


def unusual(talk: SpokenTranscript, index: int, common: AbstractSet[str]) -> bool:
    """Whether a word can only be a name or something misheard: English does not know it in lower case."""
    plain = talk.words[index].plain.removesuffix("'s")
    if "'" in plain and not plain.startswith(("o'", "d'")):
        return False
    return can_be(plain) and plain not in common and plain.replace("'", "").replace("-", "").isalpha()


def before_letters(
    talk: SpokenTranscript, spelled: Sequence[SpokenProposal], common: AbstractSet[str]
) -> Iterator[tuple[int, Guess]]:
    """The word that is spelled right after it."""
    for item in spelled:
        before = item.first - 1
        if before >= 0 and talk.words[before].role == talk.words[item.first].role and unusual(talk, before, common):
            yield before, guess("name.before_spelling")


def read_out(talk: SpokenTranscript, common: AbstractSet[str]) -> Iterator[tuple[int, Guess]]:
    """A record read out: ``middle initial J``, and the words right before ``d o b``."""
    for line in talk.lines:
        for index in range(line.first + 1, line.last):
            word = talk.words[index]
            if talk.words[index - 1].plain == "initial" and len(word.plain) == 1:
                yield index, guess("name.initial")
            if not re.match(r"d ?o ?b\b|date of birth\b", talk.after(index, 3)):
                continue
            for before in range(index - 1, max(line.first, index - 3) - 1, -1):
                if not (unusual(talk, before, common) or (before < index - 1 and unusual(talk, before + 1, common))):
                    break
                if talk.words[before].plain in name_words.NO_PART | name_words.NO_ANSWER:
                    break
                yield before, guess("name.before_birth")


def spelled_names(talk: SpokenTranscript, found: Sequence[Run], officers_too: bool) -> Iterator[SpokenProposal]:
    """Names spelled letter by letter; double letters said as words go along."""
    for run in found:
        if run.digits or run.mixed:
            continue
        letters = run.letters - run.phonetic
        told = name_words.SPELL.search(f"{talk.before(run.first)} {talk.asked(run.first)}")
        if letters < 2 or (letters < 4 and not told) or run.phonetic > letters:
            continue
        if not officers_too and of_officer(talk, run.first):
            continue
        yield RULES["name.spelled_when_asked" if told else "name.spelled"].propose(run.first, run.last)


def of_officer(talk: SpokenTranscript, index: int) -> bool:
    """Whether a name belongs to an officer: said after a rank, or by an officer who introduces himself."""
    line = talk.lines[talk.words[index].line]
    before = talk.plain(max(line.first, index - 3), index).split()
    if any(word in name_words.RANKS for word in before):
        return True
    introduces = re.search(r"\b(i'm|i am|my name is|my name's|this is)( \w+)?\Z", " ".join(before))
    return bool(introduces) and line.role.startswith("officer")
