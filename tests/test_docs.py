"""Every relative link of the pages leads somewhere, and every page of docs can be reached from its first page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bodyworn.cli.app import leaves, tree
from tests.conftest import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(
    [*DOCS.rglob("*.md"), *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY", "CHANGELOG"))]
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMANDS = set(leaves(tree()))
NOUNS = {command.split()[0] for command in COMMANDS if " " in command}
TYPED = re.compile(r"\bbodyworn ((?:[a-z]+ ?){1,2})")


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """File and anchor of each relative link of a page."""
    for link in LINK.findall(page.read_text()):
        if not re.match(r"[a-z]+:", link):
            path, _, anchor = link.partition("#")
            yield ((page.parent / path).resolve() if path else page), anchor


def anchors(page: Path) -> set[str]:
    """What headings of a page are called in links, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    broken = [
        f"{target}#{anchor}"
        for target, anchor in links(page)
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target))
    ]
    assert broken == []


def test_every_page_can_be_reached_from_the_first() -> None:
    reached, open_pages = set[Path](), [DOCS / "index.md"]
    while open_pages:
        page = open_pages.pop()
        if page not in reached:
            reached.add(page)
            open_pages += [target for target, _ in links(page) if target.suffix == ".md" and DOCS in target.parents]
    decisions = set((DOCS / "development" / "decisions").glob("*.md"))  # their folder is the list of them
    assert set(DOCS.rglob("*.md")) - decisions - reached == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    """In code only; the changelog also names what is gone."""
    code = re.findall(r"```.*?```|`[^`\n]+`", page.read_text(), re.DOTALL) if page.name != "CHANGELOG.md" else []
    for typed in (words.split() for text in code for words in TYPED.findall(text)):
        named = " ".join(typed[:2]) if typed[0] in NOUNS else typed[0]
        assert named in COMMANDS | NOUNS, named
