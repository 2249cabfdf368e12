"""Percentiles, medians of three, and a table that people can read."""

import os
import platform
from statistics import median, quantiles

from django.db import connection

ROUNDS = 3


def machine() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"{os.cpu_count()} cores, Python {platform.python_version()}, PostgreSQL {cursor.fetchone()[0]}"


def percentile(values: list[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def median_of_rounds(rounds: list[list[float]], percent: int) -> float:
    return median(percentile(values, percent) for values in rounds)


def table(title: str, heads: list[str], rows: list[list]) -> None:
    texts = [heads, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[place]) for row in texts) for place in range(len(heads))]
    print(f"\n{title}")
    for row in texts:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
