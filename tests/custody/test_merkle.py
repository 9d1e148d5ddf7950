from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bodyworn.custody.merkle import EMPTY_ROOT, GrowingTree, inclusion_proof, is_included, leaf_hash, root_of

#: Leaves and roots that implementations of Certificate Transparency (RFC 6962) test themselves with.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}

leaf_lists = st.lists(st.binary(max_size=4).map(leaf_hash), min_size=1, max_size=40)


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(text)) for text in LEAVES[:size]]
    assert root_of(leaves).hex() == ROOTS[size]


def test_the_empty_tree() -> None:
    assert GrowingTree().root() == EMPTY_ROOT


@settings(deadline=None)
@given(leaf_lists, st.data())
def test_every_leaf_can_be_proven(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = inclusion_proof(index, leaves)
    assert is_included(leaves[index], index, len(leaves), proof, root_of(leaves))


@settings(deadline=None)
@given(leaf_lists, st.data())
def test_no_other_leaf_place_or_root_can(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof, root, size = inclusion_proof(index, leaves), root_of(leaves), len(leaves)
    assert not is_included(leaf_hash(b"another"), index, size, proof, root)
    assert not is_included(leaves[index], index, size, [*proof, leaf_hash(b"")], root)
    assert not is_included(leaves[index], index, size, proof, leaf_hash(b"another root"))
    assert not is_included(leaves[index], size, size, proof, root)


def test_a_proof_of_a_leaf_that_is_not_there() -> None:
    with pytest.raises(IndexError):
        inclusion_proof(3, [leaf_hash(b"")] * 3)
