"""Captions and transcripts as people bring them: every caption is read or reported, each speaker right or unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bodyworn.findings.transcripts.labels import role_of_label
from bodyworn.findings.transcripts.reading import conversations

ROLLING = """WEBVTT
Kind: captions

00:00:00.100 --> 00:00:02.000 align:start position:0%

step<00:00:00.500><c> out</c><00:00:01.000><c> of</c><c> the</c><c> van</c>

00:00:02.000 --> 00:00:02.010 align:start position:0%
step out of the van


00:00:02.010 --> 00:00:04.000 align:start position:0%
step out of the van
my<00:00:02.500><c> arm</c><c> hurts</c><c> so</c><c> bad</c>

00:00:04.000 --> 00:00:04.010
my arm hurts so bad
"""
GROWING = """1
00:00:01,000 --> 00:00:01,500
we

2
00:00:01,500 --> 00:00:02,000
we need

3
00:00:02,000 --> 00:00:03,000
we need help
"""
#: One file per dialect, each with the same three captions.
DIALECTS = Path(__file__).parent / "captions"
REPEATED = "".join(f"{n}\n00:00:{n:02d},000 --> 00:00:{n:02d},900\nLet me go.\n\n" for n in range(1, 7))


def turns(folder: Path, text: str) -> list[tuple[str, str]]:
    path = folder / "said.txt"
    path.write_text(text, encoding="utf-8")
    (conversation,) = conversations(path)
    return [(turn.role, turn.text) for turn in conversation.turns]


def test_rolling_captions_are_what_was_said_once(tmp_path: Path) -> None:
    assert [text for _, text in turns(tmp_path, ROLLING)] == ["step out of the van", "my arm hurts so bad"]
    assert [text for _, text in turns(tmp_path, GROWING)] == ["we need help"]


def test_words_that_are_really_repeated_stay(tmp_path: Path) -> None:
    assert [text for _, text in turns(tmp_path, REPEATED)] == ["Let me go."] * 6


@pytest.mark.parametrize("path", sorted(DIALECTS.iterdir()), ids=lambda path: path.name)
def test_each_dialect_gives_every_caption(path: Path) -> None:
    (conversation,) = conversations(path)
    assert [turn.text for turn in conversation.turns] == ["First.", "Second.", "Third."]


def test_what_cannot_be_read_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "said.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\nFirst.\n\n2\none --> two\nSecond.\n")
    (conversation,) = conversations(path)
    assert conversation.notes == ("1 of 2 captions could not be read",)


def test_voices_and_labels_inside_a_caption_are_turns(tmp_path: Path) -> None:
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Deputy>Get back!</v> <v Woman>He is my son!</v>\n\n"
        "00:03.000 --> 00:04.000\nDEPUTY: Stay there! WOMAN: Please let me see him.\n"
    )
    assert turns(tmp_path, text) == [
        ("officer", "Get back!"),
        ("community", "He is my son!"),
        ("officer", "Stay there!"),
        ("community", "Please let me see him."),
    ]


def test_a_speaker_named_at_a_change_goes_on(tmp_path: Path) -> None:
    text = "".join(
        f"{n}\n00:00:{n:02d},000 --> 00:00:{n:02d},900\n{line}\n\n"
        for n, line in enumerate(
            (">> TROOPER: Sir, hold still.", "Help is coming.", ">> DRIVER: It hurts.", ">> Who are you?"), 1
        )
    )
    assert [role for role, _ in turns(tmp_path, text)] == ["officer", "officer", "community", "unknown"]


def test_text_with_speakers_and_stamps(tmp_path: Path) -> None:
    stamped = "Trooper Hale  0:05\nStep over here.\n\nSpeaker 2  0:09\nWhat for?\nI did nothing.\n"
    assert turns(tmp_path, stamped) == [
        ("officer", "Step over here."),
        ("unknown", "What for?"),
        ("unknown", "I did nothing."),
    ]
    plain = "OFFICER: Step out.\nof the car, please.\nDRIVER: Okay.\n"
    assert [role for role, _ in turns(tmp_path, plain)] == ["officer", "officer", "community"]


def test_sounds_are_no_words_and_marks_of_direction_vanish(tmp_path: Path) -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\n[SIREN WAILING]\n\n2\n00:00:02,000 --> 00:00:03,000\n♪ music ♪\n\n"
        "3\n00:00:03,000 --> 00:00:04,000\nDriver\u200f: \u202emy le\u200bg\u202c \x1b[31mhurts\x1b[0m\n"
    )
    assert turns(tmp_path, text) == [("community", "my leg hurts")]


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Female Trooper", "officer"),
        ("UNIDENTIFIED FEMALE DEPUTY #3", "officer_3"),
        ("Sgt. Okafor", "officer"),
        ("County Dispatcher", "dispatch"),
        ("Sheriff's Radio", "dispatch"),
        ("911 Caller", "community"),
        ("Deputy Hale's brother", "community"),
        ("Mother of Officer Hale", "community"),
        ("UNIDENTIFIED FEMALE", "unknown"),
        ("Paramedic", "unknown"),
        ("Speaker 4 (01:02)", "unknown"),
        ("Officer Two", "officer_2"),
    ],
)
def test_a_label_says_the_right_role_or_none(label: str, role: str) -> None:
    assert role_of_label(label) == role
