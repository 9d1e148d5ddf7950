"""Limits of the session (``ulimit``): one sentence that names the limit, and never the file."""

from __future__ import annotations

import errno
import marshal
import os
import resource
import subprocess
import time
from functools import partial
from pathlib import Path

import pytest

import bodyworn
from bodyworn.domain.errors import MachineLimit
from bodyworn.media import session_limits
from bodyworn.media.watchdog import Limits
from tests.journeys.conftest import REAL, Command
from tests.media_makers import with_sound


def only(kind: int, value: int) -> None:
    """For a child: a limit as ``ulimit`` puts it on a session; nearly half of a processor's time is spent before."""
    while kind == resource.RLIMIT_CPU and time.process_time() < 0.45 * value:
        pass
    resource.setrlimit(kind, (value, value))


@pytest.mark.parametrize(
    ("kind", "value", "name"),
    [
        (resource.RLIMIT_AS, 118 << 20, "ulimit -v"),
        (resource.RLIMIT_NOFILE, 8, "ulimit -n"),
        (resource.RLIMIT_CPU, 2, "ulimit -t"),
    ],
)
def test_a_limit_of_the_session_is_named_and_the_file_is_not_blamed(
    start: Command, tmp_path: Path, kind: int, value: int, name: str
) -> None:
    clip = with_sound(tmp_path / "clip.mp4", 1.0)
    words = ("recordings", "add", clip, "--quiet")
    process = start(REAL, *words, preexec_fn=partial(only, kind, value))
    _, err = process.communicate(timeout=60)
    assert (process.returncode, name in err, err.count("\n")) == (MachineLimit.exit_code, True, 1), err
    assert "camera" not in err


def test_no_compiled_module_is_left_broken_by_a_limit_on_files(environment: dict[str, str], tmp_path: Path) -> None:
    compiled = {**environment, "PYTHONPYCACHEPREFIX": str(tmp_path / "compiled")}
    compiled.pop("PYTHONDONTWRITEBYTECODE", None)
    small = partial(only, resource.RLIMIT_FSIZE, 2048)
    subprocess.run([*REAL, "--help"], env=compiled, preexec_fn=small, capture_output=True, timeout=60, check=True)
    package = Path(bodyworn.__file__).parent
    own = list((tmp_path / "compiled" / package.relative_to(package.anchor)).rglob("*.pyc"))
    for path in own:
        marshal.loads(path.read_bytes()[16:])
    assert len(own) <= 2, "nothing is compiled once the package is there"


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (OSError(errno.EMFILE, os.strerror(errno.EMFILE)), "ulimit -n"),
        (BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN)), "ulimit -u"),
        (RuntimeError("can't start new thread"), "ulimit -u"),
        (OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)), "ulimit -v"),
    ],
)
def test_what_the_system_does_not_give_is_the_limit_that_it_is(error: OSError | RuntimeError, name: str) -> None:
    limit = session_limits.refused_by_system(error)
    assert limit is not None
    assert name in limit.what


def test_other_refusals_are_no_limit() -> None:
    assert session_limits.refused_by_system(OSError(errno.EACCES, "")) is None
    assert session_limits.refused_by_system(RuntimeError("dictionary changed size during iteration")) is None


def test_only_a_limit_that_is_lower_than_asked_counts() -> None:
    least = Limits(cpu_seconds=1, wall_seconds=60, memory_bytes=1)
    assert "RLIMIT_AS" not in session_limits.lowered(least)
    low = {"RLIMIT_AS": 400 << 20, "RLIMIT_CPU": 7, "RLIMIT_NOFILE": 9}
    told = (session_limits.out_of_memory(low), session_limits.out_of_time(low), session_limits.out_of_files(low))
    assert [limit is not None and limit.what.partition("(")[2] for limit in told] == [
        "ulimit -v: 400 MiB)",
        "ulimit -t: 7 s)",
        "ulimit -n: 9)",
    ]
    assert session_limits.out_of_memory({}) is None
