"""Roles as they are written, read and named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodyworn.domain.role import (
    NumberedRole,
    Role,
    is_community,
    is_officer,
    parse_role,
    role_kind,
    role_label,
    role_or_unknown,
)


@pytest.mark.parametrize("name", ["officer", "officer_2", "officer_12", "community_99", "dispatch", "unknown"])
def test_roles_stay_as_they_are(name: str) -> None:
    assert role_or_unknown(name) == name


@pytest.mark.parametrize(
    "name", ["officer_1", "officer_", "officer_02", "officer_100", "suspect", "", None, 3, "dispatch_2", "officer\n"]
)
def test_other_names_are_unknown(name: object) -> None:
    assert parse_role(name) is None
    assert role_or_unknown(name) == "unknown"


@given(st.sampled_from([Role.OFFICER, Role.COMMUNITY]), st.integers(1, 99))
def test_what_is_written_reads_back_the_same(kind: Role, number: int) -> None:
    role = NumberedRole(kind, number)
    assert parse_role(str(role)) == role


def test_kinds_do_not_depend_on_the_number() -> None:
    assert is_officer("officer_3")
    assert is_community("community")
    assert not is_officer("community_2")
    assert role_kind("dispatch") is Role.DISPATCH
    assert role_kind("perpetrator") is Role.UNKNOWN


@pytest.mark.parametrize(
    ("role", "label"),
    [
        ("officer", "Officer"),
        ("officer_2", "Officer 2"),
        ("community", "Community member"),
        ("unknown", "Unknown voice"),
        ("suspect", "Unknown voice"),
    ],
)
def test_labels_for_people(role: str, label: str) -> None:
    assert role_label(role) == label
