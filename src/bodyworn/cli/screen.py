"""What commands show: people read the progress on the error stream, so that the output stream stays clean."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bodyworn.domain.errors import InputError
from bodyworn.domain.progress import Progress
from bodyworn.domain.recording import shown_name
from bodyworn.engine.reporter import Reporter

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID
    from rich.table import Table


def say(text: str) -> None:
    """One line on the error stream."""
    print(text, file=sys.stderr, flush=True)


def bars() -> Bars:
    """A set of bars on the error stream; shows nothing where that is not a terminal."""
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
    console = Console(stderr=True)
    return Progress(*columns, console=console, disable=not console.is_terminal)


class BarReporter(Reporter):
    """A bar for each stage on a terminal, a plain line for its start and end elsewhere."""

    def __init__(self, shown: Bars) -> None:
        self._bars = shown
        self._tasks: dict[str, TaskID] = {}

    def _line(self, text: str) -> None:
        if self._bars.disable:
            say(text)

    def started(self, stage: str) -> None:
        """Show a bar that does not know its length yet."""
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task("", total=None, stage=stage)
        self._line(f"{stage}: started")

    def progressed(self, stage: str, done: float, total: float, what: str) -> None:
        """Move the bar."""
        self._bars.update(self._tasks[stage], completed=min(done, total), total=total or None, description=what)

    def finished(self, stage: str, how: str) -> None:
        """Fill the bar, or say why there is none."""
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
        text = f"process {pid} is at this recording ({stage}); waiting for it, its results will be shown"
        self._bars.console.print(text, markup=False, highlight=False)

    def lost(self, stage: str, how: str) -> None:
        """Say that a stage is run again."""
        self._bars.console.print(f"the process at {stage} {how}; it is run again", markup=False, highlight=False)


@contextmanager
def one_bar(stage: str) -> Iterator[Progress]:
    """A single bar as a stage's progress."""
    with bars() as shown:
        task = shown.add_task("", total=None, stage=stage)

        def progress(done: float, total: float, what: str) -> None:
            shown.update(task, completed=done, total=total, description=what)

        yield progress


def show_table(title: str | None, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on the output stream; text from outside cannot style it or move the cursor."""
    from rich.console import Console
    from rich.text import Text

    table = _table(title, columns)
    for row in rows:
        table.add_row(*(Text(shown_name(cell)) for cell in row))
    console = Console()
    if not console.is_terminal:
        console.width = 160
    console.print(table)


def _table(title: str | None, columns: Sequence[str]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(shown_name(title)) if title else None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for column in columns:
        wide = column in ("words", "what", "note", "name")
        table.add_column(column, overflow="fold", no_wrap=not wide, justify="right" if column == "score" else "left")
    return table


def write_json(documents: Sequence[Mapping[str, Any]], target: str) -> None:
    """One document as indented JSON, several as one line each, to a file or ``-`` for the output stream."""
    if len(documents) == 1:
        text = json.dumps(documents[0], ensure_ascii=False, indent=2) + "\n"
    else:
        text = "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)
    if target == "-":
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        Path(target).write_text(text, encoding="utf-8")
    except OSError as error:
        raise _no_place(target, error.strerror or "refused") from error


def check_place(target: str | None) -> None:
    """Refuse a place for JSON that cannot be, before long work begins."""
    if target not in (None, "-") and not Path(target).absolute().parent.is_dir():
        raise _no_place(target, "there is no such folder")


def _no_place(target: str, why: str) -> InputError:
    return InputError(f"{shown_name(target)} cannot be written: {why.lower()}", "Choose another place for --json")
