"""Turn a TensorFlow Lite network into ONNX, so that it runs without TensorFlow.

The file is a FlatBuffer whose fields are numbered by TensorFlow's ``lite/schema/schema.fbs``. Only the operators of
convolutional detectors are known: convolutions, additions, reshapes, concatenations, and float16 weights. Pictures are
(batch, height, width, channels) there and (batch, channels, height, width) here; what is reshaped is turned back.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bodyworn.domain.errors import ModelError
from bodyworn.models.conversion import onnx_writer as onnx

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Numbers of ``BuiltinOperator``.
_ADD, _CONCATENATION, _CONV, _DEPTHWISE, _DEQUANTIZE, _RESHAPE = 0, 2, 3, 4, 6, 22
#: ``TensorType`` to numpy's.
_TYPES = {0: "<f4", 1: "<f2", 2: "<i4"}
#: ``ActivationFunctionType``.
_NONE, _RELU6 = 0, 3
_MARK = b"TFL3"
_INT8, _INT32 = "b", "i"


class _Table:
    """A table of a FlatBuffer; fields by number, missing ones are their default."""

    def __init__(self, data: bytes, at: int) -> None:
        from flatbuffers.table import Table

        self._table = Table(data, at)

    @classmethod
    def root(cls, data: bytes) -> _Table:
        return cls(data, int.from_bytes(data[:4], "little"))

    def _place(self, field: int) -> int:
        offset = int(self._table.Offset(4 + 2 * field))
        return self._table.Pos + offset if offset else 0

    def number(self, field: int, kind: str = _INT32) -> int:
        place, size = self._place(field), {_INT8: 1, _INT32: 4}[kind]
        return int.from_bytes(self._table.Bytes[place : place + size], "little", signed=True) if place else 0

    def numbers(self, field: int, kind: str = "<i4") -> NDArray[np.generic]:
        place = self._place(field)
        if not place:
            return np.zeros(0, kind)
        start = self._table.Vector(place - self._table.Pos)
        count = self._table.VectorLen(place - self._table.Pos)
        return np.frombuffer(self._table.Bytes, kind, count, start)

    def tables(self, field: int) -> list[_Table]:
        offset = self._place(field) - self._table.Pos
        start, count = self._table.Vector(offset), self._table.VectorLen(offset)
        return [_Table(self._table.Bytes, self._table.Indirect(start + 4 * i)) for i in range(count)]

    def table(self, field: int) -> _Table:
        place = self._place(field)
        return _Table(self._table.Bytes, self._table.Indirect(place))


class _Network:
    def __init__(self, data: bytes) -> None:
        model = _Table.root(data)
        self.codes = [max(code.number(0, _INT8), code.number(3)) for code in model.tables(1)]
        self.graph = model.tables(2)[0]
        self.tensors = self.graph.tables(0)
        self.buffers = model.tables(4)  # the raw bytes of constants
        self.nodes: list[bytes] = []
        self.constants: list[bytes] = []
        self.weights: dict[int, NDArray[np.float32]] = {}
        #: Tensors whose axes are in TensorFlow's order.
        self.plain: set[int] = set()

    def shape(self, tensor: int) -> list[int]:
        return [int(size) for size in self.tensors[tensor].numbers(0)]

    def values(self, tensor: int) -> NDArray[np.generic]:
        """The constant in a tensor, empty where it is none."""
        if tensor in self.weights:
            return self.weights[tensor]
        kind = _TYPES[self.tensors[tensor].number(1, _INT8)]
        raw = self.buffers[self.tensors[tensor].number(2)].numbers(0, "u1").tobytes()
        return np.frombuffer(raw, kind).reshape(self.shape(tensor)) if raw else np.zeros(0, kind)

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        self.constants.append(onnx.constant(name, value))
        return name

    def node(self, operator: str, inputs: Sequence[str], output: str, **attributes: onnx.Attribute) -> None:
        self.nodes.append(onnx.node(operator, inputs, [output], **attributes))

    def convert(self, operator: _Table) -> None:
        """Append the nodes of one operator."""
        kind, inputs = self.codes[operator.number(0)], [int(i) for i in operator.numbers(1)]
        out = int(operator.numbers(2)[0])
        if kind == _DEQUANTIZE:
            self.weights[out] = self.values(inputs[0]).astype(np.float32)
            return
        options = operator.table(4)
        if kind in (_CONV, _DEPTHWISE):
            self._convolution(options, inputs, out, kind == _DEPTHWISE)
        elif kind == _ADD:
            self._with_activation(options.number(0, _INT8), "Add", [f"t{i}" for i in inputs], out)
        elif kind == _RESHAPE:
            source = f"t{inputs[0]}"
            if inputs[0] not in self.plain:
                self.node("Transpose", [source], f"{source}_last_{out}", perm=[0, 2, 3, 1])
                source = f"{source}_last_{out}"
            shape = self.constant(f"shape{out}", np.array(self.shape(out), np.int64))
            self.node("Reshape", [source, shape], f"t{out}")
            self.plain.add(out)
        elif kind == _CONCATENATION and self.plain.issuperset(inputs):
            self.plain.add(out)
            self.node("Concat", [f"t{i}" for i in inputs], f"t{out}", axis=options.number(0))
        else:
            raise ModelError(f"the network has an operator that is not supported ({kind})", "Use the pinned file")

    def _convolution(self, options: _Table, inputs: list[int], out: int, depthwise: bool) -> None:
        weights = self.values(inputs[1]).astype(np.float32)
        weights = weights.transpose((3, 0, 1, 2) if depthwise else (0, 3, 1, 2))
        rows, cols = weights.shape[2:]
        if depthwise:
            weights = weights.reshape(-1, 1, rows, cols)
        names = [f"t{inputs[0]}", self.constant(f"w{out}", np.ascontiguousarray(weights))]
        names += [self.constant(f"b{out}", self.values(i).astype(np.float32)) for i in inputs[2:]]
        self._with_activation(
            options.number(4 if depthwise else 3, _INT8),
            "Conv",
            names,
            out,
            kernel_shape=[rows, cols],
            strides=[options.number(2), options.number(1)],
            group=len(weights) if depthwise else 1,
            auto_pad="VALID" if options.number(0, _INT8) else "SAME_UPPER",
        )

    def _with_activation(
        self, kind: int, operator: str, inputs: Sequence[str], out: int, **attributes: onnx.Attribute
    ) -> None:
        if kind == _NONE:
            self.node(operator, inputs, f"t{out}", **attributes)
        elif kind == _RELU6:
            self.node(operator, inputs, f"raw{out}", **attributes)
            self.node("Clip", [f"raw{out}", "zero", "six"], f"t{out}")
        else:
            raise ModelError(f"the network has an activation that is not supported ({kind})", "Use the pinned file")


def to_onnx(path: Path) -> bytes:
    """The network in the file ``path``, as a serialized ONNX model.

    Its input is ``image`` (1, channels, height, width); its output ``answer`` is all outputs of the original (1, n, …)
    side by side along their last axis. Raises :class:`ModelError` for what is not known here.
    """
    data = path.read_bytes()
    if data[4:8] != _MARK:
        raise ModelError(f"{path.name} is not a network of TensorFlow Lite", "Use the pinned file")
    network = _Network(data)
    network.constant("zero", np.array(0, np.float32))
    network.constant("six", np.array(6, np.float32))
    source, outputs = (list(network.graph.numbers(field)) for field in (1, 2))
    network.node("Identity", ["image"], f"t{source[0]}")
    for operator in network.graph.tables(3):
        network.convert(operator)
    network.node("Concat", [f"t{i}" for i in outputs], "answer", axis=2)
    rows, cols, channels = network.shape(source[0])[1:]
    shape = [1, network.shape(outputs[0])[1], sum(network.shape(i)[-1] for i in outputs)]
    image, answer = onnx.tensor("image", [1, channels, rows, cols]), onnx.tensor("answer", shape)
    return onnx.model(network.nodes, network.constants, [image], answer)
