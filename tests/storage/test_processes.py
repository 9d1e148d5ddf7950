from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from bodyworn.storage.processes import Holder


def test_this_process_lives() -> None:
    assert not Holder.me().dead
    assert Holder.parse(str(Holder.me())) == Holder.me()


def test_a_process_that_ended_is_dead() -> None:
    script = "from bodyworn.storage.processes import Holder; print(Holder.me())"
    text = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert Holder.parse(text.strip()).dead


def test_a_later_process_with_the_same_number_is_another() -> None:
    assert replace(Holder.me(), start="1").dead


def test_of_another_machine_nothing_is_known() -> None:
    assert not replace(Holder.me(), host="elsewhere", pid=1, start="1").dead


def test_other_text_is_refused() -> None:
    with pytest.raises(ValueError):
        Holder.parse("nobody")
