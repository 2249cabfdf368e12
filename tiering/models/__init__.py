from tiering.models.assessed_day import AssessedDay, AssessedDayLine
from tiering.models.assessment import AssessedOwner, Assessment, AssessmentCustomer, AssessmentFigure
from tiering.models.assignment import OwnerAssignment, TierAssignment, TierMove
from tiering.models.batch import OwnerBatch, OwnerBatchLine
from tiering.models.hand_over import HandOver, HandOverCopy, HandOverRow
from tiering.models.policy import PolicyStep, ProductCategory, TierBand, TierPolicy
from tiering.models.roster import RolloutPlan, RolloutStep, RosterEntry
from tiering.models.snapshot import NightlyRun, SnapshotDay, SnapshotLine
from tiering.models.summary import NearLimit, TierSummary
from tiering.models.upgrade import Referral, UpgradeCase
from tiering.models.what_if import WhatIfBasis, WhatIfLine, WhatIfSum

__all__ = [
    "HandOver",
    "HandOverCopy",
    "HandOverRow",
    "AssessedDay",
    "AssessedDayLine",
    "AssessedOwner",
    "Assessment",
    "AssessmentCustomer",
    "AssessmentFigure",
    "NearLimit",
    "NightlyRun",
    "OwnerAssignment",
    "PolicyStep",
    "OwnerBatch",
    "OwnerBatchLine",
    "ProductCategory",
    "Referral",
    "RolloutPlan",
    "RolloutStep",
    "RosterEntry",
    "SnapshotDay",
    "SnapshotLine",
    "TierAssignment",
    "TierBand",
    "TierMove",
    "TierPolicy",
    "TierSummary",
    "UpgradeCase",
    "WhatIfBasis",
    "WhatIfLine",
    "WhatIfSum",
]
