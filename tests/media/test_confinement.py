"""What a decoder child can no longer do, tried from inside one."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from bodyworn.media.confinement import possible

TRY = """
import sys
from pathlib import Path
from bodyworn.media.confinement import confine
confine([Path(sys.argv[1])])
try:
    {act}
except OSError as error:
    print(type(error).__name__)
else:
    print("done")
"""


def tried(act: str, scratch: Path) -> str:
    code = TRY.format(act=act)
    run = subprocess.run([sys.executable, "-c", code, str(scratch)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    (tmp_path / "original.mp4").write_bytes(b"bytes")
    return folder


def test_this_machine_confines_both(scratch: Path) -> None:
    assert sys.platform != "linux" or possible().calls


@pytest.mark.parametrize(
    "act",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "import socket; socket.socket(socket.AF_INET6)",
        "import socket; socket.socket(16, socket.SOCK_RAW)",
        "import os; os.execv('/bin/true', ['/bin/true'])",
        "import subprocess; subprocess.run(['/bin/true'])",
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="the filter of system calls is Linux's")
def test_no_network_and_no_programs(act: str, scratch: Path) -> None:
    assert tried(act, scratch) == "PermissionError"


@pytest.mark.parametrize("call", ["ptrace", "unshare", "io_uring_setup", "execve"])
@pytest.mark.skipif(sys.platform != "linux", reason="the filter of system calls is Linux's")
def test_the_filter_alone_refuses_a_call(call: str, tmp_path: Path) -> None:
    numbers = {"ptrace": (101, 117), "unshare": (272, 97), "io_uring_setup": (425, 425), "execve": (59, 221)}[call]
    number = numbers[platform.machine() == "aarch64"]
    code = (
        "import ctypes, errno, platform; from bodyworn.media import confinement as c;"
        "c._confine_calls(c._MACHINES[platform.machine()]); libc = ctypes.CDLL(None, use_errno=True);"
        f"libc.syscall({number}, 0, 0, 0, 0); print(errno.errorcode[ctypes.get_errno()])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "EPERM"


@pytest.mark.skipif(not possible().files, reason="this kernel has no Landlock; doctor says so")
@pytest.mark.parametrize(
    "act",
    [
        "Path(sys.argv[1]).parent.joinpath('new').write_bytes(b'x')",
        "Path(sys.argv[1]).parent.joinpath('original.mp4').write_bytes(b'x')",
        "Path(sys.argv[1]).parent.joinpath('original.mp4').unlink()",
        "Path(sys.argv[1]).parent.joinpath('folder').mkdir()",
    ],
)
def test_nothing_is_written_outside_the_scratch(act: str, scratch: Path) -> None:
    assert tried(act, scratch) == "PermissionError"
    assert (scratch.parent / "original.mp4").read_bytes() == b"bytes"


@pytest.mark.parametrize(
    "act",
    [
        "Path(sys.argv[1]).joinpath('wave').write_bytes(b'x')",
        "Path(sys.argv[1]).joinpath('wave').write_bytes(b'x'); Path(sys.argv[1]).joinpath('wave').unlink()",
        "Path(sys.argv[1]).parent.joinpath('original.mp4').read_bytes()",
        "import threading; thread = threading.Thread(target=int); thread.start(); thread.join()",
        "import socket; socket.socketpair()",
    ],
)
def test_reading_and_its_own_scratch_stay(act: str, scratch: Path) -> None:
    assert tried(act, scratch) == "done"
