"""The CAM++ network from its checkpoint to ONNX.

Wang et al., "CAM++: A fast and efficient network for speaker verification using context-aware masking", Interspeech
2023. Inputs: ``mel`` (n, 1, 80, t), ``pool`` (h, s) and ``spread`` (s, h), the matrices that average stretches of 100
frames and hand each stretch's value back; output: (n, 192).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bodyworn.models.conversion.checkpoint import read_weights
from bodyworn.models.conversion.graph import GraphBuilder

MELS = 80


def voice_embedding(path: Path) -> bytes:
    """The network with the weights of the checkpoint at ``path``, as a serialized ONNX model."""
    net = GraphBuilder(read_weights(path))
    x = _head(net)
    x = net.conv(x, "xvector.tdnn.linear", strides=[2], pads=[2, 2])
    x = net.relu(net.batch_norm(x, "xvector.tdnn.nonlinear.batchnorm"))
    for block, (layers, dilation) in enumerate(((12, 1), (24, 2), (16, 2)), start=1):
        for layer in range(1, layers + 1):
            x = net.node("Concat", [x, _dense_layer(net, x, f"xvector.block{block}.tdnnd{layer}", dilation)], axis=1)
        x = net.relu(net.batch_norm(x, f"xvector.transit{block}.nonlinear.batchnorm"))
        x = net.conv(x, f"xvector.transit{block}.linear")
    x = _statistics(net, net.relu(net.batch_norm(x, "xvector.out_nonlinear.batchnorm")))
    x = net.batch_norm(net.conv(x, "xvector.dense.linear"), "xvector.dense.nonlinear.batchnorm")
    inputs = {"mel": ("n", 1, MELS, "t"), "pool": ("h", "s"), "spread": ("s", "h")}
    return net.model(inputs, net.node("Flatten", [x], axis=1))


def _head(net: GraphBuilder) -> str:
    """The two-dimensional convolutions over the mel energies."""
    around = {"pads": [1, 1, 1, 1]}
    x = net.relu(net.batch_norm(net.conv("mel", "head.conv1", **around), "head.bn1"))
    for name in ("layer1.0", "layer1.1", "layer2.0", "layer2.1"):
        stride = [2, 1] if name.endswith("0") else [1, 1]
        y = net.conv(x, f"head.{name}.conv1", strides=stride, **around)
        y = net.relu(net.batch_norm(y, f"head.{name}.bn1"))
        y = net.batch_norm(net.conv(y, f"head.{name}.conv2", **around), f"head.{name}.bn2")
        if name.endswith("0"):
            x = net.conv(x, f"head.{name}.shortcut.0", strides=stride)
            x = net.batch_norm(x, f"head.{name}.shortcut.1")
        x = net.relu(net.node("Add", [x, y]))
    x = net.relu(net.batch_norm(net.conv(x, "head.conv2", strides=[2, 1], **around), "head.bn2"))
    return net.node("Reshape", [x, net.constant(np.array([0, 320, -1], np.int64))])


def _dense_layer(net: GraphBuilder, x: str, name: str, dilation: int) -> str:
    """One layer with its context-aware mask, worked out per stretch of 100 frames."""
    x = net.conv(net.relu(net.batch_norm(x, f"{name}.nonlinear1.batchnorm")), f"{name}.linear1")
    x = net.relu(net.batch_norm(x, f"{name}.nonlinear2.batchnorm"))
    cam = f"{name}.cam_layer"
    local = net.conv(x, f"{cam}.linear_local", pads=[dilation, dilation], dilations=[dilation])
    whole = net.node("ReduceMean", [x], axes=[2], keepdims=1)
    context = net.node("Add", [net.node("MatMul", [x, "pool"]), whole])
    mask = net.conv(net.relu(net.conv(context, f"{cam}.linear1")), f"{cam}.linear2")
    return net.node("Mul", [local, net.node("MatMul", [net.node("Sigmoid", [mask]), "spread"])])


def _statistics(net: GraphBuilder, x: str) -> str:
    """Mean and unbiased standard deviation over time, ``(n, 1024, 1)``."""
    time = net.constant(np.array([2], np.int64))
    mean = net.node("ReduceMean", [x], axes=[2], keepdims=1)
    apart = net.node("Sub", [x, mean])
    squares = net.node("ReduceSum", [net.node("Mul", [apart, apart]), time], keepdims=1)
    length = net.node("Gather", [net.node("Shape", [x]), time], axis=0)
    less_one = net.node("Sub", [net.node("Cast", [length], to=1), net.constant(np.array([1.0], np.float32))])
    return net.node("Concat", [mean, net.node("Sqrt", [net.node("Div", [squares, less_one])])], axis=1)
