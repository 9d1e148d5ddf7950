"""The one pass over the picture, as a job of the sandbox: all observers watch, and their reports come back as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bodyworn.domain.codec import Json, to_json
from bodyworn.domain.media_facts import ThumbnailSheet
from bodyworn.findings.artifacts.sight import POSTER, PROXY, THUMBNAILS
from bodyworn.findings.observers.darkness import DarknessObserver
from bodyworn.findings.observers.lens import LensObserver
from bodyworn.findings.observers.motion import MotionObserver
from bodyworn.findings.observers.observer import Report, SightObserver
from bodyworn.media import sandbox
from bodyworn.media.proxy import Proxy
from bodyworn.media.stills import Poster, Thumbnails
from bodyworn.media.video import Observer, Watched, WatchProgress, watch


@dataclass(frozen=True)
class Seen:
    """What came of a pass. ``files`` are names in the folder it was given."""

    watched: Watched
    reports: tuple[Report, ...]
    thumbnails: ThumbnailSheet
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


def watch_all(source: Path, folder: Path, duration_ms: int, proxy: bool, progress: WatchProgress | None = None) -> Seen:
    """One pass with all observers. Damaged footage is watched once more on one decoder thread: how damage is concealed
    depends on how threads race, and the result must be the same every time.
    """
    import cv2

    cv2.setNumThreads(1)
    for threads in (0, 1):
        watching = Watching(source, folder, duration_ms, proxy)
        watched = watch(source, watching.observers, progress, duration_ms=duration_ms, threads=threads)
        seen = watching.finish(watched)
        if not watched.damaged:
            break
    return seen


def look(path: str, folder: str, duration_ms: int, proxy: bool) -> dict[str, Json]:
    """What the child of :mod:`bodyworn.media.sandbox` runs: JSON of :class:`Seen`."""

    def report(done_ms: float, total_ms: float) -> None:
        sandbox.report(done_ms, total_ms, "Watching the picture")

    return to_json(watch_all(Path(path), Path(folder), duration_ms, proxy, report))
