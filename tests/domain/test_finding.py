"""Findings and unknown spans: what they refuse, and their JSON."""

from __future__ import annotations

import pytest

from bodyworn.domain.codec import from_json, to_json
from bodyworn.domain.evidence import Evidence
from bodyworn.domain.finding import FAMILY_OF, Family, Finding, Unknown, UnknownState
from bodyworn.domain.kind_words import FAMILY_MEANS, KIND_MEANS, STATE_MEANS
from bodyworn.domain.span import Span

EVIDENCE = Evidence(quote="help", words=("help",), measures={"times": 2, "kind": True, "at_s": 0.5})
WHOLE = Finding("distress", Span(1_000, 2_000), 0.123456, "cues@2", "community", "S2", EVIDENCE)
JSON = {
    "kind": "distress",
    "family": "distress",
    "start_ms": 1_000,
    "end_ms": 2_000,
    "score": 0.1235,
    "made_by": "cues@2",
    "role": "community",
    "speaker": "S2",
    "evidence": {"quote": "help", "words": ["help"], "measures": {"times": 2, "kind": True, "at_s": 0.5}},
}


def test_a_finding_is_one_flat_object_and_reads_back_the_same() -> None:
    assert to_json(WHOLE) == JSON
    assert from_json(Finding, JSON) == WHOLE


@pytest.mark.parametrize("kind", FAMILY_OF)
def test_the_family_follows_from_the_kind(kind: str) -> None:
    assert Finding(kind, Span(0, 1), 1.0, "x@1").family is FAMILY_OF[kind]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"kind": "smirk"}, "unknown kind of finding"),
        ({"score": 1.5}, r"score out of 0\.\.1"),
        ({"end_ms": 500}, "not a span"),
        ({"family": Family.SIGHT.value}, "family does not agree"),
        ({"start_ms": None}, "start_ms is not a int"),
        ({"more": 1}, "has no 'more'"),
    ],
)
def test_what_is_no_finding_is_refused(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        from_json(Finding, {**JSON, **change})


def test_evidence_holds_only_what_there_is() -> None:
    assert to_json(Evidence()) == {}
    assert to_json(Evidence(words=())) == {"words": []}
    with pytest.raises(ValueError, match="has no 'opinion'"):
        from_json(Evidence, {"opinion": "rude"})


def test_an_unknown_span_reads_back_the_same() -> None:
    muted = Unknown(UnknownState.MUTED, Span(0, 5))
    assert to_json(muted) == {"state": "muted", "start_ms": 0, "end_ms": 5}
    assert from_json(Unknown, to_json(muted)) == muted


def test_every_kind_family_and_state_is_explained_in_one_sentence() -> None:
    assert set(KIND_MEANS) == set(FAMILY_OF)
    assert set(FAMILY_MEANS) == set(Family)
    assert set(STATE_MEANS) == set(UnknownState)
    for sentence in (*KIND_MEANS.values(), *FAMILY_MEANS.values(), *STATE_MEANS.values()):
        assert sentence[0].isupper(), sentence
        assert sentence.endswith("."), sentence
        assert ". " not in sentence, sentence
