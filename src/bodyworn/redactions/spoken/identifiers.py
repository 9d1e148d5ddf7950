"""Phone, social security and license numbers and plates: runs of digits and letters, told apart by what is around."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bodyworn.domain.redaction import Reason
from bodyworn.redactions.spoken import rules
from bodyworn.redactions.spoken.numbers import PHONETIC, Run, is_number
from bodyworn.redactions.spoken.proposal import SpokenProposal
from bodyworn.redactions.spoken.word_lists import listed
from bodyworn.redactions.spoken.words import SpokenTranscript

#: What speaks of which number. The one nearest before the number counts.
CUES: dict[Reason, re.Pattern[str]] = {
    Reason.PHONE: re.compile(
        r"\b(phones?|cell|cell ?phone|mobile|telephone|area code|text (me|him|her)|call ?back|reach (me|you|him|her|us)"
        r"|call (me|him|her|us|my|you)|numbers? (to|for) (reach|you|me|him|her)"
        r"|(my|his|her|their|your|good|best|contact|work|home) number|number's|digits)\b"
    ),
    Reason.SOCIAL_SECURITY: re.compile(r"\b(social|socials|social security|s ?s ?n|last four)\b"),
    Reason.SPOKEN_PLATE: re.compile(
        r"\b(plates?|plate's|tags?|tag's|bearing|license plate|run (a|this|that)|registration|vin)\b"
    ),
    Reason.ID_NUMBER: re.compile(
        r"\b((medical )?record number|m ?r ?n|patient (number|id)|(insurance|policy|member|group|inmate|booking|student"
        r"|employee|military|passport|account|card|tribal|alien) (number|id|i d|policy|card)|insurance|passport"
        r"|student i ?d|inmate i ?d|gate code|door code|access code|pin( number| code)?|pass ?code"
        r"|(medicaid|medicare|ebt|claim|benefits?|routing|green card|visa|tax|customer)"
        r" (number|id|i d|card)"
        r"|(my|his|her|their|your) (?!case|badge|incident|citation|report|event|call|unit|ticket|car|exit|flight|house"
        r"|street|phone|cell|license|plate|tag|social)\w+ (number|id|i d))\b"
    ),
    Reason.LICENSE: re.compile(r"\b(licen[sc]e|license's|d ?l|o ?l ?n|driver'?s|i d number|id number|permit)\b"),
}
#: Numbers that are nobody's.
PUBLIC = re.compile(
    r"\b((case|badge|incident|citation|report|event|call|unit|ticket|ref(erence)?|run) (number|no)|badge|statute"
    r"|section|code|ordinance|unit|engine|medic|ladder|squad|car|highway|interstate|route|exit|mile marker|radar"
    r"|clocked|pressure|pulse|heart rate|weighs?|model|room|channel|flight|serial|time is|show me|copy)\b"
)
MEASURES = re.compile(
    r"(dollars?|bucks|cents|miles?|feet|foot|inches|pounds|lbs?|percent|years?|months?|weeks?|days?|hours?|minutes?"
    r"|seconds?|milligrams?|mg|mph|times|o'clock|a m|p m|am|pm|an hour|zone|over|degrees|hundred hours|people|beers?)\b"
)
_SPELLS = re.compile(
    r"\b(spell\w*|last of|first of|(last|first|middle|your|his|her|the) (name|last|first)|name|last|first)\b"
)
#: Characters of a plate at most.
_MOST_ON_A_PLATE = 8
_SMALL = listed("numbers_of_persons.small")
_PLATE_WORDS = listed("numbers_of_persons.plate_words")
_PLATE_LEADS = listed("numbers_of_persons.plate_leads")
STATES = listed("numbers_of_persons.states")

#: The rule for a number of which somebody speaks.
_SPOKEN_OF = {
    Reason.PHONE: rules.PHONE_SPOKEN_OF,
    Reason.SOCIAL_SECURITY: rules.SOCIAL_SPOKEN_OF,
    Reason.LICENSE: rules.LICENSE_SPOKEN_OF,
    Reason.SPOKEN_PLATE: rules.PLATE_SPOKEN_OF,
    Reason.ID_NUMBER: rules.ID_SPOKEN_OF,
}


@dataclass(frozen=True)
class HeardCue:
    """Which number is spoken of, and how sure that is by where it was said."""

    reason: Reason
    confidence: float


def identifiers(heard: SpokenTranscript, found: Sequence[Run]) -> Iterator[SpokenProposal]:
    """Numbers of a person or a vehicle among the runs."""
    last: SpokenProposal | None = None
    for run in found:
        if last is not None and run.first <= last.last:
            if run.last <= last.last:
                continue
            run = replace(run, first=last.last + 1)
        made = _judge(heard, run) or _continues(heard, run, last)
        if made is not None:
            last = _widened(heard, made)
            yield last


def _judge(heard: SpokenTranscript, run: Run) -> SpokenProposal | None:
    if spells_a_name(heard, run):
        return None
    cue = _cue(heard, run)
    if MEASURES.match(heard.after(run.last + 1)) and len(run.digits) < 7:
        return None
    if cue is not None:
        return _by_cue(run, cue)
    public = _public(heard, run)
    return _by_shape(heard, run, public)


def spells_a_name(heard: SpokenTranscript, run: Run) -> bool:
    """Whether words of an alphabet spell a name: where one is asked for or just given, or too many for a plate."""
    if run.digits or run.mixed or run.phonetic < 3:
        return False
    before, asked = heard.before(run.first), heard.asked(run.first)
    if CUES[Reason.SPOKEN_PLATE].search(before):
        return False
    return bool(_SPELLS.search(before) or _SPELLS.search(asked)) or run.phonetic > _MOST_ON_A_PLATE


def _cue(heard: SpokenTranscript, run: Run) -> HeardCue | None:
    """Which number is spoken of nearest before the run, in the question before it, or just after."""
    before = heard.before(run.first)
    spoken = _nearest(before)
    if spoken is None and _nearest_public(before) < 0:
        asked = heard.asked(run.first)
        short = run.first - heard.lines[heard.words[run.first].line].first < 8
        spoken = _nearest(asked) if short else None
        if spoken is not None:
            return HeardCue(spoken[0], rules.IN_QUESTION)
    if spoken is not None:
        return None if _nearest_public(before) > spoken[1] else HeardCue(spoken[0], rules.BEFORE_NUMBER)
    follows = _nearest(heard.after(run.last + 1, 6), first=True)
    return HeardCue(follows[0], rules.AFTER_NUMBER) if follows is not None else None


def _nearest(said: str, *, first: bool = False) -> tuple[Reason, int] | None:
    hits = [(match.end(), reason) for reason, cue in CUES.items() for match in cue.finditer(said)]
    if not hits:
        return None
    end, reason = min(hits) if first else max(hits)
    if reason is Reason.LICENSE and re.search(r"licen[sc]e plate\Z", said[: end + 6]):
        reason = Reason.SPOKEN_PLATE
    return reason, end


def _nearest_public(said: str) -> int:
    return max((match.end() for match in PUBLIC.finditer(said)), default=-1)


def _public(heard: SpokenTranscript, run: Run) -> bool:
    return bool(PUBLIC.search(heard.before(run.first, 6)))


def _by_cue(run: Run, spoken_of: HeardCue) -> SpokenProposal | None:
    cue = spoken_of.reason
    digits = len(run.digits)
    fits = {
        Reason.PHONE: digits >= 3 and run.letters <= 1,
        Reason.SOCIAL_SECURITY: digits >= 3 and run.letters <= 1,
        Reason.LICENSE: digits >= 3 and run.total >= 4,
        Reason.ID_NUMBER: digits >= 3,
        Reason.SPOKEN_PLATE: 3 <= run.total <= 16 and (digits > 0 or run.letters >= 3),
    }
    if cue is Reason.PHONE and digits == 9 and run.letters == 0 and run.groups <= 1:
        return SpokenProposal(run.first, run.last, Reason.PHONE, rules.PHONE_NINE_FIGURES)
    if not fits[cue]:
        return None
    sure = spoken_of.confidence if digits >= 4 or cue is Reason.SPOKEN_PLATE else rules.FEW_FIGURES
    return SpokenProposal(run.first, run.last, cue, _SPOKEN_OF[cue].as_sure_as(sure))


def _by_shape(heard: SpokenTranscript, run: Run, public: bool) -> SpokenProposal | None:
    """Runs whose form alone tells; never those that are announced as somebody else's."""
    digits = len(run.digits)
    if public and not run.phonetic:
        return None
    if run.letters == 0 and digits in (10, 11) and (digits == 10 or run.digits[0] == "1"):
        return SpokenProposal(run.first, run.last, Reason.PHONE, rules.PHONE_TEN)
    if run.letters == 0 and 12 <= digits <= 20:
        return SpokenProposal(run.first, run.last, Reason.PHONE, rules.PHONE_TWICE)
    if run.letters == 0 and digits == 9:
        return SpokenProposal(run.first, run.last, Reason.SOCIAL_SECURITY, rules.SOCIAL_NINE)
    if run.letters == 0 and digits == 7 and run.groups >= 2:
        return SpokenProposal(run.first, run.last, Reason.PHONE, rules.PHONE_SEVEN)
    if run.letters == 1 and 7 <= digits <= 13:
        return SpokenProposal(run.first, run.last, Reason.LICENSE, rules.LICENSE_SHAPE)
    year = digits == 4 and run.letters == 0 and run.digits[:2] in ("19", "20")
    state = bool(STATES.intersection(heard.before(run.first, 2).split())) and not year
    mixed = run.letters >= 2 and digits >= 1 and 4 <= run.total <= 8
    if (mixed and (run.phonetic or run.mixed or digits >= 2)) or (state and run.phonetic and run.total >= 3):
        return SpokenProposal(run.first, run.last, Reason.SPOKEN_PLATE, rules.PLATE_SHAPE)
    if (run.phonetic >= 3 or state) and 4 <= run.total <= 8:
        return SpokenProposal(run.first, run.last, Reason.SPOKEN_PLATE, rules.PLATE_LETTERS)
    return None


