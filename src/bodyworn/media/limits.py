"""What a recording may be, whatever its file says: the limits that keep one file from taking the machine."""

from __future__ import annotations

#: Pixels of one picture: 8K has 33 million.
MOST_PIXELS = 40_000_000
#: Streams of one file.
MOST_STREAMS = 64
#: Seconds from the first picture to the last.
MOST_SECONDS = 48 * 3600
#: Boxes on the outer level of an MP4; a fragment of a second has two, and a day has 86,400 seconds.
MOST_BOXES = 400_000
