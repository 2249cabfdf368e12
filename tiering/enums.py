"""Codes are names in small letters (`private_wealth`); tables hold the numbers, which rank as the tiers do."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Coded(IntegerChoices):
    """`code` is what files, the API and people who program read; the number is what tables hold."""

    @property
    def code(self) -> str:
        return self.name.lower()

    @classmethod
    def codes(cls) -> list[str]:
        return [each.code for each in cls]

    @classmethod
    def of_code(cls, code: str):
        """Raises KeyError for what is no code."""
        return cls[code.upper()]


class Tier(Coded):
    """层级, from low to high: a higher number is a higher tier."""

    OUT_OF_SCOPE = 0, _("Not maintained")
    UNBANDED = 1, _("In scope, no band")
    BRANCH_STAFF = 2, _("Potential, 50,000 to 100,000")
    BRANCH_LEAD = 3, _("Potential, 100,000 to 200,000")
    WEALTH_MANAGEMENT = 4, _("Wealth management")
    PRIVATE_WEALTH = 5, _("Private wealth")


BANDED = (Tier.PRIVATE_WEALTH, Tier.WEALTH_MANAGEMENT, Tier.BRANCH_LEAD, Tier.BRANCH_STAFF)
IN_SCOPE = (*BANDED, Tier.UNBANDED)


class CardLevel(Coded):
    NONE = 0, _("No card")
    STANDARD = 1, _("Standard card")
    GOLD = 2, _("Gold card")
    PLATINUM = 3, _("Platinum card")
    DIAMOND = 4, _("Diamond card")


class Reason(Coded):
    """Why a customer is in scope (rules 4.1), one bit each."""

    AUM = 1, _("Financial assets")
    CARD_SPEND_YEAR = 2, _("Credit-card spend in the year")
    PERSONAL_LOAN_BALANCE = 4, _("Personal-loan balance")
    CUSTODY_MARGIN = 8, _("Third-party custody margin")
    CARD_LEVEL = 16, _("Card level")
    ADMISSION_PRIVATE_WEALTH = 32, _("Admitted to private wealth")
    ADMISSION_WEALTH_MANAGEMENT = 64, _("Admitted to wealth management")

    @classmethod
    def in_mask(cls, mask: int) -> list["Reason"]:
        return [reason for reason in cls if mask & reason]


class PolicyStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    DISCARDED = "discarded", _("Discarded")


FINAL_POLICIES = (PolicyStatus.APPROVED, PolicyStatus.DISCARDED)


class PolicyStepKind(TextChoices):
    DRAFTED = "drafted", _("Drafted")
    REVISED = "revised", _("Revised")
    SUBMITTED = "submitted", _("Submitted for approval")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    DISCARDED = "discarded", _("Discarded")


class OwnerReason(TextChoices):
    """Why an owner began; free words stand beside it where a person decided."""

    DEALT = "dealt", _("Dealt by the night")
    SET_BY_MANAGER = "set_by_manager", _("Set by a manager")
    MERGED = "merged", _("Taken over by a merge")
    UNMERGED = "unmerged", _("Merge undone")
    ADOPTED = "adopted", _("Adopted")
    CLAIMED = "claimed", _("Claimed from the pool")
    UPGRADE_CHOICE = "upgrade_choice", _("Chosen by the customer after an upgrade")
    HANDED_OVER = "handed_over", _("Handed over")
    HAND_OVER_UNDONE = "hand_over_undone", _("Hand-over undone")


class OwnerEnd(TextChoices):
    REPLACED = "replaced", _("Replaced by a manager")
    LEFT = "left", _("Left the position")
    CLOSED = "closed", _("Customer closed")
    MERGED = "merged", _("Customer merged into another")
    UNMERGED = "unmerged", _("Merge undone")
    UPGRADE_CHOICE = "upgrade_choice", _("The customer chose another after an upgrade")
    HANDED_OVER = "handed_over", _("Handed over")
    HAND_OVER_UNDONE = "hand_over_undone", _("Hand-over undone")
    CORRECTED = "corrected", _("Dealt for a file that was corrected")


class UpgradeStatus(TextChoices):
    """升级意愿: `stay` and `change` are the customer's choice; a case lapses where the customer fell back before it."""

    OPEN = "open", _("Choice open")
    STAY = "stay", _("Stays with the present owner")
    CHANGE = "change", _("Chose another owner")
    LAPSED = "lapsed", _("Lapsed")


