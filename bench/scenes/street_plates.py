"""Where the plates of two real clips are, boxed by eye on some of their pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.scenes.plate_scenes import Rect

#: Readable plates of three cars, by frame: x0, y0, x1, y1 in pixels.
STREET: Mapping[int, Sequence[Rect]] = {
    0: ((163, 852, 207, 886), (468, 740, 496, 760), (1993, 1071, 2062, 1151)),
    3: ((86, 965, 131, 999), (401, 848, 432, 871), (2024, 1130, 2101, 1213)),
    6: ((244, 1043, 293, 1079), (566, 901, 598, 925), (2293, 1107, 2380, 1197)),
    9: ((279, 1066, 327, 1103), (624, 940, 657, 963), (2456, 1187, 2557, 1281)),
    12: ((68, 1024, 114, 1067), (422, 859, 456, 883), (2388, 1155, 2512, 1285)),
}
#: A plate seen almost from its side, which nobody can read.
SIDEWAYS: Mapping[int, Sequence[Rect]] = {
    0: ((1673, 993, 1691, 1032),),
    3: ((1661, 1064, 1677, 1103),),
    6: ((1880, 1034, 1899, 1076),),
    9: ((1991, 1114, 2014, 1156),),
    12: ((1858, 1028, 1880, 1066),),
}
#: Plates of four cars that pass below a camera on a wall, some ten pixels high.
PASSING: Mapping[int, Sequence[Rect]] = {
    77: ((366, 348, 393, 358),),
    87: ((342, 188, 368, 198),),
    97: ((333, 67, 355, 76),),
    188: ((188, 73, 210, 83),),
    198: ((167, 207, 191, 218),),
    208: ((140, 396, 168, 406), (394, 371, 424, 382)),
    217: ((383, 222, 410, 233),),
    227: ((370, 93, 394, 105),),
    326: ((205, 195, 229, 208),),
}
