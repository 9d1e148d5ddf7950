"""Speech spans packed into windows for the recognizer, and times in a window mapped back to the recording."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from bodyworn.domain.span import Span

#: The recognizer hears at most 30 s; a little is kept free so that the last word is not cut.
LONGEST_MS = 28_000


@dataclass(frozen=True)
class Window:
    """Pieces of the recording heard in one go, in order, joined without the pauses between them."""

    pieces: tuple[Span, ...]

    @property
    def length_ms(self) -> int:
        """Length of what is heard."""
        return sum(piece.length_ms for piece in self.pieces)

    @property
    def span(self) -> Span:
        """From the first piece's start to the last one's end."""
        return Span(self.pieces[0].start_ms, self.pieces[-1].end_ms)

    def to_recording(self, start_ms: float, end_ms: float) -> Span:
        """A stretch of the window on the recording's clock, kept inside the piece that holds most of it."""
        best, best_shared, before = self.pieces[-1], -1.0, 0.0
        offset = float(self.length_ms - best.length_ms)
        for piece in self.pieces:
            shared = min(end_ms, before + piece.length_ms) - max(start_ms, before)
            if shared > best_shared:
                best, best_shared, offset = piece, shared, before
            before += piece.length_ms
        low = min(best.end_ms, max(best.start_ms, round(best.start_ms + start_ms - offset)))
        high = min(best.end_ms, max(low, round(best.start_ms + end_ms - offset)))
        return Span(low, high)


def pack(speech: list[Span], longest_pause_ms: int) -> list[Window]:
    """Windows of at most 28 s; a new one begins after a pause longer than ``longest_pause_ms``."""
    windows: list[Window] = []
    pieces: list[Span] = []
    for part in (part for span in speech for part in _split(span)):
        length = sum(piece.length_ms for piece in pieces)
        far = bool(pieces) and part.start_ms - pieces[-1].end_ms > longest_pause_ms
        if pieces and (far or length + part.length_ms > LONGEST_MS):
            windows.append(Window(tuple(pieces)))
            pieces = []
        pieces.append(part)
    return [*windows, Window(tuple(pieces))] if pieces else windows


def _split(span: Span) -> list[Span]:
    """Equal parts of at most 28 s of a span that has no pause."""
    count = -(-span.length_ms // LONGEST_MS)
    edges = [span.start_ms + span.length_ms * i // count for i in range(count + 1)] if count else []
    return [Span(a, b) for a, b in pairwise(edges)]
