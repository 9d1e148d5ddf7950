"""Merkle trees of RFC 6962: root, inclusion proof, and its check. Leaves are already hashed, 32 bytes each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

EMPTY_ROOT = hashlib.sha256(b"").digest()

#: Roots of full subtrees of so many levels are stored: 2⁸ = 256 leaves, as transparency logs cut their tiles.
SUBTREE_HEIGHT = 8
_LEVELS = 3

#: ``on_subtree(level, position, root)``
OnSubtree: TypeAlias = Callable[[int, int, bytes], None]


def leaf_hash(data: bytes) -> bytes:
    """``SHA-256(0x00 || data)``."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """``SHA-256(0x01 || left || right)``."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class GrowingTree:
    """Root of a tree that grows leaf by leaf, in memory that grows with the logarithm of its size.

    It keeps the roots of the full subtrees from left to right: one for every 1 bit of ``size``. ``on_subtree`` is told
    level, position and root of every subtree of 256 leaves, 256 × 256 leaves … when it is full.
    """

    def __init__(self, on_subtree: OnSubtree | None = None) -> None:
        self.size = 0
        self._full: list[bytes] = []
        self._on_subtree = on_subtree

    def add(self, leaf: bytes) -> None:
        """Put a leaf hash at the right end."""
        carry, position, height = leaf, self.size, 0
        while position & 1:
            carry = node_hash(self._full.pop(), carry)
            position, height = position >> 1, height + 1
            if height % SUBTREE_HEIGHT == 0 and self._on_subtree is not None:
                self._on_subtree(height // SUBTREE_HEIGHT, position, carry)
        self._full.append(carry)
        self.size += 1

    def root(self) -> bytes:
        """Root of the leaves so far."""
        return _joined(self._full)


class StoredHashes(Protocol):
    """Hashes of a tree by level: 0 are the leaves, level n the roots of full subtrees of 256ⁿ leaves."""

    def read(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        """Hashes number ``start`` to ``stop``, not included."""
        ...


def stored_root(stored: StoredHashes, size: int) -> bytes:
    """Root of the first ``size`` leaves, from some hundreds of stored hashes; ``LookupError`` if one is missing."""
    return _range_root(stored, 0, size)


def inclusion_proof(stored: StoredHashes, index: int, size: int) -> list[bytes]:
    """The hashes that lead from leaf ``index`` to the root of the first ``size`` leaves, lowest first.

    RFC 6962, 2.1.1. ``IndexError`` if there is no such leaf, ``LookupError`` if a hash is missing.
    """
    if not 0 <= index < size:
        raise IndexError(f"no leaf {index} in a tree of {size}")
    start, stop, path = 0, size, []
    while stop - start > 1:
        split = start + (1 << (stop - start - 1).bit_length() - 1)
        if index < split:
            path.append(_range_root(stored, split, stop))
            stop = split
        else:
            path.append(_range_root(stored, start, split))
            start = split
    return path[::-1]


def subtree_root(hashes: Sequence[bytes]) -> bytes:
    """Root over hashes of one level."""
    tree = GrowingTree()
    for one in hashes:
        tree.add(one)
    return tree.root()


def _range_root(stored: StoredHashes, start: int, stop: int) -> bytes:
    """Root of the leaves ``start`` to ``stop``; ``start`` is a multiple of a power of two that is at least as large."""
    full: list[tuple[int, bytes]] = []
    at = start
    for level in range(_LEVELS, -1, -1):
        width = 1 << SUBTREE_HEIGHT * level
        count = 0 if at % width else (stop - at) // width
        hashes = stored.read(level, at // width, at // width + count) if count else ()
        if len(hashes) != count:
            raise LookupError(f"{count - len(hashes)} hashes of level {level} are missing")
        for one in hashes:
            height, carry = SUBTREE_HEIGHT * level, one
            while full and full[-1][0] == height:
                carry = node_hash(full.pop()[1], carry)
                height += 1
            full.append((height, carry))
        at += count * width
    return _joined([root for _, root in full])


def _joined(full: Sequence[bytes]) -> bytes:
    """Root over full subtrees from left to right, each larger than the next."""
    if not full:
        return EMPTY_ROOT
    root = full[-1]
    for left in reversed(full[:-1]):
        root = node_hash(left, root)
    return root


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``proof`` shows ``leaf`` to be number ``index`` of ``size`` leaves under ``root`` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, node = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            node = node_hash(step, node)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            node = node_hash(node, step)
        here, last = here >> 1, last >> 1
    return last == 0 and node == root
