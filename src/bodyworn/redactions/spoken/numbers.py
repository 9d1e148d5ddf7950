"""Numbers and letters as people say them and as a recognizer writes them, and the runs they form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bodyworn.redactions.spoken.word_lists import listed
from bodyworn.redactions.spoken.words import SpokenTranscript, SpokenWord, is_nod

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: number for number, word in enumerate(f"{_SMALL} seventeen eighteen nineteen".split())}
_UNITS |= {"oh": 0, "o": 0, "niner": 9, "ought": 0, "aught": 0}
_TENS = {word: 20 + 10 * i for i, word in enumerate(_ROUND.split())}
_SPANISH = "cero uno dos tres cuatro cinco seis siete ocho nueve diez"
_UNITS |= {word: number for number, word in enumerate(_SPANISH.split())}
_UNITS |= {"doce": 12, "trece": 13, "catorce": 14, "quince": 15}
_SPANISH_ROUND = "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_TENS |= {word: 20 + 10 * i for i, word in enumerate(_SPANISH_ROUND.split())}
#: What a two-digit number said in two words begins with.
BEFORE_UNITS = frozenset({*_TENS, "oh", "o", "zero", "ought"})
_SCALES = {"hundred": 100, "thousand": 1000}
#: ``double five``: how often the next figure is said.
_TIMES = {"double": 2, "triple": 3}
_FIRST = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
_LATER = "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
ORDINALS = {word: number for number, word in enumerate(f"{_FIRST} {_LATER}".split(), 1)} | {"thirtieth": 30}
ORDINALS |= {f"{word[:-1]}ieth": value for word, value in _TENS.items()}
_WRITTEN_DATE = re.compile(r"\d{1,2}[/-]\d{1,2}[/-](\d{4}|\d{2})\Z")
_ORDINAL = re.compile(r"(\d{1,3})(?:st|nd|rd|th)\Z")

#: Alphabets of the police (APCO) and of NATO, with spellings that recognizers choose.
PHONETIC = listed("numbers.phonetic")
_ABBREVIATIONS = (*(tuple(text) for text in ("dob", "dl", "oln", "ssn", "id", "dui", "am", "pm")), ("p", "o"))
_WHOLE = listed("numbers.whole")
#: A run goes on over a pause within an utterance, and between two of them.
PAUSE_MS, LINE_PAUSE_MS = 3000, 1900
#: Words within a run that are no part of the number.
SEPARATORS = listed("numbers.separators")


@dataclass(frozen=True)
class Run:
    """Words ``first..last`` (inclusive) that are digits and letters with separators in between.

    ``digits`` are the digits said; ``letters`` how many letters; ``phonetic`` how many of these by an alphabet's word;
    ``groups`` the number of words that carry something; ``mixed`` whether letters and digits were written as one word;
    ``members`` the words without separators.
    """

    first: int
    last: int
    digits: str
    letters: int
    phonetic: int
    groups: int
    mixed: bool
    members: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        """Characters said."""
        return len(self.digits) + self.letters


def ordinal(plain: str) -> int | None:
    """The number of ``third`` or ``3rd``."""
    match = _ORDINAL.match(plain)
    return int(match.group(1)) if match else ORDINALS.get(plain)


def is_number(plain: str) -> bool:
    """Whether a word is a number: in figures (with separators inside) or as a word."""
    return plain in _UNITS or plain in _TENS or plain in _SCALES or _figures(plain) or _joined(plain)


def _figures(plain: str) -> bool:
    return bool(re.fullmatch(r"[+#(]*\d[\d,./()–-]*", plain))


def _joined(plain: str) -> bool:
    """``forty-two``, ``oh-one-four-two``."""
    parts = plain.split("-")
    return len(parts) > 1 and all(part in _UNITS or part in _TENS or part.isdigit() for part in parts)


def is_mixed(plain: str) -> bool:
    """Whether a word holds letters and digits: ``k041``, ``rtk-814``."""
    core = plain.replace("-", "").replace(".", "")
    has_both = any(c.isdigit() for c in core) and any(c.isalpha() for c in core)
    return core.isalnum() and has_both and ordinal(plain) is None and not re.fullmatch(r"\d+(s|am|pm|mph|x|k)", core)


def is_letter(word: SpokenWord) -> bool:
    """Whether a word is a letter or letters spelled with hyphens or points: ``k``, ``R-T-K``."""
    plain = word.plain.replace(".", "-")
    return bool(re.fullmatch(r"[a-z](-[a-z])*", plain)) or bool(re.fullmatch(r"[A-Z]{2,4}", word.text.strip(".,-")))


def digits_of(words: list[str]) -> str:
    """The digits said by number words: ``nine one three`` 913, ``forty two`` 42, ``eighteen hundred`` 1800."""
    out: list[str] = []
    open_ten, times = False, 1
    for word in (part for text in words for part in _parts(text)):
        if word in _TIMES:
            times = _TIMES[word]
            continue
        if times > 1 and _UNITS.get(word, 10) < 10:
            out.append(str(_UNITS[word]) * times)
            open_ten, times = False, 1
            continue
        times = 1
        if word in _SCALES:
            if out and _SCALES[word] == 1000 and len(out[-1]) == 1:
                out[-1] += "000"
            elif out and len(out[-1]) <= 2:
                out[-1] += "00"
            open_ten = False
        elif word in _TENS:
            _put(out, str(_TENS[word]), 2)
            open_ten = True
        elif word in _UNITS:
            value = _UNITS[word]
            if open_ten and 0 < value < 10:
                out[-1] = out[-1][:-1] + str(value)
            else:
                _put(out, str(value), len(str(value)))
            open_ten = False
        else:
            out.append(word)
            open_ten = False
    return "".join(out)


def _parts(text: str) -> list[str]:
    if _figures(text):
        return ["".join(c for c in text if c.isdigit())]
    return text.split("-")


def _put(out: list[str], digits: str, width: int) -> None:
    """Into the zeros of a round number before it (two thousand + fourteen), else as a new group."""
    if out and len(out[-1]) >= 3 and out[-1].endswith("0" * (len(out[-1]) - 1)) and int(out[-1]) > 0:
        out[-1] = out[-1][:-width] + digits
    else:
        out.append(digits)


def runs(heard: SpokenTranscript) -> Iterator[Run]:
    """All maximal runs, in order. A run goes on over a pause and over a nod of the other speaker."""
    index = 0
    while index < len(heard.words):
        members = _members(heard, index)
        if not members:
            index += 1
            continue
        made = run_of(heard, members)
        yield made
        index = members[-1] + 1


def _members(heard: SpokenTranscript, index: int) -> list[int]:
    """Words of the run that starts at ``index``, separators left out."""
    words = heard.words
    if not _counts(heard, index, started=False):
        return []
    members, at, skipped = [index], index + 1, 0
    while at < len(words) and skipped <= 2:
        word, last = words[at], words[members[-1]]
        if word.start_ms - last.end_ms > (PAUSE_MS if word.line == last.line else LINE_PAUSE_MS):
            break
        if word.role != last.role:
            line = heard.lines[word.line]
            if _complete(heard, members) or at != line.first or not is_nod(heard.plain(line.first, line.last)):
                break
            at = line.last
            continue
        if (word.line != last.line or last.stop) and _complete(heard, members):
            break
        if _WRITTEN_DATE.match(word.plain) or _WRITTEN_DATE.match(last.plain):
            break
        if jump := _spelled_out(heard, at):
            at += jump
        elif _counts(heard, at, started=True) or _closes(heard, at, members):
            members.append(at)
            at, skipped = at + 1, 0
        elif word.plain in SEPARATORS:
            at, skipped = at + 1, skipped + 1
        else:
            break
    return members


def _closes(heard: SpokenTranscript, at: int, members: list[int]) -> bool:
    """Whether ``a`` or ``i`` ends letters that are being spelled."""
    spelled = len(members) > 1 and all(_single(heard.words[i]) for i in members[-2:])
    return spelled and heard.words[at].plain in ("a", "i")


def _complete(heard: SpokenTranscript, members: list[int]) -> bool:
    """Whether a run is as long as a whole number, so that what the next utterance begins with is another one."""
    texts = [heard.words[i].plain for i in members]
    return len(digits_of([text for text in texts if is_number(text)])) in (7, 9, 10, 11)


def _spelled_out(heard: SpokenTranscript, at: int) -> int:
    """How many words ``as in david`` or ``like david`` takes after a letter; 0 if it is not that."""
    said = heard.plain(at, at + 2)
    if said in ("as in", "is in", "s in"):
        return 3
    if said.startswith("like ") and heard.words[at + 1].plain in PHONETIC:
        return 2
    return 0


def _counts(heard: SpokenTranscript, index: int, *, started: bool) -> bool:
    """Whether a word can be part of a run. ``a`` and ``i`` count only between others, alphabet words near others."""
    word = heard.words[index]
    if _abbreviation(heard, index):
        return False
    near = [heard.words[i] for i in (index - 1, index + 1) if 0 <= i < len(heard.words)]
    other = any(is_number(w.plain) or w.plain in PHONETIC or is_mixed(w.plain) or _single(w) for w in near)
    if word.plain in _TIMES:
        return index + 1 < len(heard.words) and is_number(heard.words[index + 1].plain)
    if is_number(word.plain):
        return word.plain not in ("o", "oh", "hundred", "thousand") or other
    if is_mixed(word.plain):
        return True
    if word.plain in ("a", "i"):
        following = heard.words[index + 1] if index + 1 < len(heard.words) else None
        return started and following is not None and (is_number(following.plain) or _single(following))
    if word.plain in PHONETIC:
        return other
    return is_letter(word)


def _abbreviation(heard: SpokenTranscript, index: int) -> bool:
    """Whether a word is a letter of ``d o b`` and the like, standing alone."""
    if heard.words[index].plain in _WHOLE:
        return True
    for letters in _ABBREVIATIONS:
        for offset in range(len(letters)):
            first, last = index - offset, index - offset + len(letters)
            if first < 0 or heard.plain(first, last) != " ".join(letters):
                continue
            around = [heard.words[i] for i in (first - 1, last) if 0 <= i < len(heard.words)]
            line = heard.words[index].line
            if not any(_single(word) and word.line == line for word in around):
                return letters != ("p", "o") or heard.plain(last, last + 1) == "box"
    return False


def _single(word: SpokenWord) -> bool:
    return len(word.plain) == 1 and word.plain.isalpha() and word.plain not in "ai"


def run_of(heard: SpokenTranscript, members: Sequence[int]) -> Run:
    """The run of those words."""
    texts = [heard.words[i] for i in members]
    numeric = [word.plain for word in texts if is_number(word.plain) or word.plain in _TIMES]
    mixed = [word.plain for word in texts if is_mixed(word.plain)]
    phonetic = sum(word.plain in PHONETIC for word in texts)
    letters = phonetic + sum(c.isalpha() for text in mixed for c in text)
    for word in texts:
        if (
            word.plain not in _TIMES
            and not is_number(word.plain)
            and word.plain not in PHONETIC
            and not is_mixed(word.plain)
        ):
            letters += sum(c.isalpha() for c in word.plain)
    if letters >= 2 and all(plain in ("o", "oh") for plain in numeric):
        letters, numeric = letters + len(numeric), []
    digits = digits_of(numeric) + "".join(c for text in mixed for c in text if c.isdigit())
    last = members[-1]
    if jump := _spelled_out(heard, last + 1) if last + 1 < len(heard.words) else 0:
        last = min(last + jump, len(heard.words) - 1)
    return Run(members[0], last, digits, letters, phonetic, len(members), bool(mixed), tuple(members))
