"""Cut a conversation into sequences of tokens, so that every utterance is read once, with what was said around it.

A sequence looks like ``<s> officer: … </s> community: … </s> officer 2: … </s>``. Windows hold up to ``WINDOW`` tokens;
an utterance is judged in the window in which at least ``BEFORE`` tokens of earlier turns (or the beginning) and,
unless it is the last, up to ``AFTER`` tokens of later turns stand beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bodyworn.findings.cues.turns import CueTurn

WINDOW = 256
BEFORE = 96
AFTER = 32
#: Longer utterances are judged in pieces of about this many tokens at most, cut at ends of sentences if they have any:
#: over a long one the mean would drown a single sentence. The pieces stand side by side and see each other.
PIECE = 24
SENTENCE = 12
REST = 4
START, END, PAD = 0, 2, 1

#: ``encode(text)`` -> token ids and the character span of each in ``text``.
Encode = Callable[[str], tuple[list[int], list[tuple[int, int]]]]


@dataclass(frozen=True)
class WindowPart:
    """A stretch of one utterance. ``head``: the role marker's tokens; ``spans``: the characters of each of ``body``."""

    turn: int
    head: tuple[int, ...]
    body: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]

    @property
    def size(self) -> int:
        """Tokens it takes in a window, with its closing mark."""
        return len(self.head) + len(self.body) + 1


@dataclass(frozen=True)
class Window:
    """Pieces ``first`` up to ``last`` in one sequence; ``judged_from`` up to ``judged_to`` are judged in this one."""

    first: int
    last: int
    judged_from: int
    judged_to: int


def role_marker(role: str) -> str:
    """How a role is written before an utterance: ``officer_2`` -> ``officer 2:``."""
    return role.replace("_", " ") + ":"


def cut_pieces(turns: Sequence[CueTurn], encode: Encode) -> list[WindowPart]:
    """Every turn that has words, as one piece or, if long, as several."""
    heads: dict[str, tuple[int, ...]] = {}
    pieces: list[WindowPart] = []
    for number, turn in enumerate(turns):
        ids, spans = encode(turn.text)
        head = heads.setdefault(turn.role, tuple(encode(role_marker(turn.role))[0]))
        start = 0
        while start < len(ids):
            end = _end_of_piece(start, spans, turn.text)
            pieces.append(WindowPart(number, head, tuple(ids[start:end]), tuple(spans[start:end])))
            start = end
    return pieces


def _end_of_piece(start: int, spans: Sequence[tuple[int, int]], text: str) -> int:
    """Token after the last one of the piece that begins at ``start``."""
    if len(spans) - start <= PIECE + REST:
        return len(spans)
    for at in range(start + SENTENCE, start + PIECE):
        if text[slice(*spans[at])] in {".", "?", "!"} and len(spans) - at > REST:
            return at + 1
    return start + PIECE


def cut_windows(pieces: Sequence[WindowPart]) -> list[Window]:
    """Overlapping windows; every piece is judged in exactly one."""
    windows: list[Window] = []
    at = 0
    while at < len(pieces):
        first, used = at, 1
        while first > 0 and used + pieces[first - 1].size <= BEFORE:
            first -= 1
            used += pieces[first].size
        last = at
        while last < len(pieces) and (last == at or used + pieces[last].size <= WINDOW):
            used += pieces[last].size
            last += 1
        judged_to, tail = last, 0
        while last < len(pieces) and judged_to - 1 > at and tail + pieces[judged_to - 1].size <= AFTER:
            judged_to -= 1
            tail += pieces[judged_to].size
        windows.append(Window(first, last, at, judged_to))
        at = judged_to
    return windows


def lay_out(window: Window, pieces: Sequence[WindowPart]) -> tuple[list[int], dict[int, tuple[int, int]]]:
    """Token ids of a window and, for each judged piece, its ``[start, end)`` in them, role marker included."""
    ids = [START]
    places: dict[int, tuple[int, int]] = {}
    for number in range(window.first, window.last):
        piece = pieces[number]
        start = len(ids)
        ids += [*piece.head, *piece.body]
        if window.judged_from <= number < window.judged_to:
            places[number] = (start, len(ids))
        ids.append(END)
    return ids, places
