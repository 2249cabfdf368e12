"""Which limits there are. Each app registers its own from AppConfig.ready; what is no row yet has its default."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """A whole number that is the bank's policy. `label`, `unit` and `group` are lazy texts; both ends are allowed."""

    name: str
    label: str
    unit: str
    default: int
    least: int
    most: int
    group: str

    def allows(self, value: int) -> bool:
        return self.least <= value <= self.most


LIMITS: dict[str, Limit] = {}


def register(*limits: Limit) -> None:
    for limit in limits:
        LIMITS[limit.name] = limit
