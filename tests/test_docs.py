"""Links of the pages lead somewhere, every page can be reached from the first, and typed commands are real ones."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from bodyworn.cli.app import leaves, tree
from bodyworn.domain.kind_words import KIND_MEANS, STATE_MEANS
from tests.conftest import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(
    [*DOCS.rglob("*.md"), *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY", "CHANGELOG"))]
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
TREE = tree()
LEAVES = leaves(TREE)
COMMANDS = set(LEAVES)
NOUNS = {command.split()[0] for command in COMMANDS if " " in command}
WALKED = [ROOT / "README.md", DOCS / "getting-started.md", *sorted((DOCS / "guide").glob("*.md"))]
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
    assert set(DOCS.rglob("*.md")) - reached == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    """In code only; the changelog also names what is gone."""
    code = re.findall(r"```.*?```|`[^`\n]+`", page.read_text(), re.DOTALL) if page.name != "CHANGELOG.md" else []
    for typed in (words.split() for text in code for words in TYPED.findall(text)):
        named = " ".join(typed[:2]) if typed[0] in NOUNS else typed[0]
        assert named in COMMANDS | NOUNS, named


def command_lines(page: Path) -> Iterator[str]:
    """The lines of the page's blocks of code that run ``bodyworn``, put together where one goes on in the next."""
    for block in re.findall(r"^ *```\n(.*?)^ *```", page.read_text(), re.DOTALL | re.MULTILINE):
        for line in map(str.strip, block.replace("\\\n", " ").splitlines()):
            if re.match(r"(\.venv/bin/)?bodyworn ", line):
                yield line


def parse(line: str) -> None:
    """Read the line as the shell and the program would, without running it; raises where an option is not known."""
    words = shlex.split(line.split(" | ")[0], comments=True)[1:]
    if words[0].startswith("--"):
        assert words[0] in {option for one in TREE.params for option in one.opts}, words[0]
        return
    depth = 2 if words[0] in NOUNS else 1
    if words[depth - 1 :] == ["--help"] and words[0] in NOUNS:
        return
    command = LEAVES[" ".join(words[:depth])]
    command.make_context(" ".join(words[:depth]), words[depth:])


@pytest.mark.parametrize("page", WALKED, ids=lambda page: page.name)
def test_every_command_of_a_walk_through_can_be_typed_as_it_stands(page: Path) -> None:
    """With all its options and arguments, as a person would copy it."""
    lines = list(command_lines(page))
    assert lines, "a guide shows commands"
    for line in lines:
        parse(line)


@pytest.mark.parametrize(
    "line", ["bodyworn redact in.mp4", "bodyworn custody log --colour", "bodyworn releases make x"]
)
def test_a_command_that_cannot_be_typed_is_found(line: str) -> None:
    with pytest.raises(Exception, match=r"(?i)missing|no such option"):
        parse(line)


def test_every_kind_is_explained_where_people_look() -> None:
    """In the sentences of the code, so that page and program never differ."""
    page = (DOCS / "findings" / "kinds.md").read_text()
    for name, means in {**KIND_MEANS, **{state.value: means for state, means in STATE_MEANS.items()}}.items():
        assert f"| `{name}` | {means} |" in page, name


@pytest.mark.parametrize("page", sorted((DOCS / "development").glob("*.md")), ids=lambda page: page.name)
def test_every_file_that_a_page_for_developers_names_is_there(page: Path) -> None:
    named = re.findall(r"`((?:src|tests|bench|docs|training)/[^`\s<>…{}*]+)`", page.read_text())
    missing = [path for path in named if "NAME" not in path and not (ROOT / path).exists()]
    assert missing == []


def test_every_decision_has_its_number_in_its_title() -> None:
    for record in (DOCS / "development" / "decisions").glob("0*.md"):
        assert record.read_text().startswith(f"# {record.name[:4]}. "), record.name


def test_every_piece_of_code_in_the_patterns_is_real() -> None:
    """Line by line; a line that was changed in the code has to be changed on the page."""
    blocks = re.findall(
        r"^```python\n(.*?)^```", (DOCS / "development" / "patterns.md").read_text(), re.DOTALL | re.MULTILINE
    )
    lines = {line.split("  # ")[0].strip() for block in blocks for line in block.splitlines() if line.strip()}
    code = "\n".join(path.read_text() for path in (ROOT / "src" / "bodyworn").rglob("*.py"))
    assert [line for line in sorted(lines) if line not in code] == []
