from tiering.models.assignment import NearLimit, OwnerAssignment, TierAssignment, TierMove, TierSummary
from tiering.models.policy import ProductCategory, TierBand, TierPolicy
from tiering.models.snapshot import NightlyRun, SnapshotDay, SnapshotLine

__all__ = [
    "NearLimit",
    "NightlyRun",
    "OwnerAssignment",
    "ProductCategory",
    "SnapshotDay",
    "SnapshotLine",
    "TierAssignment",
    "TierBand",
    "TierMove",
    "TierPolicy",
    "TierSummary",
]
