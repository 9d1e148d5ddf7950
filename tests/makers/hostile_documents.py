"""Captions, sidecars and plans that somebody made to break who reads them: deep, huge, endless, or slow to match."""

from __future__ import annotations

from collections.abc import Callable

DEPTH = 100_000
#: What an XML document names ten times over in each of ten steps.
LAUGHS = "<!DOCTYPE lolz [<!ENTITY l0 'ha'>{}]><tt><body><p begin='0s' end='1s'>&l9;</p></body></tt>".format(
    "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
)
ONE = "00:00:01,000 --> 00:00:02,000"

#: Transcripts by what is bad about them.
TRANSCRIPTS: dict[str, Callable[[], str]] = {
    "deep lists": lambda: "[" * DEPTH,
    "deep objects": lambda: '{"segments":' * DEPTH,
    "a number of a hundred thousand digits": lambda: '{"segments":[{"text":"a","speaker":' + "9" * DEPTH + "}]}",
    "a number beyond all numbers": lambda: '{"segments":[{"text":"a","start":1e999,"speaker":1e999}]}',
    "entities of entities": lambda: LAUGHS,
    "tags that never end": lambda: "<tt>" + "<p begin='0s'>" * 3000,
    "a cell without end": lambda: 'speaker,text\n"' + "a" * 200_000,
    "times that hold times": lambda: "00:00:01,000 --> " * 3000,
    "marks of the beginning only": lambda: f"1\n{ONE}\n" + "<v " * 20_000,
    "brackets of the beginning only": lambda: f"1\n{ONE}\n" + "([{" * 5000,
    "white space in the middle": lambda: f"1\n{ONE}\nOfficer:" + " " * 40_000 + "b",
    "speakers without words": lambda: "Officer  0:00\n" * 3000,
    "hours of colons": lambda: "0:" * 40_000 + " --> ",
    "nothing but zeros": lambda: "\x00" * DEPTH,
}

JSON_MAPPING = 'format = "json"\n[fields]\na = "b"\n'

#: Sidecars as JSON, CSV or XML with the mapping that reads them, and words of the sentence that refuses them.
SIDECARS: dict[str, tuple[str, str, str]] = {
    "deep lists": ("[" * DEPTH, JSON_MAPPING, "not readable json"),
    "deep objects": ('{"a":' * DEPTH, JSON_MAPPING, "not readable json"),
    "a number of many digits": (
        '{"b":' + "9" * DEPTH + "}",
        JSON_MAPPING,
        "not readable json",
    ),
    "a number beyond all numbers": ('{"b":1e999}', JSON_MAPPING, "too large"),
    "no number": ('{"b":NaN}', JSON_MAPPING, "too large"),
    "a value of a megabyte": ('{"b":"' + "x" * 1_000_000 + '"}', JSON_MAPPING, "too long"),
    "entities of entities": (LAUGHS, 'format = "xml"\n[fields]\na = "body/p"\n', "document type"),
    "a cell without end": ("b\n" + "x" * 200_000, 'format = "csv"\n[fields]\na = "b"\n', "not readable csv"),
    "a mapping of deep lists": ("{}", "a = " + "[" * DEPTH, "cannot be used"),
    "a mapping of many digits": ("{}", "a = " + "9" * DEPTH, "cannot be used"),
}

#: Plans, and words of the sentence that refuses them.
PLANS: dict[str, tuple[str, str]] = {
    "deep lists": ("[" * DEPTH, "not a plan"),
    "deep objects": ('{"format":' * DEPTH, "not a plan"),
    "a number of many digits": ('{"format":' + "9" * DEPTH + "}", "not a plan"),
    "no plan": ("<html>", "line 1, column 1 is no JSON"),
}