class BatchKind(TextChoices):
    """领养 of many at once: how the owners of an OwnerBatch were named."""

    HAND = "hand", _("By hand")
    SPREAD = "spread", _("Even spread")
    FILE = "file", _("By file")


class BatchStatus(TextChoices):
    PREVIEW = "preview", _("Preview")
    APPLIED = "applied", _("Carried out in full")
    DISCARDED = "discarded", _("Discarded")


class RolloutStepKind(IntegerChoices):
    """The four dated steps (rules 4.5), in their order."""

    ROSTERS = 1, _("Fix and report the rosters")
    SYSTEM = 2, _("Upgrade the system")
    USERS = 3, _("Create the users and release them to the branch")
    ALLOCATION = 4, _("Allocate every customer")


class NightStep(TextChoices):
    """The steps of a night, in their order."""

    READ = "read", _("Reading the file")
    LOAD = "load", _("Loading the day")
    TIERS = "tiers", _("Assigning tiers")
    OWNERS = "owners", _("Dealing owners")
    SUMMARY = "summary", _("Adding up")
    DONE = "done", _("Done")


class HandOverReason(TextChoices):
    LEAVING = "leaving", _("Leaves the bank")
    MOVING = "moving", _("Changes position")
    LEAVE = "leave", _("On leave")
    OTHER = "other", _("Other reason")


class HandOverStatus(TextChoices):
    DRAFT = "draft", _("Being split")
    SUBMITTED = "submitted", _("Waits for approval")
    APPROVED = "approved", _("Handed over")
    UNDONE = "undone", _("Undone")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class HandOverFate(TextChoices):
    """What becomes of one customer; `gone` had left the portfolio before it was handed over."""

    RECEIVER = "receiver", _("To a receiver")
    QUEUE = "queue", _("To the manager's queue")
    GONE = "gone", _("No longer the leaver's")


class QueuedWhy(TextChoices):
    NOBODY = "nobody", _("nobody may have this customer")
    FULL = "full", _("everybody on the roster is full")
    CHOSEN = "chosen", _("chosen by hand")
    NOT_MAINTAINED = "not_maintained", _("not maintained any more")


class UndoOutcome(TextChoices):
    """Of one customer, when a hand-over is undone: who has changed hands since is left alone."""

    BACK = "back", _("Back with the leaver")
    CHANGED = "changed", _("Left alone: changed since")
    NOT_ELIGIBLE = "not_eligible", _("Left alone: the leaver may not have this customer any more")


class Indicator(TextChoices):
    """保 争 挖 抢 培, in their order (rules 4.6)."""

    CHURN_RATE = "churn_rate", _("Churn rate")
    UPGRADE_RATE = "upgrade_rate", _("Upgrade rate")
    PRODUCT_COVERAGE = "product_coverage", _("Product coverage")
    CUSTOMER_GROWTH = "customer_growth", _("Customer growth")
    AUM_GROWTH = "aum_growth", _("Growth in assets")


class StaffCategory(TextChoices):
    """分类考核: people are compared within their category alone."""

    ADVISORS = "advisors", _("Financial advisors")
    BRANCH_LEADS = "branch_leads", _("Branch managers, lobby managers")
    TELLERS = "tellers", _("Tellers")
    WEALTH = "wealth", _("Wealth managers, presidents")


class Incomplete(TextChoices):
    """Why a quarter cannot be closed."""

    OPENING_MISSING = (
        "opening_missing",
        _("No day was loaded for the start of the quarter or the three days before"),
    )
    CLOSING_MISSING = "closing_missing", _("No day was loaded for the end of the quarter or the three days before")
    RUNNING = "running", _("The quarter is not over yet")
