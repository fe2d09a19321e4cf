"""
Kill processes that change a home, and print figures.

`python -m tests.reliability.kill COUNT SEED` kills every operation at every
step and then COUNT workers and commands at random moments, the same for the
same SEED but for when exactly. Ends with 1 when anything was lost.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.reliability.bench import Bench, real_report
from tests.reliability.killing import Figures, Siege, at_every_step, exchange, warm


def main() -> int:
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    figures = Figures()
    with tempfile.TemporaryDirectory() as name, exchange() as origin:
        folder = Path(name)
        template = real_report(origin)
        warm(Bench(_made(folder / "warm"), template))
        at_every_step(folder / "steps", template, figures)
        Siege(folder / "homes", template, seed, figures).run(count)
    sys.stdout.write("\n".join(figures.lines()) + "\n")
    return 1 if figures.wrong or figures.lost else 0


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    raise SystemExit(main())
