"""While credentials are in memory, the process leaves no dump and lets nobody of the same user attach."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no core dumps of this kind")


def printed(program: str) -> str:
    """Run a program in a process of its own, since what is tested cannot be taken back."""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def test_a_protected_process_writes_no_core_dump() -> None:
    program = (
        "import resource\n"
        "from hashdata.hardening import protect_memory\n"
        "protect_memory()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE))"
    )

    assert printed(program) == "(0, 0)"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has it")
def test_a_protected_process_cannot_be_read_by_others_of_its_user() -> None:
    # PR_GET_DUMPABLE is 3.
    program = (
        "import ctypes\n"
        "from hashdata.hardening import protect_memory\n"
        "protect_memory()\n"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )

    assert printed(program) == "0"


def test_protecting_twice_is_no_error() -> None:
    assert printed("from hashdata.hardening import protect_memory as p; p(); p(); print('done')") == "done"