def _widened(heard: SpokenTranscript, made: SpokenProposal) -> SpokenProposal:
    """A plate with the words beside it that stand where letters should: words of an alphabet are often misheard."""
    line = heard.lines[heard.words[made.first].line]
    first, last = made.first, made.last
    if made.reason in (Reason.LICENSE, Reason.SPOKEN_PLATE, Reason.ID_NUMBER):
        while first > line.first and _belongs(heard, first - 1, made.reason):
            first -= 1
    if (
        made.reason is Reason.ID_NUMBER
        and first > line.first
        and heard.words[first - 1].plain in ("pound", "star", "hash")
    ):
        first -= 1
    if made.reason is Reason.PHONE and heard.plain(first - 2, first) == "area code":
        return replace(made, first=first - 2)
    if made.reason is not Reason.SPOKEN_PLATE:
        return replace(made, first=first)
    cue = max((i for i in range(line.first, first) if heard.words[i].plain in _PLATE_WORDS), default=None)
    if cue is not None and first - cue <= 5:
        cue = max((i for i in range(cue, first) if heard.words[i].text.endswith((",", "."))), default=cue)
        inside = [i for i in range(cue + 1, first) if heard.words[i].plain not in _PLATE_LEADS]
        first = min([*inside, first])
    while last + 1 < line.last and last - made.last < 2 and not heard.words[last].stop:
        after = heard.words[last + 1]
        ahead = heard.after(last + 2, 1) in PHONETIC
        if not (ahead or after.plain in PHONETIC or (after.text[0].isupper() and not after.plain.startswith("i'"))):
            break
        last += 1
    return replace(made, first=first, last=last)


