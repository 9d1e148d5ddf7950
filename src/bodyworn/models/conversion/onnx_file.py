"""Loosen an ONNX file: free its input and output sizes and let the runtime fold its constants.

Some published networks are fully convolutional but were exported with one fixed picture size and with every weight
also listed as an input, which keeps the runtime from fusing layers. Both are facts of the outer message alone, so a
few lines that copy the wire format (field numbers from onnx.proto3) do what would otherwise need the ``onnx`` package.
"""

from __future__ import annotations

from collections.abc import Callable

from bodyworn.models.conversion import wire

_IR_VERSION, _GRAPH = 1, 7
_INITIALIZER, _INPUT, _OUTPUT, _VALUE_INFO = 5, 11, 12, 13
#: The first IR version in which a weight need not be an input as well.
_IR_WITH_CONSTANTS = 4


def with_free_sizes(model: bytes) -> bytes:
    """The same network with every dimension of inputs and outputs free, but for channels, and weights as constants.

    ``model`` is a serialized ``ModelProto``; ``ValueError`` if it is not one.
    """
    out = bytearray()
    for number, kind, body in wire.fields(model):
        if number == _GRAPH and kind == 2:
            out += wire.block(_GRAPH, _graph(body))
        elif number == _IR_VERSION:
            version = max(_IR_WITH_CONSTANTS, wire.read_varint(body, 0)[0])
            out += bytes([_IR_VERSION << 3]) + wire.varint(version)
        else:
            out += wire.copied(number, kind, body)
    return bytes(out)


def _graph(graph: bytes) -> bytes:
    fields = list(wire.fields(graph))
    weights = {_name(body, 8) for number, _, body in fields if number == _INITIALIZER}
    out = bytearray()
    for number, kind, body in fields:
        if number == _VALUE_INFO or (number == _INPUT and _name(body, 1) in weights):
            continue
        if number in (_INPUT, _OUTPUT):
            out += wire.block(number, _free(body))
        else:
            out += wire.copied(number, kind, body)
    return bytes(out)


def _free(value_info: bytes) -> bytes:
    """``ValueInfoProto`` with the dimensions batch, height and width named instead of numbered."""
    name = _name(value_info, 1)
    names = iter(("batch", "", f"height of {name}", f"width of {name}"))

    def shape(body: bytes) -> bytes:
        return _edit(body, 1, lambda dim: wire.block(2, free.encode()) if (free := next(names, "")) else dim)

    def tensor(body: bytes) -> bytes:
        return _edit(body, 2, shape)

    return _edit(value_info, 2, lambda body: _edit(body, 1, tensor))


def _edit(message: bytes, field: int, change: Callable[[bytes], bytes]) -> bytes:
    parts = (
        wire.block(field, change(body)) if number == field and kind == 2 else wire.copied(number, kind, body)
        for number, kind, body in wire.fields(message)
    )
    return b"".join(parts)


def _name(message: bytes, field: int) -> str:
    return next((body.decode() for number, _, body in wire.fields(message) if number == field), "")
