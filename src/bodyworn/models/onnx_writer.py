"""Write an ONNX model from nodes and weights, so that a network needs neither its training framework nor ``onnx``.

The wire format is Protocol Buffers (https://protobuf.dev/programming-guides/encoding/); field numbers are those of
onnx.proto3. Only what the networks of this product use is written: float and integer attributes, float32 and int64
constants, float32 inputs and outputs.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

_IR_VERSION = 8
_OPSET = 17
_FLOAT, _INT64 = 1, 7
#: Values of ``AttributeProto.type``.
_A_FLOAT, _A_INT, _A_STRING, _A_INTS = 1, 2, 3, 7


def node(operator: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: Any) -> bytes:
    """A ``NodeProto``; attributes may be int, float, str or a list of int."""
    parts = [_text(1, name) for name in inputs] + [_text(2, name) for name in outputs]
    parts += [_text(4, operator), *(_block(5, _attribute(name, value)) for name, value in attributes.items())]
    return b"".join(parts)


def constant(name: str, value: NDArray[Any]) -> bytes:
    """A ``TensorProto`` of float32 or int64; ``ValueError`` for other types."""
    import numpy as np

    kind = {"f4": _FLOAT, "i8": _INT64}.get(value.dtype.str[1:])
    if kind is None:
        raise ValueError(f"not a type of constant: {value.dtype}")
    dims = b"".join(_number(1, size) for size in value.shape)
    return dims + _number(2, kind) + _text(8, name) + _block(9, np.ascontiguousarray(value).tobytes())


def tensor(name: str, shape: Sequence[int | str] | None) -> bytes:
    """A ``ValueInfoProto`` of float32; a dimension is a size, or a name where it is free."""
    body = _number(1, _FLOAT)
    if shape is not None:
        dims = (_number(1, size) if isinstance(size, int) else _text(2, size) for size in shape)
        body += _block(2, b"".join(_block(1, dim) for dim in dims))
    return _text(1, name) + _block(2, _block(1, body))


def model(nodes: Sequence[bytes], constants: Sequence[bytes], inputs: Sequence[bytes], output: bytes) -> bytes:
    """The serialized ``ModelProto`` of the graph."""
    graph = [_block(1, part) for part in nodes] + [_text(2, "graph")] + [_block(5, part) for part in constants]
    graph += [_block(11, part) for part in inputs] + [_block(12, output)]
    return _number(1, _IR_VERSION) + _block(8, _number(2, _OPSET)) + _block(7, b"".join(graph))


def _attribute(name: str, value: Any) -> bytes:
    if isinstance(value, int):
        body = _number(3, value) + _number(20, _A_INT)
    elif isinstance(value, float):
        body = _varint(2 << 3 | 5) + struct.pack("<f", value) + _number(20, _A_FLOAT)
    elif isinstance(value, str):
        body = _text(4, value) + _number(20, _A_STRING)
    else:
        body = b"".join(_number(8, part) for part in value) + _number(20, _A_INTS)
    return _text(1, name) + body


def _block(field: int, body: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(body)) + body


def _text(field: int, text: str) -> bytes:
    return _block(field, text.encode())


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
