"""libfacedetection's network from the constants of its compiled library to ONNX.

Wu, Peng & Yu, "YuNet: A tiny millisecond-level face detector", Machine Intelligence Research 2023. Every layer but the
first is a 1×1 convolution and a 3×3 one within each channel. Input: ``image`` (1, 3, height, width), red first, 0..255,
sides in steps of 32; output (1, 6, n): for each cell of 8, then 16, then 32 pixels, row by row, the logits that it is a
face and of how well the box fits, the way to the box's middle (x, y), the logarithms of its width and height, in cells.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.errors import ModelError
from bodyworn.models.conversion.elf import read_objects
from bodyworn.models.conversion.graph import GraphBuilder

#: The first layer's pixels, 3×3 of three colors, and what they are filled up to.
_SEEN, _FILLED = 27, 32


def face_library(path: Path) -> bytes:
    """The network with the weights in the library at ``path``, as a serialized ONNX model.

    Raises :class:`ModelError` if the library has no such weights.
    """
    objects = read_objects(path)
    net = GraphBuilder({name: np.frombuffer(data, "<f4") for name, data in objects.items() if len(data) % 4 == 0})
    try:
        return net.model({"image": (1, 3, "height", "width")}, _network(net))
    except KeyError as error:
        raise ModelError(f"the library {path.name} has no weights named {error}", "Use the pinned file") from error


def _network(net: GraphBuilder) -> str:
    x = net.relu(net.node("Conv", ["image", *_first(net)], strides=[2, 2], pads=[1, 1, 1, 1]))
    x = _pooled(net, net.relu(_both(net, x, "backbone__model0_dp")))
    x = _unit(net, _unit(net, x, 1), 2)
    levels = []
    for stage in (3, 4, 5):
        x = _unit(net, _pooled(net, x), stage)
        levels.append(x)
    answers: list[str] = []
    for level in (2, 1, 0):
        if level < 2:
            levels[level] = net.node("Add", [_doubled(net, levels[level + 1]), levels[level]])
        levels[level] = net.relu(_both(net, levels[level], f"neck__lateral_convs__{level}"))
        heads = [
            _both(net, levels[level], f"bbox_head__multi_level_{kind}__{level}") for kind in ("cls", "obj", "bbox")
        ]
        side_by_side = net.node("Concat", heads, axis=1)
        answers.insert(0, net.node("Reshape", [side_by_side, net.constant(np.array([0, 6, -1], np.int64))]))
    return net.node("Concat", answers, axis=2)


def _first(net: GraphBuilder) -> list[str]:
    """Weights (16, 3, 3, 3) and shifts of the first layer, kept over pixels laid side by side, blue first."""
    flat = net.weights["backbone__model0_pw_weight"].reshape(16, _FILLED)[:, :_SEEN]
    weights: NDArray[np.generic] = np.ascontiguousarray(flat.reshape(16, 3, 3, 3).transpose(0, 3, 1, 2)[:, ::-1])
    return [net.constant(weights), net.weight("backbone__model0_pw_bias")]


def _both(net: GraphBuilder, x: str, name: str) -> str:
    """A 1×1 convolution, then a 3×3 one within each channel, whose weights are kept pixel by pixel."""
    shifts = net.weights[f"{name}_pw_bias"]
    across = net.weights[f"{name}_pw_weight"].reshape(len(shifts), -1, 1, 1)
    within = np.ascontiguousarray(net.weights[f"{name}_dw_weight"].reshape(9, -1).T).reshape(-1, 1, 3, 3)
    x = net.node("Conv", [x, net.constant(across), net.constant(shifts)])
    around = [net.constant(within), net.weight(f"{name}_dw_bias")]
    return net.node("Conv", [x, *around], pads=[1, 1, 1, 1], group=len(shifts))


def _unit(net: GraphBuilder, x: str, stage: int) -> str:
    for part in ("dp1", "dp2"):
        x = net.relu(_both(net, x, f"backbone__model{stage}_{part}"))
    return x


def _pooled(net: GraphBuilder, x: str) -> str:
    return net.node("MaxPool", [x], kernel_shape=[2, 2], strides=[2, 2])


def _doubled(net: GraphBuilder, x: str) -> str:
    scales = net.constant(np.array([1, 1, 2, 2], np.float32))
    return net.node(
        "Resize",
        [x, "", scales],
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )
