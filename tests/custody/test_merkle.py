from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bodyworn.custody.merkle import (
    EMPTY_ROOT,
    GrowingTree,
    inclusion_proof,
    is_included,
    leaf_hash,
    node_hash,
    stored_root,
    subtree_root,
)

#: Leaves and roots that implementations of Certificate Transparency (RFC 6962) test themselves with.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@dataclass
class Stored:
    """Leaves and roots of full subtrees, as a database would keep them."""

    levels: dict[int, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    longest: int = 0

    @classmethod
    def of(cls, leaves: Sequence[bytes]) -> Stored:
        stored = cls()
        stored.levels[0] = list(leaves)

        def keep(level: int, position: int, root: bytes) -> None:
            assert position == len(stored.levels[level])
            stored.levels[level].append(root)

        tree = GrowingTree(keep)
        for leaf in leaves:
            tree.add(leaf)
        return stored

    def read(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        self.longest = max(self.longest, stop - start)
        return self.levels[level][start:stop]


def root_of(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(root_of(leaves[:split]), root_of(leaves[split:]))


def proof_of(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """RFC 6962, 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return [*proof_of(index, leaves[:split]), root_of(leaves[split:])]
    return [*proof_of(index - split, leaves[split:]), root_of(leaves[:split])]


leaf_lists = st.lists(st.binary(max_size=4).map(leaf_hash), min_size=1, max_size=40)


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(text)) for text in LEAVES[:size]]
    assert root_of(leaves).hex() == ROOTS[size]
    assert subtree_root(leaves).hex() == ROOTS[size]
    assert stored_root(Stored.of(leaves), size).hex() == ROOTS[size]


def test_the_empty_tree() -> None:
    assert GrowingTree().root() == EMPTY_ROOT


@settings(deadline=None)
@given(leaf_lists, st.data())
def test_every_leaf_can_be_proven(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = inclusion_proof(Stored.of(leaves), index, len(leaves))
    assert is_included(leaves[index], index, len(leaves), proof, root_of(leaves))


@settings(deadline=None)
@given(leaf_lists, st.data())
def test_no_other_leaf_place_or_root_can(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof, root, size = inclusion_proof(Stored.of(leaves), index, len(leaves)), root_of(leaves), len(leaves)
    assert not is_included(leaf_hash(b"another"), index, size, proof, root)
    assert not is_included(leaves[index], index, size, [*proof, leaf_hash(b"")], root)
    assert not is_included(leaves[index], index, size, proof, leaf_hash(b"another root"))
    assert not is_included(leaves[index], size, size, proof, root)


def test_a_proof_of_a_leaf_that_is_not_there() -> None:
    with pytest.raises(IndexError):
        inclusion_proof(Stored.of([leaf_hash(b"")] * 3), 3, 3)


#: Around the sizes where subtrees of 256 and of 65,536 leaves become full.
@pytest.mark.parametrize("size", [255, 256, 257, 511, 512, 513, 1000, 65_535, 65_536, 65_537, 131_072, 140_001])
def test_roots_and_proofs_from_stored_subtrees_are_those_of_all_leaves(size: int) -> None:
    leaves = [leaf_hash(number.to_bytes(4)) for number in range(size)]
    stored, root = Stored.of(leaves), root_of(leaves)
    assert stored_root(stored, size) == root
    for index in {0, 1, 255, 256, size // 2, size - 2, size - 1} & set(range(size)):
        proof = inclusion_proof(stored, index, size)
        assert proof == proof_of(index, leaves)
        assert is_included(leaves[index], index, size, proof, root)
    assert stored.longest <= 256, "never more than one subtree is read at once"


def test_a_missing_hash_is_said_and_not_guessed() -> None:
    stored = Stored.of([leaf_hash(number.to_bytes(4)) for number in range(600)])
    del stored.levels[1][1]
    with pytest.raises(LookupError, match="1 hashes of level 1 are missing"):
        stored_root(stored, 600)
