"""Spans of sound to hide, proposed from what was said, and what a person picks by words and voices.

The rules are imported where they are used: every command opens a library, few listen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bodyworn.domain.redaction import SoundSpan
from bodyworn.domain.span import Span
from bodyworn.engine.plan import in_order
from bodyworn.engine.stage import Stage
from bodyworn.findings.stages import transcript
from bodyworn.redactions import second_hearing

#: How far beyond a turn a voice is disguised, in milliseconds: its first and last sounds are found less surely.
_AROUND_MS = 200
#: The artifact that says who said what.
_UTTERANCES = "utterances"


def speech_stages(stages: Sequence[Stage], *, twice: bool = False) -> tuple[Stage, ...]:
    """Those of ``stages`` without which there are no utterances, in the order in which they run.

    With ``twice`` the second hearing is among them; it goes with the transcript of the product and no other.
    """
    wanted, needed = {_UTTERANCES}, []
    if twice and transcript.STAGE in stages:
        wanted.add(second_hearing.STAGE.makes)
        stages = (*stages, second_hearing.STAGE)
    for stage in reversed(in_order(stages)):
        if stage.makes in wanted:
            wanted.update(stage.reads)
            needed.append(stage)
    return tuple(reversed(needed))


def from_utterances(said: Sequence[Mapping[str, Any]], again: Sequence[Mapping[str, Any]] = ()) -> list[SoundSpan]:
    """Spans to hide in ``utterances`` (or a transcript's ``segments``): rows with words and their times.

    ``again`` are the stretches of a second hearing with their words: what either reading has to hide is hidden. They
    are proposals for a person, and hold none of the words.
    """
    from bodyworn.redactions.spoken.proposing import AGAIN_REACH_MS, propose_words, spans
    from bodyworn.redactions.spoken.readings import heard_alike, second_reading, united
    from bodyworn.redactions.spoken.words import transcript_of

    talk, known = transcript_of(said), heard_alike(said, again)
    found = spans(talk, propose_words(talk, known=known))
    if not again:
        return found
    other = transcript_of(second_reading(said, again))
    return united(found, spans(other, propose_words(other, known=known), most_reach_ms=AGAIN_REACH_MS))


def places_of(said: Iterable[Mapping[str, Any]], text: str) -> list[Span]:
    """Where the words of ``text`` are said one after the other, as wide as a mask has to be."""
    from bodyworn.redactions.spoken.proposing import place
    from bodyworn.redactions.spoken.words import plain, transcript_of

    talk, wanted = transcript_of(said), [plain(word) for word in text.split()]
    row = [word.plain for word in talk.words]
    starts = [at for at in range(len(row) - len(wanted) + 1) if wanted and row[at : at + len(wanted)] == wanted]
    return [Span(*place(talk, at, at + len(wanted) - 1)) for at in starts]


def turns_of(said: Iterable[Mapping[str, Any]], who: str) -> list[Span]:
    """When ``who`` (the name of a speaker, or a role) speaks, a little wider; what touches is one."""
    turns: list[Span] = []
    for row in said:
        if who in (row["speaker"], row["role"]):
            start, end = max(0, row["start_ms"] - _AROUND_MS), row["end_ms"] + _AROUND_MS
            if turns and start <= turns[-1].end_ms:
                start, end = turns[-1].start_ms, max(end, turns.pop().end_ms)
            turns.append(Span(start, end))
    return turns
