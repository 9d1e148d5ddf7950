"""The wire format of Protocol Buffers: fields of a message, varints.

https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterator


def fields(message: bytes) -> Iterator[tuple[int, int, bytes]]:
    """``(field number, wire type, payload)`` of each field; the payload of a varint is its own bytes.

    ``ValueError`` if ``message`` breaks off or is not such a message.
    """
    at = 0
    while at < len(message):
        key, at = read_varint(message, at)
        kind, start = key & 7, at
        if kind == 0:
            _, at = read_varint(message, at)
        elif kind == 2:
            size, start = read_varint(message, at)
            at = start + size
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        else:
            raise ValueError("not an ONNX file")
        if at > len(message):
            raise ValueError("not an ONNX file")
        yield key >> 3, kind, message[start:at]


def copied(number: int, kind: int, body: bytes) -> bytes:
    """A field as :func:`fields` gave it."""
    head = varint(number << 3 | kind)
    return head + (varint(len(body)) if kind == 2 else b"") + body


def block(number: int, body: bytes) -> bytes:
    """A field of bytes: a text, a message, packed numbers."""
    return copied(number, 2, body)


def text(number: int, value: str) -> bytes:
    """A field of text."""
    return block(number, value.encode())


def number_field(number: int, value: int) -> bytes:
    """A field of a number, zero or more."""
    return varint(number << 3) + varint(value)


def varint(value: int) -> bytes:
    """``value`` (zero or more) in groups of seven bits, the lowest first."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def read_varint(message: bytes, at: int) -> tuple[int, int]:
    """The varint at ``at`` and the place after it; ``ValueError`` if the message breaks off in it."""
    value = shift = 0
    while at < len(message):
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return value, at
    raise ValueError("not an ONNX file")
