"""Transcripts from outside: what is read, and what is refused with one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bodyworn.domain.errors import BadTranscript, EmptyInput, UnreadableInput
from bodyworn.findings.transcripts.labels import role_of_label
from bodyworn.findings.transcripts.reading import read_transcript

VTT = """WEBVTT - stop on Mill Road

NOTE made by hand

1
00:00:01.000 --> 00:00:03.500 align:start
<v Officer>Evening, <i>ma&apos;am</i>.

00:04.000 --> 00:06.000
<v.loud Driver>I can't
breathe.</v>

00:00:07.000 --> 00:00:08.000
- Dispatch: Copy.
- Officer 2: On my way.
"""

SRT = (
    "\ufeff1\r\n00:00:01,000 --> 00:00:02,000\r\nDEPUTY: Step out.\r\n\r\n2\r\n00:00:02,500 --> 00:00:04,000\r\n"
    "Woman: Why?\r\n\r\n3\r\n00:00:05,000 --> 00:00:06,000\r\nIt is 10:30 now\r\n"
)


def given(folder: Path, data: str | bytes, name: str = "said.txt") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_vtt_gives_roles_and_plain_words(tmp_path: Path) -> None:
    (conversation,) = read_transcript(given(tmp_path, VTT, "mill road.vtt"))
    assert conversation.id == "mill road"
    assert [(turn.role, turn.text) for turn in conversation.turns] == [
        ("officer", "Evening, ma'am."),
        ("community", "I can't breathe."),
        ("dispatch", "Copy."),
        ("officer_2", "On my way."),
    ]


def test_srt_with_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    (conversation,) = read_transcript(given(tmp_path, SRT))
    assert [(turn.role, turn.text) for turn in conversation.turns] == [
        ("officer", "Step out."),
        ("community", "Why?"),
        ("unknown", "It is 10:30 now"),
    ]
    assert conversation.numbers == (0, 1, 2)


def test_jsonl_keeps_ids_and_ignores_labels(tmp_path: Path) -> None:
    line = (
        '{"id": "a", "turns": [{"i": 4, "speaker": "officer_2", "text": "Hi\\u0007 there", "labels": ["courtesy"]},'
        ' {"i": 5, "speaker": "narrator", "text": ""}]}\n'
    )
    first, second = read_transcript(given(tmp_path, line + "\n" + line.replace('"a"', '"b"')))
    assert (first.id, second.id, first.numbers) == ("a", "b", (4, 5))
    assert [(turn.role, turn.text) for turn in first.turns] == [("officer_2", "Hi there"), ("unknown", "")]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Officer", "officer"),
        ("officer_3", "officer_3"),
        ("OFC. HARLAN", "officer"),
        ("Trooper 2", "officer_2"),
        ("Female Driver", "community"),
        ("Radio", "dispatch"),
        ("SPEAKER_01", "unknown"),
        ("MR. HARLAN", "unknown"),
        ("Listen", None),
    ],
)
def test_names_become_roles(name: str, role: str | None) -> None:
    assert role_of_label(name) == role


def test_a_word_before_a_colon_stays_a_word(tmp_path: Path) -> None:
    (conversation,) = read_transcript(given(tmp_path, "WEBVTT\n\n00:01.000 --> 00:02.000\nListen: I need help\n"))
    assert conversation.turns[0].text == "Listen: I need help"


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"", EmptyInput, "is empty"),
        (b" \n", EmptyInput, "is empty"),
        (b"Just a letter.", BadTranscript, "neither captions"),
        (b"\xff\xd8\xff\xe0 a picture \x9d", BadTranscript, "UTF-8"),
        (b'{"id": "a", "turns": [', BadTranscript, "line 1 of said.txt is not an encounter"),
        (b'{"id": "a"}', BadTranscript, 'no "turns"'),
        (b'{"id": "a", "turns": [{"i": 0}]}', BadTranscript, 'turn 0 has no "text"'),
        (b'{"id": "a", "turns": [{"i": "0", "text": "x"}]}', BadTranscript, "not a whole number"),
        (b"WEBVTT\n\nNOTE nothing said\n", BadTranscript, "no caption"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(tmp_path: Path, data: bytes, error: type[Exception], says: str) -> None:
    with pytest.raises(error) as caught:
        read_transcript(given(tmp_path, data))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.vtt", tmp_path):
        with pytest.raises(UnreadableInput):
            read_transcript(path)


def test_the_benchmark_itself_is_read(shared_benchmark: Path) -> None:
    conversations = read_transcript(shared_benchmark / "train-c.jsonl")
    assert len(conversations) == 30
    assert all(turn.role != "unknown" for one in conversations for turn in one.turns)
