"""Rules beside the model, in one place: what each adds or takes, and what it is called in an explanation."""

from __future__ import annotations

from collections.abc import Sequence

from bodyworn.findings.cues import agreed, alarms, denied, outright
from bodyworn.findings.cues.reading import Reading
from bodyworn.findings.cues.turns import CueTurn

#: What an explanation calls the rules.
SAID_OUTRIGHT, ALARM, AGREES, DENIAL = "said outright", "alarm words", "agrees to help", "denial"
ONLY_YES = "only a yes"
ALONE = "read alone"


def with_rules(turns: Sequence[CueTurn], readings: Sequence[Reading]) -> list[Reading]:
    """The readings, with what rules add where the model did not propose it, and without what is denied."""
    asked = [agreed.REQUEST in reading.kinds for reading in readings]
    return [_of_turn(turns, asked, at, reading) for at, reading in enumerate(readings)]


def _of_turn(turns: Sequence[CueTurn], asked: Sequence[bool], at: int, reading: Reading) -> Reading:
    turn = turns[at]
    wish = _longest(outright.said_outright(turn.role, turn.text))
    reading = _raised(reading, outright.KIND, outright.LEAST_SCORE, wish, SAID_OUTRIGHT)
    for kind, words in alarms.raised_by(turn.role, turn.text).items():
        reading = _raised(reading, kind, alarms.LEAST_SCORE, _longest(words), ALARM)
    if denied.KIND in reading.kinds and denied.is_denial(turns, at):
        reading = _lowered(reading, denied.KIND, denied.MOST_SCORE, DENIAL)
    if agreed.NEVER in reading.kinds and agreed.is_only_a_yes(turn.text):
        reading = _lowered(reading, agreed.NEVER, agreed.MOST_SCORE, ONLY_YES)
    return _raised(reading, agreed.KIND, agreed.LEAST_SCORE, agreed.agrees_to_help(turns, asked, at), AGREES)


def _raised(reading: Reading, kind: str, least: float, words: list[str], rule: str) -> Reading:
    """The reading with ``kind`` at ``least`` or more, triggered by ``words``; as it is without words or need."""
    if not words or kind in reading.kinds:
        return reading
    return reading.changed(kind, max(reading.scores[kind], least), words, rule)


def _lowered(reading: Reading, kind: str, most: float, rule: str) -> Reading:
    """The reading with ``kind`` at ``most`` or less."""
    return reading.changed(kind, min(reading.scores[kind], most), [], rule)


def _longest(words: list[str]) -> list[str]:
    """The longest words of an outright statement, at most four, in the order said."""
    longest = sorted(range(len(words)), key=lambda n: (-len(words[n]), n))[:4]
    return [words[n] for n in sorted(longest)]
