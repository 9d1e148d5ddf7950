"""Which clause and which words are named."""

from __future__ import annotations

import re

from bodyworn.findings.cues.evidence_words import LONGEST_CLAUSE, choose, clauses_of, strongest
from bodyworn.findings.cues.windows import WindowPart


def piece(text: str) -> WindowPart:
    """Tokens as the encoder has them: words cut at apostrophes, marks of their own."""
    spans = tuple(match.span() for match in re.finditer(r"\w+|[^\w\s]", text))
    return WindowPart(0, (1, 2), tuple(range(len(spans))), spans)


def test_clauses_end_at_marks_and_keep_their_tokens() -> None:
    text = "I can't breathe, okay? Help me"
    clauses = clauses_of(text, piece(text))
    assert [[word.text for word in one.words] for one in clauses] == [
        ["I", "can't", "breathe"],
        ["okay"],
        ["Help", "me"],
    ]
    assert [(one.first, one.last) for one in clauses] == [(0, 5), (6, 7), (8, 10)]
    assert [word.text for word in clauses[0].content_words] == ["can't", "breathe"]


def test_run_on_speech_is_cut_by_length() -> None:
    text = "word " * 40
    sizes = [len(one.words) for one in clauses_of(text, piece(text))]
    assert sizes == [LONGEST_CLAUSE] * 3 + [4]


def test_the_clause_that_speaks_most_is_taken() -> None:
    text = "Okay. Show me your hands. Thanks."
    clauses = clauses_of(text, piece(text))
    assert strongest(clauses, [0, 0, 3, 2, 2, 3, 0, 1, 0]).words[-1].text == "hands"


def test_words_that_cost_most_are_named_in_the_order_said() -> None:
    (clause,) = clauses_of("show me your hands now", piece("show me your hands now"))
    assert choose(clause.words, [0.9, 0.0, 0.1, 2.0, 0.2]) == ["show", "hands"]
    assert choose(clause.words, [-1, -1, -1, -1, -0.5]) == ["now"]
    assert len(choose(clause.words, [1, 1, 1, 1, 1])) == 4


def test_bare_words_count_only_if_there_is_nothing_else() -> None:
    (clause,) = clauses_of("it is", piece("it is"))
    assert [word.text for word in clause.content_words] == ["it", "is"]
    assert clauses_of("...", piece("...")) == []
