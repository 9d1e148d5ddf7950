"""Transcripts in the formats of recognizers, meetings and typists; each file says the same two things."""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path

import pytest

from bodyworn.domain.errors import BadTranscript
from bodyworn.findings.transcripts.reading import conversations
from tests.findings.test_caption_variants import BOTH, read

FORMATS = Path(__file__).parent / "formats"


@pytest.mark.parametrize("path", sorted((FORMATS / "named").iterdir()), ids=lambda path: path.name)
def test_formats_that_name_the_speakers(tmp_path: Path, path: Path) -> None:
    assert read(tmp_path, path.read_bytes()) == BOTH


@pytest.mark.parametrize("path", sorted((FORMATS / "unnamed").iterdir()), ids=lambda path: path.name)
def test_formats_that_do_not_say_who_somebody_is(tmp_path: Path, path: Path) -> None:
    assert read(tmp_path, path.read_bytes()) == [("unknown", text) for _, text in BOTH]


def test_words_become_turns_with_their_points(tmp_path: Path) -> None:
    said = (("spk_0", "Stand still"), ("spk_1", "My knee hurts"))
    items: list[dict[str, object]] = []
    for speaker, text in said:
        items += [
            {"type": "pronunciation", "speaker_label": speaker, "alternatives": [{"content": word}]}
            for word in text.split()
        ]
        items.append({"type": "punctuation", "alternatives": [{"content": "."}]})
    text = json.dumps({"results": {"transcripts": [{"transcript": "x"}], "items": items}})
    assert read(tmp_path, text) == [("unknown", "Stand still."), ("unknown", "My knee hurts.")]


@pytest.mark.parametrize(
    "text",
    [
        '{"segments": [{"start": 0}]}',
        '{"results": {"channels": []}}',
        '["just", "words"]',
        "[" * 100_000,
        "<tt><p begin=",
        "start,end\n0,1\n",
    ],
)
def test_what_is_no_transcript_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadTranscript):
        read(tmp_path, text)


def test_agents_of_ttml_are_speakers(tmp_path: Path) -> None:
    text = (
        '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata"><head><metadata>'
        '<ttm:agent xml:id="a1" type="person"><ttm:name type="full">Officer Hale</ttm:name></ttm:agent></metadata>'
        '</head><body><div><p begin="1s" end="2s" ttm:agent="a1">Stand still.</p>'
        '<p begin="00:00:03:12" end="00:00:04:00">Driver: My knee hurts.</p></div></body></tt>'
    )
    assert read(tmp_path, text) == BOTH


def test_entities_of_a_file_are_never_expanded(tmp_path: Path) -> None:
    text = '<!DOCTYPE tt [<!ENTITY a "expanded">]><tt><body><p begin="0s">Stand &a; still.</p></body></tt>'
    assert read(tmp_path, text) == [("unknown", "Stand &a; still.")]


HOSTILE = (
    "[",
    "<a",
    "{\\\\",
    " ",
    "#",
    "♪ ",
    "align:",
    "(a",
    "- ",
    ">>",
    "1:",
    "00:00:01,000 --> ",
    "A: ",
    "[a] ",
    "* ",
)


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("head", ["", "1\n00:00:01,000 --> 00:00:02,000\n", "Officer: hi\nDriver: no\n"])
def test_no_line_takes_long(tmp_path: Path, head: str, piece: str) -> None:
    (tmp_path / "said.srt").write_text(head + "x" * (piece == " ") + piece * 40_000 + "!")
    begun = time.process_time()
    with contextlib.suppress(BadTranscript):
        conversations(tmp_path / "said.srt")
    assert time.process_time() - begun < 5
