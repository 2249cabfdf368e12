"""Makes the scratch database, lets a process of its own measure against it, drops it."""

import argparse
import sys

from benchmarks import scratch

NAMES = ("lookup", "race", "chain")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("benchmarks", nargs="*", metavar="|".join(NAMES), help="all three where none is named")
    parser.add_argument("--customers", type=int, default=1_000_000)
    wanted = parser.parse_args()
    if set(wanted.benchmarks) - set(NAMES):
        parser.error(f"there are {', '.join(NAMES)}")
    words = [str(wanted.customers), *(wanted.benchmarks or NAMES)]
    with scratch.database() as environment:
        return scratch.run([sys.executable, "-m", "benchmarks.measure", *words], environment)


if __name__ == "__main__":
    sys.exit(main())
