"""Makes the scratch database, lets a process of its own measure against it, drops it unless it is to be kept."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import scratch

NAMES = (
    "lookup",
    "race",
    "approvals",
    "chain",
    "customer_import",
    "delta",
    "night",
    "dashboard",
    "duplicates",
    "what_if",
    "assessment",
)
# Each fills a bank of its own.
ALONE = ("delta", "night", "duplicates")
CHURN = "churn"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("benchmarks", nargs="*", metavar="|".join(NAMES), help="all where none is named")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--keep", metavar="NAME", help="a database that stays, filled, for the next run with that name")
    parser.add_argument("--file", type=Path, help="the published churn file, for `churn`, which runs alone")
    wanted = parser.parse_args()
    if set(wanted.benchmarks) - {*NAMES, CHURN}:
        parser.error(f"there are {', '.join(NAMES)}, {CHURN}")
    if (CHURN in wanted.benchmarks) != (wanted.file is not None):
        parser.error(f"{CHURN} goes with --file")
    groups = split(wanted.benchmarks or NAMES)
    if wanted.keep and (len(groups) > 1 or set(groups[0]) & set(ALONE)):
        parser.error(f"--keep is for what shares a database, not for {', '.join(ALONE)}")
    if wanted.file:
        return run("benchmarks.churn_trial", str(wanted.file.resolve()))
    return max(run("benchmarks.measure", str(wanted.customers), *group, kept=wanted.keep) for group in groups)


def split(names: Sequence[str]) -> list[list[str]]:
    """Those that share a database, then each that has its own."""
    together = [name for name in names if name not in ALONE]
    return [group for group in (together, *([name] for name in ALONE if name in names)) if group]


def run(module: str, *words: str, kept: str | None = None) -> int:
    with scratch.database(kept) as environment:
        return scratch.run([sys.executable, "-m", module, *words], environment)


if __name__ == "__main__":
    sys.exit(main())
