"""临界客户: the few nearest to a limit, for the board."""

from dataclasses import dataclass

from tellerdesk.core.masking import mask_name
from tiering.enums import Tier
from tiering.models import NearLimit
from tiering.selectors.scope import Scope

SHOWN = 4
COLUMNS = ("rises", "distance", "aum", "limit", "tier", "to_tier", "customer__customer_number", "customer__name")


@dataclass(frozen=True)
class Near:
    """`distance` in percent of the limit, in hundredths; amounts in fen; the name masked."""

    rises: bool
    distance: int
    aum: int
    limit: int
    tier: Tier
    to_tier: Tier
    customer_number: str
    name: str


def nearest(scope: Scope, *, most: int = SHOWN) -> list[Near]:
    """The nearest few about to rise, then those about to fall. One query."""
    rising, falling = (
        scope.of(NearLimit.objects.filter(rises=rises)).order_by("distance", "pk").values_list(*COLUMNS)[:most]
        for rises in (True, False)
    )
    rows = sorted(rising.union(falling, all=True), key=lambda row: (not row[0], row[1]))
    return [Near(*row[:4], Tier(row[4]), Tier(row[5]), row[6], mask_name(row[7])) for row in rows]
