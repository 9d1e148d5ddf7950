"""Learned weights come through the model registry alone; any other file of data under src is known, with its reason."""

from __future__ import annotations

from bodyworn.domain.digest import Digest
from bodyworn.models.registry import MODELS
from tests.contracts.layers import SRC
from tests.contracts.sources import product, tree

#: Endings of files that hold no numbers anyone learned.
PLAIN = {".py", ".typed", ".md", ".html", ".css", ".js", ".mjs", ".svg", ".mako", ".typ", ".txt"}
#: Other files, and what they are.
DATA = {
    "findings/analysis-1.schema.json": "the JSON schema of what analyze writes",
    "redactions/spoken/word_lists.toml": "words that people wrote down, by rule",
    "findings/transcripts/label_words.toml": "words of labels of speakers, by role",
}
#: A literal with more numbers than this would be a table of weights.
MOST_NUMBERS = 120


def test_every_file_of_data_is_a_pinned_model_or_known() -> None:
    pinned = {
        file: pin
        for model in MODELS.values()
        if model.package == "bodyworn"
        for file, pin in {model.file: model.sha256, **model.more_files}.items()
    }
    for path in SRC.rglob("*"):
        if not path.is_file() or "__pycache__" in path.parts or path.suffix in PLAIN:
            continue
        name = path.relative_to(SRC).as_posix()
        if name in pinned:
            assert Digest.of_file(path).sha256 == pinned[name], name
        else:
            assert name in DATA, f"{name}: weights belong into the registry; other data onto this list"


def test_every_model_of_ours_has_a_card_that_names_its_digest() -> None:
    ours = [model for model in MODELS.values() if model.package == "bodyworn"]
    assert ours
    for model in ours:
        card = (SRC / model.file).with_name("card.md").read_text("utf-8")
        assert model.sha256 in card, model.name
        assert model.license in card, model.name


def test_no_module_holds_a_table_of_numbers() -> None:
    import ast

    for path in product():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.List | ast.Tuple | ast.Dict | ast.Set):
                numbers = sum(isinstance(one, ast.Constant) and isinstance(one.value, float) for one in ast.walk(node))
                assert numbers <= MOST_NUMBERS, f"{path}:{node.lineno}"
