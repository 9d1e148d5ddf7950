"""audio-offset-finder (BBC, Apache-2.0) on pairs of sounds, in an interpreter of its own: it needs an older numpy.

Reads lines of two ``.npy`` paths (16 kHz mono) and answers each with offset in seconds and standard score.
"""

from __future__ import annotations

import sys

import numpy as np


def main() -> None:
    """Answer until the input ends. Every second sample is used, as its own default is 8 kHz."""
    from audio_offset_finder.audio_offset_finder import (
        InsufficientAudioException,
        find_offset_between_buffers,
    )

    for line in sys.stdin:
        first, second = (np.load(path).astype(float) for path in line.split())
        try:
            found = find_offset_between_buffers(first, second, 8000)
            print(found["time_offset"], found["standard_score"], flush=True)
        except InsufficientAudioException:
            print("nan 0", flush=True)


if __name__ == "__main__":
    main()
