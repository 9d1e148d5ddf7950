"""Loosen an ONNX file in memory: free its input and output sizes and let the runtime fold its constants.

Some published networks are fully convolutional but were exported with one fixed picture size and with every weight
also listed as an input, which keeps the runtime from fusing layers. Both are facts of the outer message alone, so a
few lines that copy the wire format (Protocol Buffers, https://protobuf.dev/programming-guides/encoding/; field numbers
from onnx.proto3) do what would otherwise need the ``onnx`` package at run time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

_IR_VERSION, _GRAPH = 1, 7
_INITIALIZER, _INPUT, _OUTPUT, _VALUE_INFO = 5, 11, 12, 13
#: The first IR version in which a weight need not be an input as well.
_IR_WITH_CONSTANTS = 4


def with_free_sizes(model: bytes) -> bytes:
    """The same network with every dimension of inputs and outputs free, but for channels, and weights as constants.

    ``model`` is a serialized ``ModelProto``; ``ValueError`` if it is not one.
    """
    out = bytearray()
    for number, kind, body in _fields(model):
        if number == _GRAPH and kind == 2:
            out += _wrap(_GRAPH, _graph(body))
        elif number == _IR_VERSION:
            version = max(_IR_WITH_CONSTANTS, _read_varint(body, 0)[0])
            out += bytes([_IR_VERSION << 3]) + _varint(version)
        else:
            out += _copy(number, kind, body)
    return bytes(out)


def _graph(graph: bytes) -> bytes:
    fields = list(_fields(graph))
    weights = {_name(body, 8) for number, _, body in fields if number == _INITIALIZER}
    out = bytearray()
    for number, kind, body in fields:
        if number == _VALUE_INFO or (number == _INPUT and _name(body, 1) in weights):
            continue
        if number in (_INPUT, _OUTPUT):
            out += _wrap(number, _free(body))
        else:
            out += _copy(number, kind, body)
    return bytes(out)


def _free(value_info: bytes) -> bytes:
    """``ValueInfoProto`` with the dimensions batch, height and width named instead of numbered."""
    name = _name(value_info, 1)
    names = iter(("batch", "", f"height of {name}", f"width of {name}"))

    def shape(body: bytes) -> bytes:
        return _edit(body, 1, lambda dim: _wrap(2, free.encode()) if (free := next(names, "")) else dim)

    def tensor(body: bytes) -> bytes:
        return _edit(body, 2, shape)

    return _edit(value_info, 2, lambda body: _edit(body, 1, tensor))


def _edit(message: bytes, field: int, change: Callable[[bytes], bytes]) -> bytes:
    parts = (
        _wrap(field, change(body)) if number == field and kind == 2 else _copy(number, kind, body)
        for number, kind, body in _fields(message)
    )
    return b"".join(parts)


def _name(message: bytes, field: int) -> str:
    return next((body.decode() for number, _, body in _fields(message) if number == field), "")


def _fields(message: bytes) -> Iterator[tuple[int, int, bytes]]:
    """``(field number, wire type, payload)`` of each field; the payload of a varint is its own bytes."""
    at = 0
    while at < len(message):
        key, at = _read_varint(message, at)
        kind, start = key & 7, at
        if kind == 0:
            _, at = _read_varint(message, at)
        elif kind == 2:
            size, start = _read_varint(message, at)
            at = start + size
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        else:
            raise ValueError("not an ONNX file")
        if at > len(message):
            raise ValueError("not an ONNX file")
        yield key >> 3, kind, message[start:at]


def _copy(number: int, kind: int, body: bytes) -> bytes:
    head = _varint(number << 3 | kind)
    return head + (_varint(len(body)) if kind == 2 else b"") + body


def _wrap(number: int, body: bytes) -> bytes:
    return _copy(number, 2, body)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _read_varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message):
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return value, at
    raise ValueError("not an ONNX file")
