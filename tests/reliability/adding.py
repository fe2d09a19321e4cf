"""
Add accounts to a home as one of several processes.

`python -m tests.reliability.adding FOLDER ORIGIN LABEL=NUMBER...` prints
`ready`, waits for a line, and adds key NUMBER as LABEL, one after the other.
Where one is refused it prints why, and ends with 2.
"""

from __future__ import annotations

import sys
from pathlib import Path

from hashdata.errors import HashdataError

from tests.reliability.bench import Bench, real_report


def main() -> int:
    folder, origin, *wanted = sys.argv[1:]
    bench = Bench(Path(folder), real_report(origin))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    try:
        vault = bench.make()
        for label, _, number in (one.rpartition("=") for one in wanted):
            bench.add(vault, label, int(number))
    except HashdataError as error:
        sys.stdout.write(f"{error.what}\n")
        return int(error.exit_code)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
