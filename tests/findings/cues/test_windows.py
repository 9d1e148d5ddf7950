"""How a conversation is cut for the encoder."""

from __future__ import annotations

import random

import pytest

from bodyworn.findings.cues.turns import CueTurn
from bodyworn.findings.cues.windows import AFTER, PIECE, REST, WINDOW, cut_pieces, cut_windows, lay_out, role_marker


def encode(text: str) -> tuple[list[int], list[tuple[int, int]]]:
    """One token a word."""
    ids, spans, at = [], [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        ids.append(100 + len(word))
        spans.append((start, at))
    return ids, spans


def conversation(seed: int, turns: int) -> list[CueTurn]:
    draw = random.Random(seed)
    lengths = [draw.choice([0, 1, 3, 8, 20, 60, 300]) for _ in range(turns)]
    return [CueTurn(draw.choice(["officer", "community_2"]), " ".join(["word"] * length)) for length in lengths]


@pytest.mark.parametrize("seed", range(8))
def test_every_word_is_judged_once_and_no_window_is_too_long(seed: int) -> None:
    turns = conversation(seed, 60)
    pieces = cut_pieces(turns, encode)
    judged: list[int] = []
    for window in cut_windows(pieces):
        ids, places = lay_out(window, pieces)
        assert len(ids) <= WINDOW
        judged += places
    assert judged == list(range(len(pieces)))
    words = [sum(len(piece.body) for piece in pieces if piece.turn == number) for number in range(len(turns))]
    assert words == [len(turn.text.split()) for turn in turns]
    assert max(len(piece.body) for piece in pieces) <= PIECE + REST


def test_an_utterance_sees_what_was_said_before_and_after_it() -> None:
    pieces = cut_pieces([CueTurn("officer", "one two three four five six")] * 80, encode)
    windows = cut_windows(pieces)
    assert len(windows) > 3
    for window in windows[1:]:
        assert sum(piece.size for piece in pieces[window.first : window.judged_from]) > 60
    for window in windows[:-1]:
        assert sum(piece.size for piece in pieces[window.judged_to : window.last]) > AFTER - 10


def test_places_hold_the_role_and_the_words() -> None:
    pieces = cut_pieces([CueTurn("officer_2", "get down"), CueTurn("dispatch", "copy")], encode)
    ids, places = lay_out(cut_windows(pieces)[0], pieces)
    first, last = places[0]
    assert ids[first:last] == [*encode(role_marker("officer_2"))[0], *encode("get down")[0]]


def test_no_words_no_windows() -> None:
    assert cut_windows(cut_pieces([CueTurn("officer", ""), CueTurn("officer", " ")], encode)) == []


def test_a_long_utterance_is_cut_at_the_ends_of_sentences() -> None:
    text = "a b c d e f g h i j k l m . " * 3 + "o p q"
    sizes = [len(piece.body) for piece in cut_pieces([CueTurn("officer", text)], encode)]
    assert sizes == [14, 14, 17]
