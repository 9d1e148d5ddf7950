from __future__ import annotations

import pytest

from bodyworn.domain.counting import counted


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 tracks"), (1, "1 track"), (2, "2 tracks"), (21, "21 tracks"), (1200, "1,200 tracks")]
)
def test_one_thing_is_not_said_to_be_several(count: int, said: str) -> None:
    assert counted(count, "track") == said


def test_a_noun_may_have_a_plural_of_its_own() -> None:
    assert counted(2, "leak to look at", "leaks to look at") == "2 leaks to look at"
