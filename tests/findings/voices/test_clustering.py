"""Clustering, naming and turns on made-up voices with a known answer."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from bodyworn.domain.span import Span
from bodyworn.findings.voices import clustering
from bodyworn.findings.voices.clustering import ClusteringSettings, cluster
from bodyworn.findings.voices.diarization import STEP_FRAMES, Activity, _pieces, window_starts
from bodyworn.findings.voices.segmentation import FRAME_STEP, WINDOW_SAMPLES
from bodyworn.findings.voices.turns import SpeakerTurn, overlaps_of, turns_of


def voices(people: list[int], noise: float, seed: int = 3) -> np.ndarray:
    """Unit vectors around one random direction per person."""
    rng = np.random.default_rng(seed)
    centers = rng.normal(size=(max(people) + 1, 64))
    rows = centers[people] / np.linalg.norm(centers[people], axis=1, keepdims=True)
    rows = rows + rng.normal(size=rows.shape) * noise / 8
    unit: np.ndarray = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def apart(count: int) -> list[tuple[int, int]]:
    """Each from a window of its own."""
    return [(number, 0) for number in range(count)]


def same_partition(one: list[int], other: list[int]) -> bool:
    return len(set(zip(one, other, strict=True))) == len(set(one)) == len(set(other))


def test_finds_three_people_without_being_told_how_many() -> None:
    people = [0, 1, 2, 0, 1, 2, 0, 0, 1, 2] * 4
    labels = cluster(
        voices(people, 0.5), np.full(len(people), 2.0, np.float32), apart(len(people)), ClusteringSettings()
    )
    assert same_partition(labels.tolist(), people)


def test_more_items_than_are_clustered_at_once_join_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clustering, "MOST_ITEMS", 12)
    people = [0, 1] * 40
    labels = cluster(
        voices(people, 0.5), np.full(len(people), 2.0, np.float32), apart(len(people)), ClusteringSettings()
    )
    assert same_partition(labels.tolist(), people)


def test_a_scrap_of_speech_joins_a_similar_voice_but_not_a_strange_one() -> None:
    people = [0] * 6 + [1]
    rows = voices(people, 0.3)
    seconds = np.array([3.0] * 6 + [1.1], np.float32)
    assert len(set(cluster(rows, seconds, apart(7), ClusteringSettings()).tolist())) == 2
    near = rows.copy()
    near[6] = 0.35 * rows[0] + np.sqrt(1 - 0.35**2) * rows[6]
    assert len(set(cluster(near, seconds, apart(7), ClusteringSettings()).tolist())) == 1


def test_two_voices_of_one_window_need_more_likeness_to_be_one() -> None:
    rows = voices([0, 0], 1.3)
    likeness = float(rows[0] @ rows[1])
    settings = ClusteringSettings(threshold=likeness - 0.1, small_s=0.0)
    seconds = np.array([3.0, 3.0], np.float32)
    assert len(set(cluster(rows, seconds, [(0, 0), (1, 0)], settings).tolist())) == 1
    assert len(set(cluster(rows, seconds, [(0, 0), (0, 1)], settings).tolist())) == 2


def test_a_near_and_a_far_voice_need_more_likeness_to_be_one() -> None:
    rows = voices([0, 0, 0, 0], 0.0)
    rows[2:] = 0.4 * rows[0] + np.sqrt(1 - 0.4**2) * voices([1, 1], 0.0)
    seconds, settings = np.full(4, 3.0, np.float32), ClusteringSettings()
    for levels, people in (([-22, -22, -25, -24], 1), ([-22, -22, -34, -35], 2)):
        given = cluster(rows, seconds, apart(4), settings, np.array(levels, np.float32))
        assert len(set(given.tolist())) == people
    shouted = np.array([-22, -35, -22, -35], np.float32)
    assert len(set(cluster(voices([0] * 4, 0.3), seconds, apart(4), settings, shouted).tolist())) == 1


def test_the_number_of_speakers_is_bounded() -> None:
    people = list(range(12)) * 3
    seconds = np.array([4.0 if person < 5 else 3.0 for person in people], np.float32)
    labels = cluster(voices(people, 0.2), seconds, apart(len(people)), ClusteringSettings(most_speakers=5))
    assert len(set(labels.tolist())) == 5
    assert same_partition(labels[:5].tolist(), people[:5])


def test_no_voices() -> None:
    assert len(cluster(np.zeros((0, 64), np.float32), np.zeros(0, np.float32), [], ClusteringSettings())) == 0


def test_pieces_of_one_voice_of_a_window_need_less_likeness_to_be_one() -> None:
    rows = voices([0, 0], 1.3)
    settings = ClusteringSettings(threshold=float(rows[0] @ rows[1]) + 0.05, small_s=0.0)
    seconds = np.array([3.0, 3.0], np.float32)
    assert len(set(cluster(rows, seconds, [(0, 0), (1, 0)], settings).tolist())) == 2
    assert len(set(cluster(rows, seconds, [(0, 0), (0, 0)], settings).tolist())) == 1


def presence(*voices_of_window: str) -> np.ndarray:
    """One string per voice; a character is 19 frames of the 589."""
    rows = [[1.0 if c == "#" else 0.0 for c in voice.ljust(31, ".") for _ in range(19)] for voice in voices_of_window]
    return np.array(rows, np.float32).T


def test_pieces_are_where_a_voice_is_alone_and_not_too_long() -> None:
    here = presence("####.#####################", "......................####", "")
    spans = [frames for frames, _ in _pieces(here, 0, (0, 589))]
    assert spans[0] == (0, 76)
    assert spans[1][0] == 95
    assert spans[-1][1] == 22 * 19
    assert all(end - start <= 148 for start, end in spans)
    assert [frames for frames, _ in _pieces(here, 0, (76, 95))] == []


def test_a_short_word_or_one_said_under_others_is_still_a_piece() -> None:
    here = presence("#", "....##########", "......##")
    assert [frames for frames, _ in _pieces(here, 0, (0, 589))] == [(0, 19)]
    assert [frames for frames, _ in _pieces(here, 2, (0, 589))] == [(114, 152)]


@pytest.mark.parametrize("seconds", [0, 3, 10, 10.01, 15, 30, 600])
def test_windows_cover_the_sound_and_end_with_it(seconds: float) -> None:
    samples = int(seconds * 16_000)
    starts = window_starts(samples)
    assert starts[0] == 0
    assert all(0 < after - before <= STEP_FRAMES for before, after in pairwise(starts))
    assert 0 <= starts[-1] * FRAME_STEP + WINDOW_SAMPLES - max(samples, WINDOW_SAMPLES) < FRAME_STEP


def activity(rows: list[str]) -> Activity:
    """One string per speaker; ``#`` speaks. A character is 20 frames (337.5 ms)."""
    level = np.array([[1.0 if c == "#" else 0.0 for c in row for _ in range(20)] for row in rows], np.float32).T
    return Activity(level, np.ones_like(level), (level > 0.5).sum(axis=1), np.zeros(len(level), np.float32))


def test_turns_are_numbered_by_first_speech_and_overlap_is_found() -> None:
    turns = turns_of(activity(["...####", "####..."]), 60_000)
    assert [(t.speaker, t.span.start_ms, t.span.end_ms) for t in turns] == [(0, 22, 1372), (1, 1035, 2385)]
    assert overlaps_of(turns) == [Span(1035, 1372)]
    assert all(t.confidence > 0.9 for t in turns)


def test_turns_end_with_the_recording() -> None:
    assert turns_of(activity(["####"]), 1000)[-1].span.end_ms == 1000


def test_short_overlaps_are_left_out() -> None:
    turns = [SpeakerTurn(Span(0, 1000), 0, 1.0), SpeakerTurn(Span(900, 2000), 1, 1.0)]
    assert overlaps_of(turns) == []
    assert overlaps_of(turns, shortest_ms=100) == [Span(900, 1000)]
