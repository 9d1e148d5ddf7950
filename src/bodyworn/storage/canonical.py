"""Canonical JSON of RFC 8785: the same value always gives the same bytes, so that a digest can stand for it."""

from __future__ import annotations

import hashlib
import json
import math

import rfc8785

#: The largest whole number that RFC 8785 writes.
MAX_INT = 2**53 - 1


def canonical_json(value: object) -> bytes:
    """``value`` (JSON values only) in RFC 8785; ``ValueError`` for what has no such form."""
    try:
        data: bytes = rfc8785.dumps(value)  # type: ignore[arg-type]  # it says itself what it cannot write
    except rfc8785.CanonicalizationError as error:
        raise ValueError(str(error)) from error
    return data


def digest_of(value: object) -> str:
    """SHA-256 hex of :func:`canonical_json` of ``value``."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def read_canonical(data: bytes) -> object:
    """The value whose canonical JSON is ``data``, byte for byte; ``ValueError`` if it is anything else.

    Most bodies of the audit log are ASCII with whole numbers, where Python's own writer gives the same bytes about ten
    times as fast; all others go through :mod:`rfc8785`.
    """
    value: object = _DECODER.decode(data.decode())
    plain = data.isascii() and _PLAIN_ENCODER.encode(value).encode() == data and not _has_float(value)
    if not plain and canonical_json(value) != data:
        raise ValueError("is not canonical JSON")
    return value


def _has_float(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_has_float, value.values()))
    if isinstance(value, list):
        return any(map(_has_float, value))
    return isinstance(value, float)


def _whole(text: str) -> int:
    number = int(text)
    if abs(number) > MAX_INT:
        raise ValueError("has a number that is too large")
    return number


def _real(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("has a number that is too large")
    return number


def _refuse(text: str) -> float:
    raise ValueError(f"has {text}")


_DECODER = json.JSONDecoder(parse_int=_whole, parse_float=_real, parse_constant=_refuse)
_PLAIN_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False)
