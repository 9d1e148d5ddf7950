"""Captions as many programs write them. Each variant says the same two or three things; nothing may be lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from bodyworn.findings.transcripts.reading import conversations

FIRST, SECOND = ("officer", "Stand still."), ("community", "My knee hurts.")
BOTH = [FIRST, SECOND]


def read(folder: Path, data: str | bytes, name: str = "said.txt") -> list[tuple[str, str]]:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    (conversation,) = conversations(path)
    assert conversation.notes == ()
    return [(turn.role, turn.text) for turn in conversation.turns]


def srt(first: str, second: str) -> str:
    """Two captions under the given lines of times."""
    return f"1\n{first}\nOfficer: Stand still.\n\n2\n{second}\nDriver: My knee hurts.\n"


GOOD = srt("00:00:01,000 --> 00:00:02,000", "00:00:03,000 --> 00:00:04,000")

TIMES = {
    "usual": ("00:00:01,000 --> 00:00:02,000", "00:00:03,000 --> 00:00:04,000"),
    "points": ("00:00:01.000 --> 00:00:02.000", "00:00:03.000 --> 00:00:04.000"),
    "no hours": ("00:01,000 --> 00:02,000", "00:03.5 --> 00:04.5"),
    "one digit": ("0:0:1,0 --> 0:0:2,0", "0:0:3,0 --> 0:0:4,0"),
    "seconds only": ("00:00:01 --> 00:00:02", "00:00:03 --> 00:00:04"),
    "six digits": ("00:00:01.000000 --> 00:00:02.000000", "00:00:03.5 --> 00:00:04.123456"),
    "colon before milliseconds": ("00:00:01:000 --> 00:00:02:000", "00:00:03:500 --> 00:00:04:500"),
    "frames": ("00:00:01:12 --> 00:00:02:00", "00:00:03:10 --> 00:00:04:24"),
    "drop frames": ("00:00:01;12 --> 00:00:02;00", "00:00:03;10 --> 00:00:04;24"),
    "more than 99 hours": ("100:00:01,000 --> 100:00:02,000", "1234:00:03,000 --> 1234:00:04,000"),
    "minutes over 60": ("90:01,000 --> 90:02,000", "119:03,000 --> 119:04,000"),
    "below zero": ("-00:00:01,000 --> 00:00:02,000", "00:00:03,000 --> 00:00:04,000"),
    "both below zero": ("-00:00:03,000 --> -00:00:02,000", "00:00:03,000 --> 00:00:04,000"),
    "no length": ("00:00:01,000 --> 00:00:01,000", "00:00:03,000 --> 00:00:03,000"),
    "ends before it starts": ("00:00:02,000 --> 00:00:01,000", "00:00:03,000 --> 00:00:04,000"),
    "overlap": ("00:00:01,000 --> 00:00:05,000", "00:00:02,000 --> 00:00:04,000"),
    "same time": ("00:00:01,000 --> 00:00:02,000", "00:00:01,000 --> 00:00:02,000"),
    "tight arrow": ("00:00:01,000-->00:00:02,000", "00:00:03,000-->00:00:04,000"),
    "wide arrow": ("00:00:01,000   -->\t00:00:02,000", "00:00:03,000  -->  00:00:04,000  "),
    "short arrow": ("00:00:01,000 -> 00:00:02,000", "00:00:03,000 -> 00:00:04,000"),
    "broken arrow": ("00:00:01,000 -- > 00:00:02,000", "00:00:03,000 - -> 00:00:04,000"),
    "long dash": ("00:00:01,000 –> 00:00:02,000", "00:00:03,000 —> 00:00:04,000"),
    "double arrow": ("00:00:01,000 ==> 00:00:02,000", "00:00:03,000 => 00:00:04,000"),
    "escaped arrow": ("00:00:01,000 --&gt; 00:00:02,000", "00:00:03,000 --&gt; 00:00:04,000"),
    "spaces inside": ("00: 00: 01, 000 --> 00: 00: 02, 000", "00:00: 03,000 --> 00:00: 04,000"),
    "places on the screen": (
        "00:00:01,000 --> 00:00:02,000 X1:100 X2:200 Y1:10 Y2:20",
        "00:00:03,000 --> 00:00:04,000  align:start position:10% line:-1",
    ),
    "place without a size": ("00:00:01,000 --> 00:00:02,000 position:50%,line-left align:middle", "00:03 --> 00:04"),
    "in brackets": ("[00:00:01.000 --> 00:00:02.000]", "[00:00:03.000 --> 00:00:04.000]"),
}


@pytest.mark.parametrize("name", TIMES)
def test_times_as_programs_write_them(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, srt(*TIMES[name])) == BOTH


ENCODED = {
    "byte order mark": "\ufeff".encode() + GOOD.encode(),
    "Windows line ends": GOOD.replace("\n", "\r\n").encode(),
    "old Macintosh line ends": GOOD.replace("\n", "\r").encode(),
    "doubled carriage returns": GOOD.replace("\n", "\r\r\n").encode(),
    "UTF-16 with mark": GOOD.encode("utf-16"),
    "UTF-16 big end first": b"\xfe\xff" + GOOD.encode("utf-16-be"),
    "UTF-16 without mark": GOOD.encode("utf-16-le"),
    "UTF-16 big end first without mark": GOOD.encode("utf-16-be"),
    "UTF-32": GOOD.encode("utf-32"),
    "no end of line": GOOD.strip().encode(),
    "a NUL at the end": GOOD.encode() + b"\x00\x00",
    "blank lines between all": GOOD.replace("\n", "\n\n").encode(),
    "blank lines before": b"\n\n\n" + GOOD.encode(),
    "leading spaces": "\n".join(f"   {line}" if line else "" for line in GOOD.split("\n")).encode(),
    "no numbers": GOOD.replace("1\n00", "00").replace("2\n00:00:03", "00:00:03").encode(),
    "no blank line between": GOOD.replace("\n\n", "\n").encode(),
    "a blank line after each time": GOOD.replace("000\nO", "000\n\nO").replace("000\nD", "000\n\nD").encode(),
}


@pytest.mark.parametrize("name", ENCODED)
def test_bytes_as_programs_write_them(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, ENCODED[name]) == BOTH


def test_western_code_pages_keep_their_letters(tmp_path: Path) -> None:
    text = GOOD.replace("My knee hurts.", "Me duele aquí, señor — “ay”.")
    (tmp_path / "said.srt").write_bytes(text.encode("cp1252"))
    (conversation,) = conversations(tmp_path / "said.srt")
    assert conversation.turns[1].text == "Me duele aquí, señor — “ay”."
    assert "read as Windows-1252" in conversation.notes[0]


MARKED = {
    "italics": "<i>Officer: Stand still.</i>",
    "bold label": "<b>Officer:</b> Stand still.",
    "font": '<font color="#ffff00">Officer: Stand still.</font>',
    "bare font": "<font color=yellow>Officer:</font> Stand <u>still</u>.",
    "class": "<c.yellow.bg_blue>Officer: Stand still.</c>",
    "language": "<lang en-US>Officer: Stand still.</lang>",
    "ruby": "Officer: Stand <ruby>still<rt></rt></ruby>.",
    "override": r"{\an8}Officer: Stand still.",
    "overrides": r"{\an8\i1}Officer: {\b1}Stand{\b0} still.",
    "curly style": "{i}Officer: Stand still.{/i}",
    "entities": "Officer&#58; Stand&nbsp;still&period;",
    "line break": "Officer: Stand<br>still.",
    "hard space": "Officer:\u00a0Stand still.",
    "escaped line break": r"Officer: Stand\Nstill.",
    "voice": "<v Officer>Stand still.",
    "voice closed": "<v Officer>Stand still.</v>",
    "voice with class": "<v.first.loud Officer Hale>Stand still.</v>",
    "voice by Teams": "<v Hale, Ann (Officer)>Stand still.</v>",
    "two lines": "Officer: Stand\nstill.",
    "dash": "- Officer: Stand still.",
    "tight dash": "-Officer: Stand still.",
    "chevrons": ">> Officer: Stand still.",
    "three chevrons": ">>>OFFICER: Stand still.",
    "escaped chevrons": "&gt;&gt; OFFICER: Stand still.",
    "label on its own line": "OFFICER:\nStand still.",
    "brackets on their own line": "[OFFICER]\nStand still.",
    "stars": "**Officer:** Stand still.",
    "full width colon": "Officer： Stand still.",
    "space before the colon": "Officer : Stand still.",
    "sound before": "[door slams] Officer: Stand still.",
    "sound after the label": "Officer: [shouting]\nStand still.",
    "manner": "Officer (shouting): Stand still.",
    "manner in label": "OFFICER [over radio]: Stand still.",
    "zero width": "\u200bOfficer\u200e: \u2068Stand still.\u2069",
    "note sign": "♪ ♪\nOfficer: Stand still.",
}


@pytest.mark.parametrize("name", MARKED)
def test_marks_inside_the_text(tmp_path: Path, name: str) -> None:
    text = GOOD.replace("Officer: Stand still.", MARKED[name])
    assert read(tmp_path, text) == BOTH


VTT = {
    "header with text": "WEBVTT - made by hand\n\n",
    "header with a map": "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\n",
    "notes": "WEBVTT\n\nNOTE one line\n\nNOTE\nmore\nthan one --- line\n\n",
    "style": "WEBVTT\n\nSTYLE\n::cue {\n  color: red;\n}\n::cue(v[voice=Officer]) { color: lime }\n\n",
    "region": "WEBVTT\n\nREGION\nid:fred\nwidth:40%\nlines:3\n\n",
    "no blank line after the header": "WEBVTT\n",
    "kind and language": "WEBVTT\nKind: captions\nLanguage: en-US\n\n",
}


@pytest.mark.parametrize("name", VTT)
def test_heads_and_asides_of_webvtt(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, VTT[name] + GOOD.replace(",", "."), "said.vtt") == BOTH


def test_identifiers_of_captions_are_not_said(tmp_path: Path) -> None:
    text = (
        "WEBVTT\n\n{}\n00:01.000 --> 00:02.000\n<v Officer>Stand still.</v>\n\n"
        "{}\n00:03.000 --> 00:04.000\nDriver: My knee hurts.\n"
    )
    for first, second in (
        ("intro", "the end"),
        ("b4f2a1c0-77aa-4c1e-9a55-0f0f1234abcd/12-0", "b4f2a1c0-77aa-4c1e-9a55-0f0f1234abcd/13-1"),
        ("1 - Officer", "2 - Driver"),
    ):
        assert read(tmp_path, text.format(first, second)) == BOTH


def test_captions_are_read_in_the_order_of_their_times(tmp_path: Path) -> None:
    text = (
        "1\n00:00:03,000 --> 00:00:04,000\nDriver: My knee hurts.\n\n"
        "2\n00:00:01,000 --> 00:00:02,000\nOfficer: Stand still.\n"
    )
    assert read(tmp_path, text) == BOTH


def test_numbers_and_times_that_are_said_stay(tmp_path: Path) -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\nOfficer: It was\n1994\n\n2\n00:00:03,000 --> 00:00:04,000\n"
        "Driver: At 10:30, or 10:45.\n\n3\n00:00:05,000 --> 00:00:06,000\n911\n"
    )
    assert read(tmp_path, text) == [
        ("officer", "It was 1994"),
        ("community", "At 10:30, or 10:45."),
        ("unknown", "911"),
    ]


ROLLING = {
    "three lines": ("we are here", "we are here\nstay with me", "we are here\nstay with me\nhelp is close"),
    "two lines move up": ("we are here", "we are here\nstay with me", "stay with me\nhelp is close"),
    "words one by one": (
        "we are here",
        "we are here\nstay",
        "we are here\nstay with me",
        "stay with me\nhelp is close",
    ),
    "every line twice": ("we are here", "we are here\nstay with me", "stay with me", "stay with me\nhelp is close"),
    "in capitals with marks": (
        ">> WE ARE HERE",
        ">> WE ARE HERE\nSTAY WITH ME",
        "STAY WITH ME\nHELP IS CLOSE",
    ),
}


@pytest.mark.parametrize("name", ROLLING)
def test_rolling_captions_are_said_once(tmp_path: Path, name: str) -> None:
    text = "".join(
        f"{n}\n00:00:{n:02d},000 --> 00:00:{n + 1:02d},000\n{lines}\n\n" for n, lines in enumerate(ROLLING[name], 1)
    )
    said = " ".join(text for _, text in read(tmp_path, text)).lower()
    assert said == "we are here stay with me help is close"
