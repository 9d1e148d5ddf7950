"""Packets between reading and copying them."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from av.packet import Packet
    from av.stream import Stream


class Waiting(NamedTuple):
    """A packet with a time of showing, in ticks of its stream."""

    packet: Packet[Stream]
    pts: int


class PacketQueue:
    """Packets read and not yet written, in order of decoding, and apart from them their decoding times."""

    def __init__(self, read: deque[Packet[Stream]]) -> None:
        self._read = read
        self.waiting: list[Waiting] = []
        self._times: deque[int] = deque()
        self.usable = True

    def refill(self) -> None:
        """Take over what was read."""
        while self._read:
            packet = self._read.popleft()
            if packet.pts is None or packet.dts is None:
                self.usable = False
            else:
                self.waiting.append(Waiting(packet, packet.pts))
                self._times.append(packet.dts)

    def of(self, own: int) -> Packet[Stream] | None:
        """The packet of a picture; ``None`` if there is none."""
        return next((waiting.packet for waiting in self.waiting if waiting.pts == own), None)

    def drop_to(self, own: int) -> int | None:
        """Forget packets shown at ``own`` or before; the decoding time of the last of as many."""
        shown = [waiting for waiting in self.waiting if waiting.pts <= own]
        self.waiting = [waiting for waiting in self.waiting if waiting.pts > own]
        times = [self._times.popleft() for _ in shown]
        return times[-1] if times else None

    def take(self) -> tuple[Waiting, int]:
        """The next packet and decoding time."""
        return self.waiting.pop(0), self._times.popleft()
