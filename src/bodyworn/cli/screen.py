"""What commands show: results on the output stream, progress and remarks on the error stream."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.domain.errors import Code, InputError
from bodyworn.domain.progress import Progress
from bodyworn.domain.recording import shown_name
from bodyworn.engine.reporter import Reporter

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID


#: From so many columns on, tables show everything in one line.
_ROOMY = 120
_quiet = False


def be_quiet(quiet: bool) -> None:
    """Whether progress and remarks are left out from now on."""
    global _quiet
    _quiet = quiet


def say(text: str) -> None:
    """A remark: one line on the error stream, unless the command is to be quiet."""
    if not _quiet:
        complain(text)


def complain(text: str) -> None:
    """One line on the error stream about something that went wrong."""
    print(text, file=sys.stderr, flush=True)


def bars() -> Bars:
    """A set of bars on the error stream; shows nothing where that is not a terminal, where lines take its place."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.fields[stage]:<11}"),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        TextColumn("{task.description}", markup=False),
    )
    console = Console(stderr=True, color_system=None if os.environ.get("NO_COLOR") else "auto")
    return Progress(*columns, console=console, disable=_quiet or not console.is_terminal)


class BarReporter(Reporter):
    """A bar for each stage on a terminal, a plain line for its start and end elsewhere."""

    def __init__(self, shown: Bars, tell: Callable[[str], None] | None = None) -> None:
        self._bars, self._tell = shown, tell or say
        self.running: dict[str, None] = {}
        self._tasks: dict[str, TaskID] = {}
        self._lines: dict[str, Progress] = {}

    def _line(self, text: str) -> None:
        if self._bars.disable:
            self._tell(text)

    def started(self, stage: str) -> None:
        """Show a bar that does not know its length yet."""
        self.running[stage] = None
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task("", total=None, stage=stage)
        self._line(f"{stage}: started")

    def progressed(self, stage: str, done: float, total: float, what: str) -> None:
        """Move the bar, or say how far it is every half minute."""
        if self._bars.disable:
            from bodyworn.cli.plain_progress import PlainProgress

            self._lines.setdefault(stage, PlainProgress(stage, self._tell))(done, total, "" if what == stage else what)
            return
        self._bars.update(self._tasks[stage], completed=min(done, total), total=total or None, description=what)

    def finished(self, stage: str, how: str) -> None:
        """Fill the bar, or say why there is none."""
        self.running.pop(stage, None)
        task = self._tasks.get(stage)
        if task is None:
            task = self._tasks[stage] = self._bars.add_task("", total=1, stage=stage)
        total = self._bars.tasks[self._bars.task_ids.index(task)].total or 1
        words = {"made": "", "reused": "made before"}.get(how, how)
        done = total if how in ("made", "reused") else 0
        self._bars.update(task, completed=done, total=total, description=words)
        self._bars.stop_task(task)
        self._line(f"{stage}: {words or 'done'}")

    def waiting(self, pid: int, stage: str) -> None:
        """Say who is at it."""
        self._remark(f"process {pid} is at this recording ({stage}); waiting for it, its results will be shown")

    def lost(self, stage: str, how: str) -> None:
        """Say that a stage is run again."""
        self._remark(f"the process at {stage} {how}; it is run again")

    def _remark(self, text: str) -> None:
        """A line above the bars."""
        if not _quiet:
            self._bars.console.print(text, markup=False, highlight=False)


@contextmanager
def stage_bars() -> Iterator[BarReporter]:
    """A reporter of the stages of one analysis."""
    from bodyworn.cli.plain_progress import heard_of

    with bars() as shown:
        if not shown.disable:
            yield BarReporter(shown)
            return
        reporter: BarReporter | None = None
        with heard_of(lambda: ", ".join(reporter.running if reporter else ()) or "analysis", say) as tell:
            reporter = BarReporter(shown, tell)
            yield reporter


