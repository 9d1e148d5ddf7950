"""What stages stored before keeps its bytes and its keys: both stand in the audit logs of existing libraries.

``stored/`` holds artifacts of the sample encounter, with long lists cut, and the keys of results for made-up digests,
both as the code before the typed artifacts wrote them.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bodyworn.domain.codec import from_json, to_json
from bodyworn.domain.media_facts import MediaFacts
from bodyworn.domain.recording import Recording
from bodyworn.domain.span import Span
from bodyworn.engine.artifact_store import ArtifactStore
from bodyworn.engine.stage import Artifact, ArtifactContent, Inputs, Stage, TypedStage, result_key
from bodyworn.findings.artifacts.transcript import Segment, TimedWord, TranscriptArtifact
from bodyworn.findings.document import analysis_of, compose
from bodyworn.findings.plan import STAGES
from bodyworn.storage.objects.local import LocalObjects

STORED = Path(__file__).with_name("stored")
NAMES = [stage.name for stage in STAGES]


def stored(name: str) -> Artifact:
    body = json.loads((STORED / f"{name}.json").read_bytes())
    return Artifact(body["name"], body["data"])


def content_of(name: str) -> type[ArtifactContent]:
    stage = next(stage for stage in STAGES if stage.name == name)
    assert isinstance(stage, TypedStage)
    content: type[ArtifactContent] = stage.content
    return content


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_artifact_reads_and_writes_the_same_bytes(name: str) -> None:
    body = json.loads((STORED / f"{name}.json").read_bytes())
    content = stored(name).content(content_of(name))
    again = {**body, "data": to_json(content)}
    text = json.dumps(again, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    assert text.encode() == (STORED / f"{name}.json").read_bytes()
    assert from_json(content_of(name), to_json(content)) == content


@pytest.mark.parametrize("name", NAMES)
def test_what_is_kept_loads_as_the_same_content_under_the_same_digest(name: str, tmp_path: Path) -> None:
    objects = LocalObjects(tmp_path)
    objects.create()
    store = ArtifactStore(objects)
    kept = store.keep(stored(name))
    content = store.load(kept.digest).content(content_of(name))
    assert store.keep(Artifact(name, to_json(content))) == kept


@pytest.mark.parametrize("name", NAMES)
def test_other_shapes_are_refused_with_their_place(name: str) -> None:
    artifact = stored(name)
    key = sorted(artifact.data)[0]
    with pytest.raises(ValueError, match=f"{name} lacks '{key}'"):
        Artifact(name, {k: v for k, v in artifact.data.items() if k != key}).content(content_of(name))
    with pytest.raises(ValueError, match="has no 'more'"):
        Artifact(name, {**artifact.data, "more": 1}).content(content_of(name))


def test_an_artifact_is_not_read_as_another() -> None:
    with pytest.raises(ValueError, match="is the content of probe, not of audio"):
        stored("audio").content(MediaFacts)


@pytest.mark.parametrize("stage", STAGES, ids=NAMES)
def test_keys_of_results_are_those_of_before(stage: Stage) -> None:
    before = json.loads((STORED / "keys.json").read_bytes())[stage.name]
    if before["version"] != stage.version:
        pytest.fail("the version changed on purpose? then write its key anew")
    inputs = {"source": "a" * 64, **dict.fromkeys(stage.reads, "b" * 64)}
    assert stage.defaults == before["defaults"]
    assert result_key(stage, stage.defaults, "c" * 64 if stage.model else None, inputs) == before["key"]


@pytest.mark.parametrize("stage", STAGES, ids=NAMES)
def test_a_parameter_that_a_stage_does_not_know_is_refused(stage: Stage, tmp_path: Path) -> None:
    inputs = Inputs(tmp_path, {}, {**stage.defaults, "speling": 1}, tmp_path)
    with pytest.raises(ValueError, match="has no 'speling'"):
        stage.run(inputs, lambda done, total, what: None)


def test_two_hours_of_words_are_read_in_a_fraction_of_a_second() -> None:
    words = tuple(TimedWord(Span(n * 360, n * 360 + 300), f"word{n}", 0.75) for n in range(20_000))
    segments = tuple(
        Segment(Span(at * 360, at * 360 + 3_600), "said", 0.75, words[at : at + 10]) for at in range(0, 20_000, 10)
    )
    data = json.loads(json.dumps(to_json(TranscriptArtifact("en", segments, (), (), ()))))
    start = time.process_time()
    content = from_json(TranscriptArtifact, data)
    assert time.process_time() - start < 1.5, "0.2 s on an idle core"
    assert content.segments == segments


def test_the_document_of_the_sample_has_the_types_of_an_analysis() -> None:
    facts = stored("probe").data
    recording = Recording("rec_x", "a.mp4", 1, "0" * 64, "0" * 128, datetime(2026, 1, 2, tzinfo=UTC), facts)
    made = {name: stored(name) for name in NAMES}
    document = compose(recording, made, {name: f"{name}@1" for name in NAMES}, {})
    analysis = analysis_of(document)
    assert to_json(analysis) == document
    assert [finding.span.start_ms for finding in analysis.findings] == sorted(
        finding.span.start_ms for finding in analysis.findings
    )
    assert analysis.speakers["S1"].pitch_hz is not None
