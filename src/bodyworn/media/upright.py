"""How a coded picture is turned and mirrored to be shown upright: one rule for what looks and for what masks.

A display matrix (ISO/IEC 14496-12, 8.5.2) turns by any angle and mirrors; cameras write eight of them, the symmetries
of a rectangle. An angle alone does not say which: half a turn and a mirrored picture have the same one.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from av import VideoFrame
    from typing_extensions import Buffer

    from bodyworn.media.planes import Plane


@dataclass(frozen=True)
class Upright:
    """Swap rows and columns first (``transposed``), then mirror left to right, then top to bottom."""

    transposed: bool = False
    mirrored_x: bool = False
    mirrored_y: bool = False

    @property
    def as_coded(self) -> bool:
        """Whether the picture is upright as it is."""
        return not (self.transposed or self.mirrored_x or self.mirrored_y)

    @property
    def rotation(self) -> int:
        """Degrees clockwise, 0, 90, 180 or 270, by which the picture is turned, after mirroring if it is mirrored."""
        if self.transposed:
            return 90 if self.mirrored_x else 270
        return 180 if self.mirrored_y else 0

    @property
    def mirrored(self) -> bool:
        """Whether the picture is mirrored left to right before it is turned: no turn alone shows it upright."""
        return (self.transposed + self.mirrored_x + self.mirrored_y) % 2 == 1

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height when upright; the same rule leads back."""
        return (height, width) if self.transposed else (width, height)

    def turn(self, plane: Plane) -> Plane:
        """A plane, or a picture of rows, columns and colors, upright: the same object where it is, else a copy."""
        if self.as_coded:
            return plane
        import numpy as np  # what only reads facts needs none of it

        turned = plane.swapaxes(0, 1) if self.transposed else plane
        turned = turned[:, ::-1] if self.mirrored_x else turned
        turned = turned[::-1] if self.mirrored_y else turned
        return np.ascontiguousarray(turned)


def upright_of(decoded: VideoFrame) -> Upright:
    """What its display matrix asks of the decoder's frame ``decoded``."""
    matrix = cast("Buffer | None", decoded.side_data.get("DISPLAYMATRIX"))
    return Upright() if matrix is None else of_matrix(struct.unpack_from("=9i", matrix))


def of_matrix(matrix: tuple[int, ...]) -> Upright:
    """The nearest of the eight to ``(a, b, u, c, d, v, x, y, w)``, where ``(p, q)`` goes to ``(ap + cq, bp + dq)``."""
    a, b, _, c, d = matrix[:5]
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Upright(transposed=False, mirrored_x=a < 0, mirrored_y=d < 0)
    return Upright(transposed=True, mirrored_x=c < 0, mirrored_y=b < 0)
