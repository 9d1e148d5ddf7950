"""Write a neural network down as an ONNX graph, so that no training framework is needed to run it.

:class:`GraphBuilder` holds the few layers that the two networks for voices are made of. Each method adds one node and
returns the name of its output.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bodyworn.models.conversion import onnx_writer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Weight = NDArray[np.generic]


class GraphBuilder:
    """An ONNX graph in the making. ``weights`` are the checkpoint's tensors by name."""

    def __init__(self, weights: Mapping[str, Weight]) -> None:
        self.weights = weights
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []

    def node(self, operator: str, inputs: Sequence[str], **attributes: onnx_writer.Attribute) -> str:
        """Add a node; the name of its output."""
        name = f"v{len(self._nodes)}"
        self._nodes.append(onnx_writer.node(operator, inputs, [name], **attributes))
        return name

    def constant(self, value: Weight) -> str:
        """Name of a constant that holds ``value``."""
        name = f"c{len(self._constants)}"
        self._constants.append(onnx_writer.constant(name, value))
        return name

    def weight(self, name: str) -> str:
        """Name of the constant that holds the checkpoint's tensor ``name``."""
        return self.constant(self.weights[name])

    def conv(self, x: str, name: str, **attributes: onnx_writer.Attribute) -> str:
        """Convolution with ``name.weight`` and, where there is one, ``name.bias``."""
        inputs = [x, self.weight(f"{name}.weight")]
        if f"{name}.bias" in self.weights:
            inputs.append(self.weight(f"{name}.bias"))
        return self.node("Conv", inputs, **attributes)

    def batch_norm(self, x: str, name: str) -> str:
        """Batch normalization with the running statistics of ``name``; scale 1 and shift 0 where it has none."""
        import numpy as np

        mean = self.weights[f"{name}.running_mean"]
        scale = self.weights.get(f"{name}.weight", np.ones_like(mean))
        shift = self.weights.get(f"{name}.bias", np.zeros_like(mean))
        inputs = [self.constant(scale), self.constant(shift), self.constant(mean), self.weight(f"{name}.running_var")]
        return self.node("BatchNormalization", [x, *inputs], epsilon=1e-5)

    def instance_norm(self, x: str, name: str) -> str:
        """Instance normalization with the scale and shift of ``name``."""
        inputs = [x, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        return self.node("InstanceNormalization", inputs, epsilon=1e-5)

    def linear(self, x: str, name: str) -> str:
        """``x @ weight.T + bias`` over the last axis."""
        product = self.node("MatMul", [x, self.constant(self.weights[f"{name}.weight"].T.copy())])
        return self.node("Add", [product, self.weight(f"{name}.bias")])

    def relu(self, x: str) -> str:
        """``max(x, 0)``."""
        return self.node("Relu", [x])

    def model(self, inputs: Mapping[str, Sequence[int | str]], output: str) -> bytes:
        """The serialized ONNX model: float32 ``inputs`` by name and shape, ``output`` a node's output."""
        named = [onnx_writer.tensor(name, shape) for name, shape in inputs.items()]
        return onnx_writer.model(self._nodes, self._constants, named, onnx_writer.tensor(output, None))
