"""What commands print survives a narrow screen, a pipe that closes, and a reader who wants no styles."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bodyworn.bootstrap import open_library
from bodyworn.cli.plain_progress import PlainProgress, heard_of
from bodyworn.cli.table import cells, fold, table
from bodyworn.redactions.request import RequestForm
from tests import media_makers as make
from tests.makers.commands import PROGRAM, CommandRunner, run_alone
from tests.makers.libraries import with_quick_stages

#: Every command that prints a table, with a recording and a transcript of long names to print.
TABLES = {
    "recordings list": ("recordings", "list"),
    "recordings show": ("recordings", "show", "{recording}"),
    "findings list": ("findings", "list", "{recording}"),
    "redactions list": ("redactions", "list"),
    "redactions show": ("redactions", "show", "{recording}"),
    "findings plan": ("findings", "plan", "{recording}"),
    "findings cues": ("findings", "cues", "{transcript}"),
    "custody log": ("custody", "log"),
    "releases list": ("releases", "list"),
    "doctor": ("doctor",),
}
SAID = "Somebody help him, he's not breathing! Get on the ground! Roll EMS to my location, 救急車を呼んでください。"
TEXT = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Mn", "Me", "Lm")), max_size=60)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with a recording that has a name of 255 bytes, analyzed, and a plan for it."""
    folder = tmp_path_factory.mktemp("planned")
    with with_quick_stages(), open_library(folder / "library", create=True) as library:
        recording = library.recordings.ingest(make.with_sound(make.long_name(folder)))
        library.findings.run(recording)
        library.redactions.plan(recording, RequestForm(hide=("1,2,30,40@0:00.5-0:01",)))
    return folder / "library"


@pytest.fixture
def recording(planned: Path, run: CommandRunner, tmp_path: Path) -> str:
    """Id of that recording in a copy of the library."""
    shutil.copytree(planned, tmp_path / "library")
    return str(json.loads(run.well("recordings", "list", "--json", "-").out)["id"])


