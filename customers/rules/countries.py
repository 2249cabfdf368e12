"""Countries by ISO 3166-1 code: what a nationality may be, and how it is called."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent.parent / "data" / "countries.tsv"
CHINA = "CHN"
HONG_KONG, MACAO, TAIWAN = "HKG", "MAC", "TWN"
CHINESE = frozenset({CHINA, HONG_KONG, MACAO, TAIWAN})


@dataclass(frozen=True)
class Country:
    alpha_3: str
    numeric: str
    name_zh: str
    name_en: str


@cache
def countries() -> tuple[Country, ...]:
    """All, China first, then by code."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = [Country(*line.split("\t")) for line in lines if not line.startswith("#")]
    return tuple(sorted(rows, key=lambda country: (country.alpha_3 != CHINA, country.alpha_3)))


def find_country(alpha_3: str) -> Country | None:
    return _by("alpha_3").get(alpha_3)


def find_country_by_number(numeric: str) -> Country | None:
    return _by("numeric").get(numeric)


@cache
def _by(attribute: str) -> dict[str, Country]:
    return {getattr(country, attribute): country for country in countries()}
