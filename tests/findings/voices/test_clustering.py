"""Clustering, naming and turns on made-up voices with a known answer."""

from __future__ import annotations

import numpy as np
import pytest

from bodyworn.domain.span import Span
from bodyworn.findings.voices import clustering
from bodyworn.findings.voices.clustering import Settings, cluster
from bodyworn.findings.voices.diarization import Activity, _assign
from bodyworn.findings.voices.turns import Turn, overlaps_of, turns_of


def voices(people: list[int], noise: float, seed: int = 3) -> np.ndarray:
    """Unit vectors around one random direction per person."""
    rng = np.random.default_rng(seed)
    centers = rng.normal(size=(max(people) + 1, 64))
    rows = centers[people] / np.linalg.norm(centers[people], axis=1, keepdims=True)
    rows = rows + rng.normal(size=rows.shape) * noise / 8
    unit: np.ndarray = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def same_partition(one: list[int], other: list[int]) -> bool:
    return len(set(zip(one, other, strict=True))) == len(set(one)) == len(set(other))


def test_finds_three_people_without_being_told_how_many() -> None:
    people = [0, 1, 2, 0, 1, 2, 0, 0, 1, 2] * 4
    labels = cluster(voices(people, 0.5), np.full(len(people), 2.0, np.float32), range(len(people)), Settings())
    assert same_partition(labels.tolist(), people)


def test_more_items_than_are_clustered_at_once_join_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clustering, "MOST_ITEMS", 12)
    people = [0, 1] * 40
    labels = cluster(voices(people, 0.5), np.full(len(people), 2.0, np.float32), range(len(people)), Settings())
    assert same_partition(labels.tolist(), people)


def test_a_scrap_of_speech_joins_a_similar_voice_but_not_a_strange_one() -> None:
    people = [0] * 6 + [1]
    rows = voices(people, 0.3)
    seconds = np.array([3.0] * 6 + [1.1], np.float32)
    assert len(set(cluster(rows, seconds, range(7), Settings()).tolist())) == 2
    near = rows.copy()
    near[6] = 0.35 * rows[0] + np.sqrt(1 - 0.35**2) * rows[6]
    assert len(set(cluster(near, seconds, range(7), Settings()).tolist())) == 1


def test_two_voices_of_one_window_need_more_likeness_to_be_one() -> None:
    rows = voices([0, 0], 1.3)
    likeness = float(rows[0] @ rows[1])
    settings = Settings(threshold=likeness - 0.1, small_s=0.0)
    seconds = np.array([3.0, 3.0], np.float32)
    assert len(set(cluster(rows, seconds, [0, 1], settings).tolist())) == 1
    assert len(set(cluster(rows, seconds, [0, 0], settings).tolist())) == 2


def test_the_number_of_speakers_is_bounded() -> None:
    people = list(range(12)) * 3
    seconds = np.array([4.0 if person < 5 else 3.0 for person in people], np.float32)
    labels = cluster(voices(people, 0.2), seconds, range(len(people)), Settings(most_speakers=5))
    assert len(set(labels.tolist())) == 5
    assert same_partition(labels[:5].tolist(), people[:5])


def test_no_voices() -> None:
    assert len(cluster(np.zeros((0, 64), np.float32), np.zeros(0, np.float32), [], Settings())) == 0


def test_voices_of_a_window_get_different_speakers_where_there_are_enough() -> None:
    assert _assign(np.array([[0.9, 0.5], [0.8, 0.1]])) == (1, 0)
    assert _assign(np.array([[0.9], [0.8]])) == (0, 0)


def activity(rows: list[str]) -> Activity:
    """One string per speaker; ``#`` speaks. A character is 20 frames (337.5 ms)."""
    level = np.array([[1.0 if c == "#" else 0.0 for c in row for _ in range(20)] for row in rows], np.float32).T
    return Activity(level, np.ones_like(level), (level > 0.5).sum(axis=1))


def test_turns_are_numbered_by_first_speech_and_overlap_is_found() -> None:
    turns = turns_of(activity(["...####", "####..."]), 60_000)
    assert [(t.speaker, t.span.start_ms, t.span.end_ms) for t in turns] == [(0, 22, 1372), (1, 1035, 2385)]
    assert overlaps_of(turns) == [Span(1035, 1372)]
    assert all(t.confidence > 0.9 for t in turns)


def test_turns_end_with_the_recording() -> None:
    assert turns_of(activity(["####"]), 1000)[-1].span.end_ms == 1000


def test_short_overlaps_are_left_out() -> None:
    turns = [Turn(Span(0, 1000), 0, 1.0), Turn(Span(900, 2000), 1, 1.0)]
    assert overlaps_of(turns) == []
    assert overlaps_of(turns, shortest_ms=100) == [Span(900, 1000)]