@pytest.mark.parametrize("words", TABLES.values(), ids=TABLES)
def test_no_line_of_a_table_is_wider_than_80_columns(
    run: CommandRunner, recording: str, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    transcript = tmp_path / "長い名前の記録-ohne-Ende-und-ohne-Anfang-mit-vielen-Wörtern.jsonl"
    turns = [{"i": 0, "speaker": "community", "text": SAID}]
    transcript.write_text(json.dumps({"id": "長い名前" * 12, "turns": turns}) + "\n")
    monkeypatch.setenv("COLUMNS", "80")
    printed = run(*(word.format(recording=recording, transcript=transcript) for word in words)).out
    assert printed
    assert [line for line in printed.splitlines() if cell_len(line) > 80] == []


def test_a_narrow_list_shows_names_whole_and_ids_that_commands_take(
    run: CommandRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.well("recordings", "add", make.with_sound(tmp_path / "body-camera-of-officer-17_2026-03-14.mp4", 0.5))
    monkeypatch.setenv("COLUMNS", "80")
    lines = run.well("recordings", "list").out.splitlines()
    assert [line.split()[-1] for line in lines[2:]] == ["body-camera-of-officer-17_2026-", "03-14.mp4"]
    short = lines[2].split()[0]
    whole = json.loads(run.well("recordings", "show", short, "--json", "-").out)["id"]
    assert whole.startswith(short)
    assert whole[:28] in run.well("recordings", "list", "--verbose").out


def test_a_long_name_is_broken_after_a_joint() -> None:
    assert fold("sample-encounter-51a8944ac327.mp4", 20) == ["sample-encounter-", "51a8944ac327.mp4"]
    assert fold("x" * 45, 20) == ["x" * 20, "x" * 20, "x" * 5]


def test_in_a_pipe_each_row_is_one_line(run: CommandRunner, recording: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS")
    *_, row = run.well("recordings", "list").out.splitlines()
    assert recording in row
    assert row.endswith(".mp4")


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=4), st.integers(20, 100))
def test_a_table_loses_no_letter_and_no_line_is_too_wide(rows: list[tuple[str, str, str]], width: int) -> None:
    lines = table(("one", "two", "score"), rows, width)
    assert all(cell_len(line) <= width for line in lines)
    letters = sorted("".join("".join(cell.split()) for row in rows for cell in row))
    printed = sorted("".join("".join(lines[2:]).split()))
    assert printed == letters


@given(TEXT, st.integers(2, 30))
def test_a_folded_text_keeps_its_letters_and_fits(text: str, width: int) -> None:
    lines = fold(text, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_ids_and_times_stay_whole_while_there_is_room() -> None:
    row = ("rec_eydiwwgmdu5l3t26uikltclbdm", "2026-08-10 14:00", "x" * 200)
    lines = table(("recording", "ingested (UTC)", "name"), [row], 80)
    assert lines[2].startswith("rec_eydiwwgmdu5l3t26uikltclbdm  2026-08-10 14:00  xxx")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a library whose audit log is longer than a pipe holds."""
    folder = tmp_path_factory.mktemp("many") / "library"
    with open_library(folder, create=True) as library, library.database.write() as transaction:
        for number in range(2000):
            library.audit_log.append("recording.viewed", f"rec_{number:026}", {"how": "x"}, within=transaction)
    return {"BODYWORN_LIBRARY": str(folder)}


@pytest.mark.parametrize("words", ["custody log -n 5000", "custody log -n 5000 --json -", "custody log -n 1"])
def test_a_reader_that_closes_the_pipe_ends_the_command_quietly(many: dict[str, str], words: str) -> None:
    command = subprocess.Popen(
        [*PROGRAM, *words.split(), "--quiet"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **many},
    )
    assert command.stdout
    assert command.stderr
    if "5000" in words:
        assert command.stdout.readline()
    command.stdout.close()
    assert command.stderr.read() == ""
    assert command.wait(60) == 141


def on_a_terminal(words: list[str], environment: dict[str, str]) -> str:
    """What a command writes to a terminal."""
    ours, theirs = pty.openpty()
    subprocess.run([*PROGRAM, *words], stdout=theirs, stderr=theirs, env={**os.environ, **environment}, check=True)
    os.close(theirs)
    written = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed and all is read
            part = b""
        if not part:
            break
        written += part
    os.close(ours)
    return written.decode()


def test_no_color_leaves_no_escape_on_a_terminal(many: dict[str, str]) -> None:
    plain = {**many, "TERM": "xterm-256color", "COLUMNS": "80"}
    assert "\x1b" in on_a_terminal(["custody", "log", "-n", "2"], plain)
    assert "\x1b" not in on_a_terminal(["custody", "log", "-n", "2"], {**plain, "NO_COLOR": "1"})


def test_results_go_to_the_output_stream_and_remarks_to_the_error_stream(run: CommandRunner, clip: Path) -> None:
    ended = run.well("analyze", clip, "--json", "-")
    assert json.loads(ended.out)["recording"]["name"] == "clip.mp4"
    assert "ingested as" in ended.err


@pytest.mark.parametrize("order", ["before", "after"])
def test_quiet_leaves_the_error_stream_empty(run: CommandRunner, clip: Path, order: str) -> None:
    words = ["analyze", clip]
    ended = run.well(*(["--quiet", *words] if order == "before" else [*words, "--quiet"]))
    assert ended.err == ""
    assert "proposals of a machine" in ended.out
    assert "in custody since" in run.well(*words).err


def test_quiet_still_tells_errors(run: CommandRunner, tmp_path: Path) -> None:
    ended = run("analyze", tmp_path / "absent.mp4", "--quiet")
    assert ended.code == 2
    assert ended.err.startswith("bodyworn: absent.mp4: ")


def test_on_80_columns_findings_show_their_words_first(
    run: CommandRunner, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    head = next(line for line in run.well("analyze", clip).out.splitlines() if line.startswith("time"))
    assert head.split() == ["time", "words", "role", "kind", "score"]


def test_without_a_terminal_progress_is_a_line_every_half_minute_with_what_is_left() -> None:
    told: list[str] = []
    now = [0.0]
    progress = PlainProgress("render", told.append, lambda: now[0])
    for second in range(0, 91):
        now[0] = float(second)
        progress(10 * second, 3000, "pictures")
    assert told == [
        "render: pictures 10 %, about 4 min 30 s left",
        "render: pictures 20 %, about 4 min 00 s left",
        "render: pictures 30 %, about 3 min 30 s left",
    ]
    progress(0, 100, "check")
    now[0] = 120.0
    progress(10, 100, "check")
    assert told[-1] == "render: check 10 %, about 4 min 30 s left"
    now[0] = 150.0
    progress(20, 0, "")
    assert told[-1] == "render: at work"


def test_work_that_says_nothing_is_said_to_go_on() -> None:
    told: list[str] = []
    twice = threading.Event()

    def tell(text: str) -> None:
        told.append(text)
        if len(told) == 3:
            twice.set()

    with heard_of(lambda: "transcript", tell, every_s=0.05) as said:
        said("transcript: started")
        assert twice.wait(10)
    count = len(told)
    assert told[0] == "transcript: started"
    assert re.fullmatch(r"transcript: still at work after 0\.\d s", told[1])
    assert len(told) == count


def test_letters_that_the_output_stream_lacks_are_escaped(tmp_path: Path) -> None:
    environment = {"BODYWORN_LIBRARY": str(tmp_path / "library"), "PYTHONIOENCODING": "ascii", "BODYWORN_WORKERS": "0"}
    run_alone("recordings", "add", make.with_sound(tmp_path / "東.mp4", seconds=0.5), more=environment)
    shown = run_alone("recordings", "list", more=environment)
    assert (shown.code, "\\u6771.mp4" in shown.out) == (0, True), shown.err


@pytest.mark.parametrize(
    "words",
    ["recordings list", "releases list", "custody log", "custody verify", "custody verify --originals", "doctor"],
)
def test_json_in_a_file_is_the_json_of_the_output_stream(
    run: CommandRunner, clip: Path, tmp_path: Path, words: str
) -> None:
    run.well("recordings", "add", clip)
    ended = run.well(*words.split(), "--json", tmp_path / "out.json")
    assert ended.out
    text = (tmp_path / "out.json").read_text()
    for document in text.splitlines() if "list" in words or words in ("custody log", "doctor") else [text]:
        assert isinstance(json.loads(document), dict)
