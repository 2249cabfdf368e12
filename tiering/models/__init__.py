from tiering.models.assignment import OwnerAssignment, TierAssignment, TierMove
from tiering.models.policy import ProductCategory, TierBand, TierPolicy
from tiering.models.snapshot import NightlyRun, SnapshotDay, SnapshotLine
from tiering.models.summary import NearLimit, TierSummary

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
