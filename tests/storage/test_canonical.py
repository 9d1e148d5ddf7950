from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from bodyworn.storage.canonical import MAX_INT, canonical_json, digest_of, read_canonical

#: Whole numbers beyond 2**53 are refused, also where they were written as floats.
numbers = st.integers(-MAX_INT, MAX_INT) | st.floats(-1e15, 1e15)
texts = st.text(st.characters(codec="utf-8"))
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_what_is_canonical_is_read_back(value: object) -> None:
    data = canonical_json(value)
    assert canonical_json(read_canonical(data)) == data


@given(values | st.recursive(st.integers() | texts, lambda inner: st.dictionaries(texts, inner, max_size=4)))
def test_the_quick_way_gives_the_bytes_of_rfc8785(value: object) -> None:
    try:
        expected = rfc8785.dumps(value)  # type: ignore[arg-type]
    except rfc8785.CanonicalizationError:
        with pytest.raises(ValueError):
            canonical_json(value)
    else:
        assert canonical_json(value) == expected


@pytest.mark.parametrize(
    "character", ["\x00", "\x1f", '"', "\\", "/", "\x7f", "\x80", "\u2028", "\ud7ff", "\U0001f600"]
)
def test_each_kind_of_character_is_written_as_rfc8785_does(character: str) -> None:
    assert canonical_json({"a": [character]}) == rfc8785.dumps({"a": [character]})


def test_half_a_character_has_no_form() -> None:
    with pytest.raises(ValueError):
        canonical_json({"a": "\ud800"})


@given(values, st.booleans())
def test_it_is_read_only_if_it_is_what_rfc8785_writes(value: object, ascii_only: bool) -> None:
    """Python's own form of a value is taken for canonical just where RFC 8785 gives the same bytes."""
    data = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=ascii_only).encode()
    if rfc8785.dumps(json.loads(data)) == data:
        read_canonical(data)
    else:
        with pytest.raises(ValueError):
            read_canonical(data)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":-0}',
        b'{"a":1e2}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":9007199254740993}',
        b'{"a":1e999}',
        b'{"a":"\\u00e4"}',
        b'{"a":"\\/"}',
        b'{"a":1}\n',
        b'\xef\xbb\xbf{"a":1}',
        b"",
        b"{",
        b"\xff",
    ],
)
def test_other_forms_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        read_canonical(data)


def test_keys_are_in_the_order_of_utf_16() -> None:
    """Where it differs from the order of code points: U+FB33 after U+1F600."""
    data = canonical_json({"\ufb33": 1, "\U0001f600": 2})
    assert list(json.loads(data)) == ["\U0001f600", "\ufb33"]
    assert read_canonical(data) == {"\ufb33": 1, "\U0001f600": 2}


def test_the_digest_is_that_of_the_bytes() -> None:
    assert digest_of({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
