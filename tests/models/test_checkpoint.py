"""Reading a checkpoint without PyTorch, and writing its network down as ONNX."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from bodyworn.domain.errors import ModelError
from bodyworn.models.conversion import onnx_writer
from bodyworn.models.conversion.checkpoint import read_weights
from bodyworn.models.conversion.graph import GraphBuilder
from bodyworn.models.registry import locate_published


class Trap:
    """Would run code when unpickled by the standard unpickler."""

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return (Path.touch, (Path("trapped"),))


def checkpoint(path: Path, tree: object) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(tree, protocol=2))
    return path


def test_a_checkpoint_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_weights(checkpoint(tmp_path / "trap.pt", {"state_dict": {"x": Trap()}})) == {}
    assert not (tmp_path / "trapped").exists()


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.pt"
    path.write_bytes(b"not a zip")
    with pytest.raises(ModelError, match=r"weights\.pt cannot be read"):
        read_weights(path)


def test_weights_have_the_shapes_of_the_paper() -> None:
    weights = read_weights(locate_published("voice-segmentation"))
    assert weights["lstm.weight_ih_l0"].shape == (512, 60)
    assert weights["classifier.bias"].shape == (7,)
    assert all(np.isfinite(value).all() for value in weights.values())


def test_written_graph_computes_what_it_says() -> None:
    net = GraphBuilder({"layer.weight": np.array([[1.0, 2.0]], np.float32), "layer.bias": np.array([0.5], np.float32)})
    model = net.model({"x": ("n", 2)}, net.relu(net.linear("x", "layer")))
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    out = session.run(None, {"x": np.array([[1, 1], [-3, 0]], np.float32)})[0]
    assert out.tolist() == [[3.5], [0.0]]


def test_constants_of_other_types_are_refused() -> None:
    with pytest.raises(ValueError, match="float64"):
        onnx_writer.constant("c", np.zeros(2))
