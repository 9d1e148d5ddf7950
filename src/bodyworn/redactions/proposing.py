"""Look at every picture without writing any, and draw a sheet of what a plan hides: the work of a child process."""

from __future__ import annotations

from collections import deque
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.errors import InputError
from bodyworn.domain.progress import Progress, no_progress
from bodyworn.domain.redaction_plan import Plan
from bodyworn.domain.span import clock
from bodyworn.media.footage import Clip, Footage, Frame
from bodyworn.media.planes import Planes
from bodyworn.redactions.hiding import OnePassRedactor, PlanRedactor
from bodyworn.redactions.overview import seen_us
from bodyworn.redactions.sheets import sheet, tile

_SHOWN = 12


def watch(source: Path, clip: Clip, redactor: OnePassRedactor, progress: Progress) -> None:
    """Have ``redactor`` see and decide about every picture of ``clip``."""
    with Footage(source) as footage:
        total = footage.expected(clip)
        waiting: deque[Frame] = deque()
        footage.passing = lambda _: progress(0, total, "pictures")
        for frame in footage.frames(clip):
            redactor.see(frame)
            waiting.append(frame)
            while waiting and redactor.settled():
                redactor.covers(waiting.popleft())
            if frame.index % 10 == 0:
                progress(frame.index, total, "pictures")
    redactor.finish()
    for frame in waiting:
        redactor.covers(frame)


def sheet_of(plan: Plan, source: Path, progress: Progress = no_progress) -> NDArray[np.uint8]:
    """A sheet of pictures (RGB) of the places that matter, masked as they will be, each box with its track's name.

    Nothing hidden is in it: the mask is drawn first, outlines and names over it.
    """
    times_us = _times_to_show(plan)
    tiles = []
    for number, at_us in enumerate(times_us):
        with Footage(source) as footage:
            tiles += [_tile(plan, frame) for frame in islice(footage.frames(Clip(at_us, plan.clip.end_us)), 1)]
        progress(number + 1, len(times_us), "pictures")
    if not tiles:
        raise InputError("none of the plan's frames can be shown", "Check that it is the right recording")
    return sheet(tiles)


def _times_to_show(plan: Plan) -> list[int]:
    """At most a dozen times inside the clip: what needs review, the middle of each track, the longest first, then
    evenly; what a person left visible comes last."""
    longest = sorted(plan.tracks, key=lambda track: (track.kept_by is not None, -seen_us(track)))
    middles = [track.boxes[len(track.boxes) // 2].at_us for track in longest]
    needs_review = [max(look.start_us - 1, plan.first_us) for look in plan.needs_review]
    end_us = plan.clip.end_us or max(plan.source.duration_us, plan.first_us + 1)
    even = [plan.first_us + (end_us - plan.first_us) * i // 4 for i in range(4)]
    wanted = list(dict.fromkeys([*needs_review[:4], *middles, *even]))
    return sorted([at_us for at_us in wanted if plan.clip.covers(at_us)][:_SHOWN])


def _tile(plan: Plan, frame: Frame) -> NDArray[np.uint8]:
    shown = frame.planes
    planes = Planes(shown.y.copy(), shown.u.copy(), shown.v.copy(), shown.full_range)
    redactor = PlanRedactor(plan)
    redactor.covers(frame)
    redactor.hide(planes)
    masks = plan.masks(frame.time_us)
    return tile(planes, [(mask.x, mask.y, mask.w, mask.h, mask.id) for mask in masks], clock(frame.time_ms))
