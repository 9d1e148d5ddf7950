"""The limits that tell a covered lens from what only looks like one.

They were set on the tuning half of the bench of the lens: composed covers and traps over three
clips of real footage (``people_walking``, ``ego_kitchen_faces`` and ``cars_with_sound``), and
are reported on three others. The comment of each value names the covers, shapes or traps that it is about.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CoverLimits:
    """Sharpness and change are in luma steps of 255, times in seconds, shifts in picture widths."""

    # The picture is flat below ``flat``: covers "dark cloth", "skin", "finger" and "bright blur".
    flat: float = 5.5
    # Below ``flat_even`` where the picture is equally busy all over (unevenness under ``even``): "knit", "plaid".
    flat_even: float = 14.0
    even: float = 0.30
    # And below this share of the sharpness before it; covers that come by degrees ("gradual") against "near person".
    fall: float = 0.42
    # A cover ends above this share; more than ``fall``, so that noise at the limit does not cut a cover in two.
    rise: float = 0.50
    # Sharpness of a picture that was flat from the start, with nothing before it to fall from: traps "wall", "sky".
    blank: float = 2.6
    # A cover may leave a strip free: this percentile of the blocks counts; shapes "leaky" and "partial".
    most_blocks: int = 80
    # That percentile is flat below ``partly`` and below ``partly_share`` of the usual fall ("leaky").
    partly: float = 4.8
    partly_share: float = 0.6
    # After having been at least this sharp: an empty road or sky has nothing to lose (trap "sky").
    partly_from: float = 8.0
    # Inside a cover noise grows with the exposure up to ``stays`` ("dark cloth" at night) …
    stays: float = 9.0
    # … while the picture changes less than this; more means that it was uncovered.
    uncovered: float = 8.0
    # What was before counts for ``memory_s``: longer than the coming of a "gradual" cover.
    memory_s: float = 3.0
    # A blink is no cover; flat for at least ``dwell_s``, with holes of at most ``gap_s`` inside ("embrace").
    dwell_s: float = 0.8
    gap_s: float = 0.7
    # Start and end are looked for this far around: the slowest coming of "gradual".
    transition_s: float = 2.5
    # Trap "defocus": the layout of light stays (correlation), with some of its contrast (share).
    same_layout: float = 0.75
    focus_contrast: float = 0.4
    # A blurred scene, trap "near person": contrast and layout stay, though the layout may have moved by two blocks.
    contrast: float = 0.70
    moved_layout: float = 0.62
    # Trap "headlights": a share of the picture is burnt out, or some of it while brightness rose ``glare_light`` times.
    glare: float = 0.35
    glare_risen: float = 0.08
    glare_luma: float = 180.0
    glare_light: float = 1.8
    # Traps "wall" and "sky": the whole picture moved this far while the sharpness went; smaller steps are sway.
    turned: float = 0.30
    turning: float = 0.03
    # Trap "fast pan": widths per second.
    fast: float = 1.4
    # Traps "lights out" and "tunnel": brightness falls below this share, with this much of the layout still there.
    gone: float = 0.20
    gone_layout: float = 0.35
    # Mean luma below which nothing at all is shown (trap "night").
    black: float = 10.0


LIMITS = CoverLimits()