def _belongs(heard: SpokenTranscript, index: int, reason: Reason) -> bool:
    """Whether the word right before a license number or plate is a part of it: its state, or letters misheard."""
    word = heard.words[index]
    if word.plain in STATES or word.text.startswith("-"):
        return True
    if word.plain in ("a", "i") and len(heard.words[index + 1].plain) == 1:
        return True  # the first of letters that are spelled
    if reason is not Reason.SPOKEN_PLATE or word.stop:
        return False
    short = len(word.plain) <= 2 and word.plain.isalpha() and word.plain not in _PLATE_LEADS | _SMALL
    return short or (is_number(word.plain) and index + 1 < len(heard.words) and heard.words[index + 1].text[0] == "-")


def _continues(heard: SpokenTranscript, run: Run, last: SpokenProposal | None) -> SpokenProposal | None:
    """A run that goes on with a number after a few other words of the same speaker."""
    if last is None or run.first - last.last > 4 or (run.groups < 2 and len(run.digits) < 3):
        return None
    here, there = heard.words[run.first], heard.words[last.last]
    if here.role != there.role or here.start_ms - there.end_ms > 4000 or last.reason is Reason.BIRTH_DATE:
        return None
    between = heard.plain(last.last + 1, run.first)
    if re.search(r"\b(live|address|born|birth|is at|and i|name)\b", between):
        return None
    if MEASURES.match(heard.after(run.last + 1)) or any(word in PHONETIC for word in between.split()):
        return None
    first = last.last + 1 if run.first - last.last <= 3 and here.line == there.line else run.first
    return SpokenProposal(first, run.last, last.reason, rules.NUMBER_GOES_ON)
