from tiering.services.deciding import approve_policy, return_policy
from tiering.services.drafting import discard_draft, draft_policy, revise_draft, submit_policy
from tiering.services.owning import set_owners

__all__ = [
    "approve_policy",
    "discard_draft",
    "draft_policy",
    "return_policy",
    "revise_draft",
    "set_owners",
    "submit_policy",
]
