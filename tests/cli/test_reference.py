"""The generated reference pages are those in the repository, and nothing that exists is missing from them."""

from __future__ import annotations

import pytest

from bodyworn.cli.reference import pages
from bodyworn.domain.event import Tag
from bodyworn.findings.plan import STAGES
from tests.conftest import ROOT

PAGES = pages()


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_fresh(name: str) -> None:
    path = ROOT / "docs" / "reference" / name
    assert path.is_file(), "run make docs"
    assert path.read_text() == PAGES[name], "run make docs"


def test_every_stage_tag_and_command_is_named() -> None:
    assert all(f"`{stage.name}`" in PAGES["stages.md"] for stage in STAGES)
    assert all(f"`{tag.value}`" in PAGES["events.md"] for tag in Tag)
    for command in ("analyze", "findings cues", "recordings add", "custody verify", "serve", "doctor", "redact"):
        assert f"`bodyworn {command}" in PAGES["cli.md"]
