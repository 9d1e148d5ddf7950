"""Freeing the sizes of a network."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest

from bodyworn.models.conversion.onnx_file import with_free_sizes
from bodyworn.models.registry import locate_published


def session(data: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def test_any_size_runs_and_the_fixed_size_gives_the_same_numbers() -> None:
    data = locate_published("centerface").read_bytes()
    free, fixed = session(with_free_sizes(data)), session(data)
    picture = np.random.default_rng(1).uniform(0, 255, (10, 3, 32, 32)).astype(np.float32)
    for one, other in zip(free.run(None, {"input.1": picture}), fixed.run(None, {"input.1": picture}), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-3)
    heat = free.run(["537"], {"input.1": np.zeros((1, 3, 64, 96), np.float32)})[0]
    assert heat.shape == (1, 1, 16, 24)


def test_weights_are_no_longer_inputs() -> None:
    assert [
        item.name for item in session(with_free_sizes(locate_published("centerface").read_bytes())).get_inputs()
    ] == ["input.1"]


@pytest.mark.parametrize("data", [b"\x0a\xff\xff\xff\xff", b"\x3a\x05ab", b"\xff" * 20, b"\x0b"])
def test_what_is_no_network_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not an ONNX file"):
        with_free_sizes(data)
