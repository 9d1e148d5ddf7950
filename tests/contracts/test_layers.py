"""The fence: every package has its layer, the import contracts come from that one list, and no string jumps it."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.contracts.layers import CONFIG, LAYERS, NO_LAYER, OWNERS, PLANNED, ROOT, SRC, config, layer_of, packages
from tests.contracts.sources import imports, product, python_files, texts, tree

DOTTED = re.compile(r"\bbodyworn\.([a-z_]+)")


def test_every_package_has_its_layer() -> None:
    listed = {name for layer in LAYERS for name in layer}
    assert set(packages()) - listed == set(), "new packages: give them a layer in tests/contracts/layers.py"
    assert listed - set(packages()) <= PLANNED


def test_a_package_that_is_not_listed_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "__init__.py").touch()
    (tmp_path / "lone.py").touch()
    monkeypatch.setattr("tests.contracts.layers.SRC", tmp_path)
    assert packages() == ["lone", "odd"]
    with pytest.raises(KeyError):
        layer_of("odd")


def test_the_import_contracts_are_made_from_the_list() -> None:
    assert CONFIG.read_text("utf-8") == config(), "run: python -m tests.contracts.layers"
    assert "[tool.importlinter]" not in (ROOT / "pyproject.toml").read_text("utf-8")


def test_every_package_stands_in_every_contract_about_others_things() -> None:
    text = config()
    for outside, owners in OWNERS.items():
        section = text.split(f"[importlinter:contract:{outside}]")[1].split("[importlinter:")[0]
        for name in packages():
            assert (f"    bodyworn.{name}\n" in section) == (name not in owners), (outside, name)


def test_no_layer_names_a_higher_one_by_string() -> None:
    jumps = []
    for path in product():
        own = path.relative_to(SRC).parts[0].removesuffix(".py")
        if own in NO_LAYER:
            continue
        for line, text in texts(path):
            for name in DOTTED.findall(text):
                if name in packages() and layer_of(name) < layer_of(own):
                    jumps.append(f"{path.relative_to(ROOT)}:{line}: {text[:80]}")
    assert jumps == []


def outsiders(path: Path, *names: str) -> list[str]:
    return [name for name in imports(path) if name.split(".")[0] in names]


def test_neither_the_product_nor_its_tests_import_bench_or_training() -> None:
    for path in [*product(), *python_files("tests")]:
        assert outsiders(path, "bench", "training") == [], path


def test_the_domain_is_standard_library_only() -> None:
    for path in sorted((SRC / "domain").rglob("*.py")):
        strange = [
            name
            for name in imports(path)
            if name.split(".")[0] not in {*sys.stdlib_module_names, "_typeshed"}
            and not name.startswith("bodyworn.domain")
        ]
        assert strange == [], path


@pytest.mark.parametrize("path", sorted((SRC / "releases" / "standalone").glob("*.py")), ids=lambda path: path.name)
def test_what_a_package_carries_needs_nothing_of_the_product(path: Path) -> None:
    assert outsiders(path, "bodyworn") == []


def test_only_measures_are_discovered_and_each_can_be_run() -> None:
    for path in sorted((ROOT / "bench" / "measures").glob("*.py")):
        if path.stem == "__init__":
            continue
        found = [node for node in tree(path).body if isinstance(node, ast.FunctionDef) and node.name == "run"]
        assert len(found) == 1, path
        assert [one.arg for one in found[0].args.args] == ["out"], path
