"""The one pass over the picture, as a job of the sandbox: all observers watch, and their reports come back as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bodyworn.domain.finding import UnknownState
from bodyworn.domain.span import Span
from bodyworn.findings.observers.darkness import DarknessObserver
from bodyworn.findings.observers.lens import LensObserver
from bodyworn.findings.observers.motion import MotionObserver
from bodyworn.findings.observers.observer import Observation, Report, SightObserver
from bodyworn.media import sandbox
from bodyworn.media.proxy import Proxy
from bodyworn.media.stills import Poster, Thumbnails
from bodyworn.media.video import Observer, Watched, watch

THUMBNAILS, POSTER, PROXY = "thumbnails.jpg", "poster.jpg", "proxy.mp4"
OnProgress = Callable[[float, float], None]


@dataclass(frozen=True)
class Seen:
    """What came of a pass. ``files`` are names in the folder it was given."""

    watched: Watched
    reports: tuple[Report, ...]
    thumbnails: dict[str, int]
    files: tuple[str, ...]


class Watching:
    """The observers of one pass, made anew for each."""

    def __init__(self, source: Path, folder: Path, duration_ms: int, proxy: bool) -> None:
        motion = MotionObserver()
        self.measuring: list[SightObserver] = [motion, LensObserver(motion), DarknessObserver()]
        self._folder = folder
        self._thumbnails = Thumbnails(duration_ms)
        self._poster = Poster()
        self._proxy = Proxy(source, folder / PROXY) if proxy else None

    @property
    def observers(self) -> Sequence[Observer]:
        """All that watch."""
        writers = [self._proxy] if self._proxy else []
        return [*self.measuring, self._thumbnails, self._poster, *writers]

    def finish(self, watched: Watched) -> Seen:
        """Reports and files of the pass."""
        sheet = self._thumbnails.save(self._folder / THUMBNAILS)
        self._poster.save(self._folder / POSTER)
        files = [THUMBNAILS, POSTER]
        if self._proxy is not None and self._proxy.close():
            files.append(PROXY)
        reports = tuple(observer.report(watched) for observer in self.measuring)
        return Seen(watched, reports, sheet, tuple(files))


def watch_all(source: Path, folder: Path, duration_ms: int, proxy: bool, told: OnProgress | None = None) -> Seen:
    """One pass with all observers. Damaged footage is watched once more on one decoder thread: how damage is concealed
    depends on how threads race, and the result must be the same every time.
    """
    import cv2

    cv2.setNumThreads(1)
    for threads in (0, 1):
        watching = Watching(source, folder, duration_ms, proxy)
        watched = watch(source, watching.observers, told, duration_ms=duration_ms, threads=threads)
        seen = watching.finish(watched)
        if not watched.damaged:
            break
    return seen


def look(path: str, folder: str, duration_ms: int, proxy: bool) -> dict[str, Any]:
    """What the child of :mod:`bodyworn.media.sandbox` runs; the inverse of its JSON is :func:`seen_from`."""

    def told(done_ms: float, total_ms: float) -> None:
        sandbox.report(done_ms, total_ms, "Watching the picture")

    seen = watch_all(Path(path), Path(folder), duration_ms, proxy, told)
    watched = {**vars(seen.watched), "dropouts": [[span.start_ms, span.end_ms] for span in seen.watched.dropouts]}
    reports = [_report_to_json(report) for report in seen.reports]
    return {"watched": watched, "reports": reports, "thumbnails": seen.thumbnails, "files": list(seen.files)}


def seen_from(data: dict[str, Any]) -> Seen:
    """What :func:`look` returned, as types."""
    dropouts = tuple(Span(*span) for span in data["watched"]["dropouts"])
    watched = Watched(**{**data["watched"], "dropouts": dropouts})
    reports = tuple(_report_from_json(report) for report in data["reports"])
    return Seen(watched, reports, data["thumbnails"], tuple(data["files"]))


def _report_to_json(report: Report) -> dict[str, Any]:
    return {
        "proposals": [
            [entry.kind, entry.span.start_ms, entry.span.end_ms, entry.score, dict(entry.measures)]
            for entry in report.proposals
        ],
        "unknown": [[state.value, span.start_ms, span.end_ms] for state, span in report.unknown],
        "curves": dict(report.curves),
    }


def _report_from_json(data: dict[str, Any]) -> Report:
    return Report(
        proposals=tuple(
            Observation(kind, Span(start, end), score, measures)
            for kind, start, end, score, measures in data["proposals"]
        ),
        unknown=tuple((UnknownState(state), Span(start, end)) for state, start, end in data["unknown"]),
        curves=data["curves"],
    )
