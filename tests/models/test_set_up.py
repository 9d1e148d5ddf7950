"""Networks are converted once, at set-up; at run time there is one kind of network file, and one place opens it."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import bodyworn
from bodyworn.cli.next_steps import told
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import ModelError
from bodyworn.models import install, registry
from bodyworn.models.conversion import CONVERSIONS
from bodyworn.models.registry import MODELS, locate, locate_published

SRC = Path(bodyworn.__file__).parent
CONVERTED = sorted(name for name, model in MODELS.items() if model.converted)
#: Opened by packages that bring their own runtime, or not networks.
NOT_ONNX = {
    "whisper-tiny.en": "CTranslate2",
    "whisper-base": "CTranslate2",
    "roles": "linear model in JSON",
    "sounds": "linear layer in JSON",
    "letters": "a font",
}


@pytest.fixture
def no_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Set-up did not run yet: its folder is empty."""
    monkeypatch.setattr(registry, "set_up_folder", lambda: tmp_path / "none")
    locate.cache_clear()
    yield tmp_path / "none"
    locate.cache_clear()


def test_every_converted_model_has_its_conversion() -> None:
    assert sorted(CONVERSIONS) == CONVERTED


@pytest.mark.parametrize("name", CONVERTED)
def test_the_same_weights_give_the_pinned_network_every_time(name: str) -> None:
    pinned = MODELS[name].converted
    assert pinned is not None
    for _ in range(2):
        network = CONVERSIONS[name](locate_published(name))
        assert Digest.of_bytes(network).sha256 == pinned.sha256


def test_at_run_time_there_is_one_kind_of_network_file() -> None:
    for name in MODELS:
        if name not in NOT_ONNX:
            assert locate(name).suffix == ".onnx", name


def test_without_set_up_the_error_says_so_and_names_the_command(no_set_up: Path) -> None:
    with pytest.raises(ModelError, match="models are not set up") as caught:
        locate("voice-segmentation")
    assert told(caught.value) == "Run: make weights (or: python -m bodyworn.models.install)"


def test_a_network_that_was_changed_is_refused(no_set_up: Path) -> None:
    path = install.convert("voice-segmentation", no_set_up)
    assert locate("voice-segmentation") == path
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    locate.cache_clear()
    with pytest.raises(ModelError, match="not the pinned one"):
        locate("voice-segmentation")


def test_weights_that_convert_to_something_else_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CONVERSIONS, "centerface", lambda _: b"another network")
    with pytest.raises(ModelError, match="does not give the pinned network"):
        install.convert("centerface", tmp_path)
    assert not any(tmp_path.iterdir())


def test_set_up_makes_what_is_missing_and_leaves_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("centerface", "letters", "vehicles", "voice-embedding"):
        shutil.copy(locate(name), tmp_path)
    shutil.copy(locate_published("libfacedetection"), tmp_path)
    for module in (registry, install):
        monkeypatch.setattr(module, "set_up_folder", lambda: tmp_path)
    locate.cache_clear()
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert install.main(["--no-npm"]) == 0
    after = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert sorted({Path(name).stem for name in after}) == CONVERTED
    assert before.items() <= after.items()
    locate.cache_clear()


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_only_set_up_imports_the_conversions() -> None:
    allowed = {SRC / "models" / "install.py", *(SRC / "models" / "conversion").glob("*.py")}
    for path in set(SRC.rglob("*.py")) - allowed:
        assert not any(name.startswith("bodyworn.models.conversion") for name in imports(path)), path


def test_one_place_opens_networks() -> None:
    opened = [path for path in SRC.rglob("*.py") if "InferenceSession(" in path.read_text("utf-8")]
    assert opened == [SRC / "models" / "session.py"]
