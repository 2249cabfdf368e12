"""Place names for the first six digits of a number, for display only: an unknown county never blocks (rules 2.3)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent.parent / "data" / "regions.tsv"
PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65))
    for code in range(first, last + 1)
)
NAMELESS_PREFECTURES = frozenset({"市辖区", "县", "省直辖县级行政单位", "省直辖行政单位", "自治区直辖县级行政单位"})


@dataclass(frozen=True)
class Region:
    """`retired_in` is the last year the code was in force; blank while it still is."""

    code: str
    names: tuple[str, ...] = ()
    is_known: bool = False
    retired_in: str = ""

    def __str__(self):
        return " ".join(self.names)


def find_region(code: str) -> Region:
    """Province, prefecture, county as far as they are known, without the statisticians' fillers such as 市辖区."""
    levels = dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code))
    found = [_table().get(level) for level in levels]
    names = [row[0] for level, row in zip(levels, found, strict=True) if row and not _is_nameless(level, row[0])]
    return Region(code, tuple(names), is_known=found[-1] is not None, retired_in=found[-1][1] if found[-1] else "")


def _is_nameless(code: str, name: str) -> bool:
    return code.endswith("00") and name in NAMELESS_PREFECTURES


@cache
def _table() -> dict[str, tuple[str, str]]:
    """About 7,200 rows, read at the first question in some milliseconds."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {code: (name, until[0] if until else "") for code, name, *until in rows}
