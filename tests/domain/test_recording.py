"""Recordings: names that are safe to show, ids, and the published form."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from bodyworn.domain.codec import from_json, to_json
from bodyworn.domain.media_facts import MediaFacts
from bodyworn.domain.recording import Recording, recording_id, shown_name

FACTS = to_json(MediaFacts("wav", 1_500, 0, 48_044, None, None, {}, None, {}, (), (), ()))
SHA = hashlib.sha256(b"a").hexdigest()
WHOLE = Recording("rec_x", "a.wav", 48_044, SHA, "0" * 128, datetime(2026, 1, 2, 3, 4, 5, 6000, UTC), FACTS)


def test_the_published_form_has_the_digests_after_the_name() -> None:
    told = WHOLE.to_json()
    assert list(told) == ["id", "name", "sha256", "sha512", "size_bytes", "taken_in_at", "facts", "sidecar"]
    assert told["taken_in_at"] == "2026-01-02T03:04:05.006Z"
    assert from_json(Recording, told) == WHOLE


def test_facts_have_types_and_other_shapes_are_refused() -> None:
    assert WHOLE.media.duration_ms == WHOLE.duration_ms == 1_500
    assert not WHOLE.has("video")
    broken = Recording("rec_x", "a", 1, SHA, "0" * 128, WHOLE.taken_in_at, {**FACTS, "duration_ms": "long"})
    with pytest.raises(ValueError, match=r"facts\.duration_ms is not a int"):
        _ = broken.media


def test_an_id_follows_from_the_bytes() -> None:
    assert recording_id(SHA) == recording_id(SHA)
    assert recording_id(SHA) != recording_id("f" * 64)
    assert len(recording_id(SHA)) == 30


def test_names_are_shown_without_characters_that_deceive() -> None:
    assert shown_name("a\u202egpj.exe") == "a\ufffdgpj.exe"
    assert shown_name("tab\there\x1b[31m") == "tab\ufffdhere\ufffd[31m"
    assert shown_name("cafe\u0301.mp4") == "café.mp4"
    assert shown_name("\udcff.mp4") == "?.mp4"
