"""A snapshot reads plan and results once and answers for statuses, artifacts and the document."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bodyworn.bootstrap import Library
from bodyworn.domain.codec import to_json
from bodyworn.findings.artifacts.cues import CuesArtifact
from bodyworn.findings.artifacts.utterances import UtterancesArtifact


@pytest.fixture
def library(new_library: Callable[..., Library]) -> Library:
    return new_library()


def test_a_snapshot_stays_as_it_was(library: Library, clip: Path) -> None:
    recording = library.recordings.ingest(clip)
    before = library.findings.snapshot(recording)
    library.findings.run(recording)
    after = library.findings.snapshot(recording)
    assert {status.state for status in before.statuses} == {"ready", "waiting"}
    assert before.artifact("utterances") is None
    assert before.document()["findings"] == []
    assert {status.state for status in after.statuses} == {"done"}
    assert list(after.statuses) == library.findings.plan(recording)
    assert after.document() == library.findings.document(recording)


def test_an_artifact_is_loaded_once(library: Library, clip: Path) -> None:
    recording = library.recordings.ingest(clip)
    library.findings.run(recording)
    snapshot = library.findings.snapshot(recording)
    assert snapshot.artifact("utterances") is snapshot.artifact("utterances")
    assert snapshot.artifact("nothing") is None


def test_contents_have_types(library: Library, clip: Path) -> None:
    recording = library.recordings.ingest(clip)
    library.findings.run(recording)
    snapshot = library.findings.snapshot(recording)
    content = snapshot.content(UtterancesArtifact)
    assert content is not None
    assert content.roles["S2"].role == "community"
    with pytest.raises(ValueError, match="cues has no 'digest'"):
        snapshot.content(CuesArtifact)


def test_the_analysis_with_types_is_the_document(library: Library, clip: Path) -> None:
    recording = library.recordings.ingest(clip)
    library.findings.run(recording)
    analysis = library.findings.analysis(recording)
    assert analysis.recording == recording
    assert to_json(analysis) == library.findings.document(recording)
    assert {finding.kind for finding in analysis.findings} == {"command"}
