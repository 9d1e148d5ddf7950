"""Names and sizes: one class name, one meaning; American spelling; nothing called utils; short files and functions.

The lists of exceptions may only get shorter: an entry that is no longer needed fails too.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

from tests.contracts.layers import ROOT, SRC
from tests.contracts.sources import product, python_files, tree

MOST_LINES, MOST_FUNCTION_LINES = 300, 40
#: ``Any`` for every thousand lines of the product. May only be lowered.
MOST_ANY = 4.0
#: Lines with a ``noqa`` or ``type: ignore``. May only be lowered.
MOST_SILENCED = 14
#: By file, why it is longer.
LONG_FILES = {"releases/standalone/verify.py": "it goes out with each package as one file that a person can read"}
#: By file and function, why it is longer.
LONG_FUNCTIONS = {
    "storage/migrations/versions/0001_recordings_findings_record.py:upgrade": "a migration is one list of tables",
}
#: Words that name nothing.
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "base_utils"}
#: British spellings as they begin; what follows does not matter.
BRITISH = (
    "artefact", "analyse", "behaviour", "catalogue", "centre", "colour", "favour", "flavour", "honour", "labelled",
    "licence", "modelled", "neighbour", "organis", "recognis", "serialis", "initialis", "synchronis", "travelled",
    "cancelled", "whilst", "minimis", "maximis", "normalis", "optimis", "summaris", "utilis", "defence", "grey",
)  # fmt: skip
#: Where a British word has to stand: by file, the words.
KEPT_WORDS = {
    "engine/jobs.py": {"artefact": "the name of a column; digests of rows in existing libraries are made of it"},
    "storage/tables.py": {"artefact": "the name of a column"},
    "storage/rows/findings.py": {"artefact": "the name of a column"},
    "storage/migrations/versions/0001_recordings_findings_record.py": {"artefact": "the name of a column"},
}
_BRITISH = re.compile(r"(?<![a-z])(" + "|".join(BRITISH) + r")[a-z]*", re.I)


def inside(path: Path) -> str:
    return path.relative_to(SRC).as_posix()


def lines_of(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def test_one_class_name_has_one_meaning() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in product():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(inside(path))
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_no_module_is_called_by_an_empty_name() -> None:
    for path in [*product(), *python_files("tests", "bench", "training")]:
        for part in path.relative_to(ROOT).parts:
            assert part.removesuffix(".py") not in EMPTY_NAMES, path


def test_spelling_is_american() -> None:
    found = defaultdict(set)
    for path in product():
        for word in _BRITISH.findall(path.read_text("utf-8")):
            found[inside(path)].add(word.lower())
    assert dict(found) == {path: set(words) for path, words in KEPT_WORDS.items()}


def test_documents_are_spelled_the_american_way() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *SRC.rglob("*.md")]:
        assert _BRITISH.findall(path.read_text("utf-8")) == [], path


def test_files_are_short() -> None:
    long = {inside(path) for path in product() if len(lines_of(path)) > MOST_LINES}
    assert long == set(LONG_FILES), "shorten the file, or take it off the list"


def test_functions_are_short() -> None:
    long = set()
    for path in product():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MOST_FUNCTION_LINES:
                    long.add(f"{inside(path)}:{node.name}")
    assert long == set(LONG_FUNCTIONS), "shorten the function, or take it off the list"


def test_little_is_of_any_type() -> None:
    lines = count = 0
    for path in product():
        lines += len(lines_of(path))
        for node in ast.walk(tree(path)):
            count += isinstance(node, ast.Name) and node.id == "Any"
            count += isinstance(node, ast.Attribute) and node.attr == "Any"
    assert 1000 * count / lines <= MOST_ANY


def test_checks_are_seldom_silenced() -> None:
    silenced = [
        f"{inside(path)}:{number}"
        for path in product()
        for number, line in enumerate(lines_of(path), 1)
        if re.search(r"#\s*(noqa|type:\s*ignore)", line)
    ]
    assert len(silenced) <= MOST_SILENCED, silenced
