"""Write an ONNX model from nodes and weights, so that a network needs neither its training framework nor ``onnx``.

Field numbers are those of onnx.proto3. Only what the networks of this product use is written: float and integer
attributes, float32 and int64 constants, float32 inputs and outputs.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bodyworn.models.conversion import wire

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Attribute = int | float | str | Sequence[int]

_IR_VERSION = 8
_OPSET = 17
_FLOAT, _INT64 = 1, 7
#: Values of ``AttributeProto.type``.
_A_FLOAT, _A_INT, _A_STRING, _A_INTS = 1, 2, 3, 7


def node(operator: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: Attribute) -> bytes:
    """A ``NodeProto``; attributes may be int, float, str or a list of int."""
    parts = [wire.text(1, name) for name in inputs] + [wire.text(2, name) for name in outputs]
    parts += [wire.text(4, operator), *(wire.block(5, _attribute(name, value)) for name, value in attributes.items())]
    return b"".join(parts)


def constant(name: str, value: NDArray[np.generic]) -> bytes:
    """A ``TensorProto`` of float32 or int64; ``ValueError`` for other types."""
    import numpy as np

    kind = {"f4": _FLOAT, "i8": _INT64}.get(value.dtype.str[1:])
    if kind is None:
        raise ValueError(f"not a type of constant: {value.dtype}")
    dims = b"".join(wire.number_field(1, size) for size in value.shape)
    return dims + wire.number_field(2, kind) + wire.text(8, name) + wire.block(9, np.ascontiguousarray(value).tobytes())


def tensor(name: str, shape: Sequence[int | str] | None) -> bytes:
    """A ``ValueInfoProto`` of float32; a dimension is a size, or a name where it is free."""
    body = wire.number_field(1, _FLOAT)
    if shape is not None:
        dims = (wire.number_field(1, size) if isinstance(size, int) else wire.text(2, size) for size in shape)
        body += wire.block(2, b"".join(wire.block(1, dim) for dim in dims))
    return wire.text(1, name) + wire.block(2, wire.block(1, body))


def model(nodes: Sequence[bytes], constants: Sequence[bytes], inputs: Sequence[bytes], output: bytes) -> bytes:
    """The serialized ``ModelProto`` of the graph."""
    graph = [wire.block(1, part) for part in nodes] + [wire.text(2, "graph")]
    graph += [wire.block(5, part) for part in constants] + [wire.block(11, part) for part in inputs]
    graph.append(wire.block(12, output))
    opset = wire.block(8, wire.number_field(2, _OPSET))
    return wire.number_field(1, _IR_VERSION) + opset + wire.block(7, b"".join(graph))


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, int):
        body = wire.number_field(3, value) + wire.number_field(20, _A_INT)
    elif isinstance(value, float):
        body = wire.varint(2 << 3 | 5) + struct.pack("<f", value) + wire.number_field(20, _A_FLOAT)
    elif isinstance(value, str):
        body = wire.text(4, value) + wire.number_field(20, _A_STRING)
    else:
        body = b"".join(wire.number_field(8, part) for part in value) + wire.number_field(20, _A_INTS)
    return wire.text(1, name) + body
