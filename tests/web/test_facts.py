from __future__ import annotations

from typing import Any, cast

from bodyworn.web.findings.document import Document
from bodyworn.web.recordings.cards import cards, facts


def fact(measures: dict[str, Any], end_ms: int) -> Any:
    finding = {
        "kind": "distress_to_compassion", "family": "derived", "start_ms": 5_000, "end_ms": end_ms, "role": "community",
        "speaker": "S2", "score": 0.7, "evidence": {"quote": "help", "measures": measures}, "made_by": "derived@1",
    }  # fmt: skip
    (only,) = facts(cards(cast(Document, {"findings": [finding], "utterances": []})))
    return only


def test_a_need_and_its_answer_lead_to_both() -> None:
    answered = fact({"delay_ms": 7_000}, 12_000)
    assert answered.places == (("first distress", 5_000), ("first compassion", 12_000))
    assert answered.between == "7.0 s"


def test_a_need_without_an_answer_leads_to_the_need_and_says_that_none_was_heard() -> None:
    alone = fact({"answer": "none heard", "listened_after_ms": 60_000, "unknown_after_ms": 0}, 5_900)
    assert alone.places == (("first distress", 5_000),)
    assert alone.between == "none heard"
