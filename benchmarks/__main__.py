"""Makes the scratch database, lets a process of its own measure against it, drops it."""

import argparse
import sys
from pathlib import Path

from benchmarks import scratch

NAMES = ("lookup", "race", "chain", "customer_import", "delta", "night", "dashboard")
CHURN = "churn"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("benchmarks", nargs="*", metavar="|".join(NAMES), help="all where none is named")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--file", type=Path, help="the published churn file, for `churn`, which runs alone")
    wanted = parser.parse_args()
    if set(wanted.benchmarks) - {*NAMES, CHURN}:
        parser.error(f"there are {', '.join(NAMES)}, {CHURN}")
    if (CHURN in wanted.benchmarks) != (wanted.file is not None):
        parser.error(f"{CHURN} goes with --file")
    module, words = "benchmarks.measure", [str(wanted.customers), *(wanted.benchmarks or NAMES)]
    if wanted.file:
        module, words = "benchmarks.churn_trial", [str(wanted.file.resolve())]
    with scratch.database() as environment:
        return scratch.run([sys.executable, "-m", module, *words], environment)


if __name__ == "__main__":
    sys.exit(main())
