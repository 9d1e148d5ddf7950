"""A list and a check never differ: what is visible is exactly what may be done, in memory and in SQL."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, String, Table, create_engine, insert, select

from bodyworn.access.policy import LocalPolicy, Policy, TablePolicy
from bodyworn.domain.action import ACTIONS, Action
from bodyworn.domain.actor import Actor
from bodyworn.domain.visibility import AllOf, AnyOf, Everything, NoneOf, Nothing, OneOf, Thing, Visibility
from bodyworn.storage.rows.visibility import clause

IDS, UNITS = ("r1", "r2", "r3"), ("north", "south")
ATTRIBUTES = st.sampled_from(["id", "unit", "case"])
VALUES = st.frozensets(st.sampled_from([*IDS, *UNITS, "c1"]), max_size=4)
LEAVES = st.one_of(
    st.just(Everything()),
    st.just(Nothing()),
    st.builds(OneOf, ATTRIBUTES, VALUES),
    st.builds(NoneOf, ATTRIBUTES, VALUES),
)
VISIBILITIES: st.SearchStrategy[Visibility] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
ACCOUNTS = ("os:ana", "os:bo", "*")
TABLES = st.dictionaries(
    st.sampled_from(ACCOUNTS), st.dictionaries(st.sampled_from(sorted(ACTIONS)), VISIBILITIES, max_size=4), max_size=3
)
ACTORS = st.sampled_from(["os:ana", "os:bo", "os:cy"]).map(lambda account: Actor(account, "desk-1", "cli"))
THINGS = st.builds(
    lambda row_id, attributes: (row_id, {name: value for name, value in attributes.items() if value}),
    st.sampled_from(IDS),
    st.fixed_dictionaries({"unit": st.sampled_from(["", *UNITS]), "case": st.sampled_from(["", "c1"])}),
)


def check(policy: Policy, actor: Actor, action: Action, row: tuple[str, dict[str, str]]) -> None:
    thing = Thing(action.noun, *row)
    decision = policy.may(actor, action, thing)
    assert decision.allowed == policy.visible(actor, action).matches(thing)
    assert decision.because or not decision.allowed


@given(TABLES.map(TablePolicy), ACTORS, st.sampled_from(sorted(ACTIONS)), THINGS)
def test_a_thing_is_visible_just_if_it_may_be_done(
    policy: TablePolicy, actor: Actor, action: str, row: tuple[str, dict[str, str]]
) -> None:
    check(policy, actor, ACTIONS[action], row)
    check(LocalPolicy(), actor, ACTIONS[action], row)
    assert LocalPolicy().may(actor, ACTIONS[action], Thing(ACTIONS[action].noun, *row)).allowed


ROWS = Table("rows", MetaData(), Column("id", String), Column("unit", String), Column("case", String))


@settings(max_examples=60, deadline=None)
@given(VISIBILITIES, st.lists(THINGS, max_size=6, unique_by=lambda row: row[0]))
def test_a_list_filtered_in_sql_is_the_list_filtered_in_memory(
    visibility: Visibility, rows: list[tuple[str, dict[str, str]]]
) -> None:
    engine = create_engine("sqlite://")
    columns = {name: ROWS.c[name] for name in ("id", "unit", "case")}
    with engine.begin() as connection:
        ROWS.create(connection)
        for row_id, attributes in rows:
            connection.execute(insert(ROWS).values(id=row_id, **attributes))
        found = set(connection.scalars(select(ROWS.c.id).where(clause(visibility, columns))))
    assert found == {row_id for row_id, attributes in rows if visibility.matches(Thing("rows", row_id, attributes))}


def test_an_attribute_that_storage_does_not_have_lets_nothing_through() -> None:
    for restriction in (OneOf("rank", frozenset({"a"})), NoneOf("rank", frozenset({"a"}))):
        assert not restriction.matches(Thing("rows", "r1"))
        assert str(clause(restriction, {"id": ROWS.c.id})) == "false"


def test_a_noun_as_a_whole_is_open_where_some_row_is() -> None:
    ana = Actor("os:ana", "desk-1", "cli")
    some = TablePolicy({"os:ana": {"recordings.list": OneOf("id", frozenset({"r1"}))}})
    assert some.may(ana, ACTIONS["recordings.list"], Thing("recordings")).allowed
    assert not TablePolicy().may(ana, ACTIONS["recordings.list"], Thing("recordings")).allowed


def test_a_thing_of_another_noun_is_a_mistake_in_the_program() -> None:
    with pytest.raises(ValueError, match="not done to recordings"):
        LocalPolicy().may(Actor("os:ana", "x", "cli"), ACTIONS["releases.approve"], Thing("recordings", "r1"))


def test_a_table_with_an_unknown_action_is_refused() -> None:
    with pytest.raises(ValueError, match=r"releases\.aprove"):
        TablePolicy({"*": {"releases.aprove": Everything()}})


def test_a_denial_says_who_and_what() -> None:
    decision = TablePolicy().may(Actor("os:bo", "x", "cli"), ACTIONS["releases.approve"], Thing("releases", "rel_1"))
    assert decision.because == "os:bo may not do releases.approve here"