@contextmanager
def one_bar(stage: str) -> Iterator[Progress]:
    """A single bar as a stage's progress."""
    with bars() as shown:
        if shown.disable:
            from bodyworn.cli.plain_progress import PlainProgress, heard_of

            with heard_of(lambda: stage, say) as tell:
                yield PlainProgress(stage, tell)
            return
        task = shown.add_task("", total=None, stage=stage)

        def progress(done: float, total: float, what: str) -> None:
            if done < shown.tasks[0].completed:  # another part of the work: neither finished nor at the former pace
                shown.reset(task)
            shown.update(task, completed=done, total=total or None, description=what)

        yield progress


def show(text: str = "") -> None:
    """One line of the result on the output stream; what its encoding lacks is escaped."""
    try:
        print(text)
    except UnicodeEncodeError:
        print(text.encode("ascii", "backslashreplace").decode())


def show_folded(untrusted: str) -> None:
    """A sentence of the result in as many lines as the terminal needs; text from outside cannot move the cursor."""
    from bodyworn.cli.table import fold

    width, text = _width(), _safe(untrusted)
    for line in fold(text, width) if width else [text]:
        show(line)


def show_table(title: str | None, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on the output stream; text from outside cannot style it or move the cursor.

    On a terminal it fits the width; in a pipe each row is one line, unless ``COLUMNS`` is set.
    """
    from bodyworn.cli.table import table

    width = _width()
    if title:
        show_folded(title)
        show()
    head, *lines = table(columns, [[_safe(cell) for cell in row] for row in rows], width)
    for line in (f"\x1b[1m{head}\x1b[0m" if _styled() else head, *lines):
        show(line)


def _width() -> int | None:
    """Columns of the terminal, or of ``COLUMNS``; ``None`` where lines may be of any length."""
    fits = sys.stdout.isatty() or "COLUMNS" in os.environ
    return shutil.get_terminal_size().columns if fits else None


def is_narrow() -> bool:
    """Whether the output stream is too narrow for whole IDs and names side by side."""
    width = _width()
    return width is not None and width < _ROOMY


def _safe(untrusted: str) -> str:
    """Text that cannot move the cursor; most of it is plain and needs no closer look."""
    return untrusted if untrusted.isascii() and untrusted.isprintable() else shown_name(untrusted)


def _styled() -> bool:
    """Whether the output stream is a terminal whose reader did not ask for plain text."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def give(
    json_to: str | None, documents: Iterable[Mapping[str, object]], shown: Callable[[], None], *, lines: bool = False
) -> None:
    """The result of a command: as JSON where that was asked for, and for people unless JSON takes the output stream.

    ``lines`` is for lists: one document a line, however many there are. ``documents`` are made only where asked for.
    """
    if json_to is not None:
        write_json(list(documents), json_to, lines=lines)
    if json_to != "-":
        shown()


def write_json(documents: Sequence[Mapping[str, object]], target: str, *, lines: bool = False) -> None:
    """One document as indented JSON, several (or with ``lines`` any) as one line each, to a file or ``-``."""
    if len(documents) == 1 and not lines:
        text = json.dumps(documents[0], ensure_ascii=False, indent=2) + "\n"
    else:
        text = "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)
    if target == "-":
        sys.stdout.writelines(text.splitlines(keepends=True))  # line by line, or a closed pipe may go unseen
        sys.stdout.flush()
        return
    from bodyworn.storage.files import is_full, no_room_for, write_whole

    place = Path(target)
    try:
        if place.exists() and not place.is_file():  # a pipe or a device has no whole or half
            place.write_text(text, encoding="utf-8")
        else:
            write_whole(place, text)
    except BrokenPipeError:
        raise
    except OSError as error:
        if is_full(error):
            raise no_room_for(shown_name(target)) from error
        raise _no_place(target, error.strerror or "refused") from error


def check_place(target: str | None) -> None:
    """Refuse a place for JSON that cannot be, before long work begins."""
    if target is None or target == "-":
        return
    place = Path(target).absolute()
    if place.is_dir():
        raise _no_place(target, "that is a folder")
    if not place.parent.is_dir():
        raise _no_place(target, "there is no such folder")
    if not place.exists() and not os.access(place.parent, os.W_OK):
        raise _no_place(target, "the folder cannot be written to")


def _no_place(target: str, why: str) -> InputError:
    what = f"{shown_name(target)} cannot be written: {why.lower()}"
    return InputError(what, "Choose another place for the result", Code.OUTPUT_REFUSED)
