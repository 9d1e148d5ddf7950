"""The manifest store inside a clip: nothing in it but what its signature covers.

Libraries for manifests skip boxes that they do not know, and headers that nothing signs. So text could be put into a
signed clip without any check that notices. This walk over JUMBF boxes (ISO/IEC 19566-5) and the signature (COSE_Sign1,
RFC 9052) names what has no place there.
"""

from __future__ import annotations

from collections.abc import Iterator

_HEAD_BYTES = 8 + 16 + 4 + len(b"manifest\0") + 8
_STORE, _SIGNATURE = b"c2pa", b"c2cs"
#: The end of every box type of JUMBF that is made of four letters (ISO/IEC 19566-5, B.1).
_TYPE_END = bytes.fromhex("00110010800000aa00389b71")
#: Headers of a signature that its signer does not sign: padding, time stamps, states of certificates (C2PA 2.2, 13.2).
_UNSIGNED_KEYS = frozenset({"pad", "pad2", "sigTst", "sigTst2", "rVals"})


class _Odd(Exception):
    """Something has no place in a manifest store; the text says what."""


def store_fault(box: bytes, manifests: int) -> str:
    """What has no place in a C2PA box with a store of that many manifests, as a sentence; empty where all has one."""
    try:
        if any(box[_HEAD_BYTES - 8 : _HEAD_BYTES]) or box[28:37] != b"manifest\0":
            raise _Odd("the head of the manifest box was changed")
        tops = list(_boxes(box, _HEAD_BYTES, len(box)))
        if len(tops) != 1 or _kind(box, *tops[0][1:]) != _STORE:
            raise _Odd("there is something beside the manifests in their box")
        if sum(1 for _ in _boxes(box, *tops[0][1:])) != 1 + manifests:
            raise _Odd("there is another manifest in the clip than those that it was signed with")
        _check_box(box, *tops[0][1:], depth=0)
    except _Odd as odd:
        return str(odd)
    except (IndexError, RecursionError):
        return "the manifest box cannot be read"
    return ""


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Type, start and end of the content of each box, which fill the span."""
    while start < end:
        length = int.from_bytes(data[start : start + 4], "big")
        if length < 8 or start + length > end:
            raise _Odd("the boxes of the manifest do not fit")
        yield data[start + 4 : start + 8], start + 8, start + length
        start += length


def _kind(data: bytes, start: int, end: int) -> bytes:
    """The four letters of a superbox's type; its description comes first and is one of C2PA's."""
    first = next(_boxes(data, start, end), None)
    if first is None or first[0] != b"jumd" or data[first[1] + 4 : first[1] + 16] != _TYPE_END:
        raise _Odd("the manifest holds a box that has no place there")
    _, ended, salt = data[first[1] + 17 : first[2]].partition(b"\0")
    if not ended or (salt and (len(salt), salt[:8]) != (24, b"\0\0\0\x18c2sh")):
        raise _Odd("the manifest holds a box that has no place there")
    return data[first[1] : first[1] + 4]


def _check_box(data: bytes, start: int, end: int, depth: int) -> None:
    """A superbox: its description, then superboxes only or one content."""
    kind, (_, *inside) = _kind(data, start, end), _boxes(data, start, end)
    superboxes = [box for box in inside if box[0] == b"jumb"]
    if depth > 8 or (superboxes and len(superboxes) != len(inside)) or (not superboxes and len(inside) != 1):
        raise _Odd("the manifest holds a box that has no place there")
    for _, first, last in superboxes:
        _check_box(data, first, last, depth + 1)
    if kind == _SIGNATURE and not superboxes:
        _check_signature(data[inside[0][1] : inside[0][2]])


def _check_signature(data: bytes) -> None:
    """COSE_Sign1 with tag 18: the unsigned header holds known keys, the padding in it zeros; nothing comes behind."""
    if data[:2] != b"\xd2\x84":
        raise _Odd("the signature has another form than C2PA's")
    at = _skip(data, 2)
    header, at = _head(data, at)
    if header[0] != 5:
        raise _Odd("the signature has another form than C2PA's")
    for _ in range(header[1]):
        (_, length), after = _head(data, at)
        key, at = data[after : after + length].decode("ascii", "replace"), _skip(data, at)
        (_, length), after = _head(data, at)
        at = _skip(data, at)
        if key not in _UNSIGNED_KEYS:
            raise _Odd("the signature carries a header that nothing signs")
        if key.startswith("pad") and any(data[after:at]):
            raise _Odd("the padding of the manifest box was changed")
    if data[at : at + 3] != b"\xf6\x58\x40" or at + 3 + 64 != len(data):
        raise _Odd("the signature has another form than C2PA's")


def _head(data: bytes, at: int) -> tuple[tuple[int, int], int]:
    """Major type and argument of the CBOR item at ``at`` (RFC 8949, 3), and where what follows starts."""
    major, short = data[at] >> 5, data[at] & 31
    if short < 24:
        return (major, short), at + 1
    if short > 27:
        raise _Odd("the signature has another form than C2PA's")
    size = 1 << (short - 24)
    return (major, int.from_bytes(data[at + 1 : at + 1 + size], "big")), at + 1 + size


def _skip(data: bytes, at: int) -> int:
    """Where the CBOR item at ``at`` ends."""
    (major, value), at = _head(data, at)
    if major in (2, 3):
        at += value
    elif major in (4, 5, 6):
        for _ in range({4: value, 5: 2 * value, 6: 1}[major]):
            at = _skip(data, at)
    if at > len(data):
        raise _Odd("the signature has another form than C2PA's")
    return at
