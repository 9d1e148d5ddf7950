"""What the command line says of another language."""

from __future__ import annotations

import pytest

from bodyworn.cli.moments import show_moments
from bodyworn.cli.redaction_screens import show_words


def test_moments_name_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    unknown = [
        {"state": "not_searched", "start_ms": 0, "end_ms": 1000, "language": "es"},
        {"state": "unintelligible", "start_ms": 1000, "end_ms": 5000, "language": "vi"},
        {"state": "unintelligible", "start_ms": 5000, "end_ms": 9000, "language": "und"},
        {"state": "unintelligible", "start_ms": 9000, "end_ms": 9500},
    ]
    recording = {"name": "a.wav", "id": "rec_a", "facts": {"duration_ms": 9500}}
    show_moments({"recording": recording, "findings": [], "unknown": unknown, "not_made": {}})
    told = capsys.readouterr().out
    assert "not searched: Spanish" in told
    assert "unintelligible: another language (Vietnamese)" in told
    assert "unintelligible: another language\n" in told
    assert "unintelligible\n" in told


def test_words_name_the_language_of_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    row = {"start_ms": 0, "speaker": "S2", "role": "community", "text": "Tengo miedo.", "language": "es"}
    show_words([row, {**row, "language": None, "text": "I am afraid."}])
    assert capsys.readouterr().out.splitlines() == [
        "0:00.0  S2 (community) in Spanish  Tengo miedo.",
        "0:00.0  S2 (community)  I am afraid.",
    ]
