"""Files outside of the library: all that belong together are there, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from bodyworn.domain.errors import DiskFull, InputError
from bodyworn.redactions.outputs import new_file, refuse_existing, undone_with
from bodyworn.storage.files import no_room_for


@pytest.mark.parametrize("replace", [False, True])
def test_a_clip_does_not_stay_without_its_table_unless_it_replaced_another(tmp_path: Path, replace: bool) -> None:
    clip, plan, boxes = tmp_path / "clip.mp4", tmp_path / "plan.json", tmp_path / "boxes.csv"
    clip.write_bytes(b"clip")
    with pytest.raises(DiskFull), undone_with(clip, (plan, None, boxes), replace):  # noqa: PT012
        plan.write_bytes(b"plan")
        raise no_room_for("boxes.csv")
    assert [path.exists() for path in (clip, plan, boxes)] == [replace, replace, False]


def test_what_is_whole_stays(tmp_path: Path) -> None:
    with undone_with(tmp_path / "a", (None,), replace=False):
        (tmp_path / "a").touch()
    assert (tmp_path / "a").exists()


def test_a_file_that_cannot_be_is_refused_before_the_work(tmp_path: Path) -> None:
    refuse_existing(None, replace=False)
    (tmp_path / "a").touch()
    with pytest.raises(InputError, match="already exists"):
        refuse_existing(tmp_path / "a", replace=False)
    refuse_existing(tmp_path / "a", replace=True)
    with pytest.raises(InputError, match="there is no folder"):
        refuse_existing(tmp_path / "none" / "a", replace=False)
    with pytest.raises(InputError, match="there is no folder"), new_file(tmp_path / "none" / "a"):
        pass
