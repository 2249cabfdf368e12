from django.utils.translation import gettext_lazy as _

from tellerdesk.core.errors import DomainError, Stale


class NotEligible(DomainError):
    """`context.why` is out_of_scope, closed, deactivated or position; the sentence says it in `explanation`."""

    code = "not_eligible"
    message = _("These owners cannot be set: %(explanation)s")

    def __init__(self, *, why: str, **context):
        words = str(WHY_NOT_ELIGIBLE[why]) % context
        super().__init__(why=why, explanation=words, **context)


class StandingBusy(DomainError):
    """Somebody else, or the night, holds the rows of this customer or the sums of this branch just now."""

    code = "busy"
    message = _("Somebody else or the night is changing this just now; please try again in a moment.")


class NightRunning(DomainError):
    """It decides by what it found when it began, so whatever it must know of waits for its end."""

    code = "busy"
    message = _("A file is being loaded just now; please try again when it is done.")


WHY_NOT_ELIGIBLE = {
    "out_of_scope": _("the customer is in no tier."),
    "closed": _("the customer is closed or merged."),
    "deactivated": _("%(staff)s is deactivated."),
    "position": _("%(staff)s does not hold a position that may own a customer of this tier at branch %(branch)s."),
    "specialist": _("%(staff)s holds no position of a specialist that may serve branch %(branch)s."),
}


class TooMany(DomainError):
    """`context.most` rows go into one workbook."""

    code = "too_many"
    message = _("The list has %(rows)s customers; a workbook takes %(most)s. Please choose a branch or a tier.")


class NotRepeatable(DomainError):
    """Only the kept file of a dry run, or of a run that broke off, is loaded again, and once."""

    code = "not_repeatable"
    message = _("This file is no longer kept, or has been loaded already. Please upload it again.")


class PolicyChanged(Stale):
    message = _("The policy has changed since the page was opened; please read it again.")


class PolicySubmitted(DomainError):
    """A draft alone is written on; what waits for approval is returned first."""

    code = "not_a_draft"
    message = _("Version %(version)s waits for approval; it is changed after it has been returned.")


class PolicyUnchanged(DomainError):
    """`context.version` is the one that says all of it already on the day on which this one would begin."""

    code = "nothing_changed"
    message = _("Nothing would change: on %(day)s version %(version)s says the same already.")


class PolicyNotSubmitted(DomainError):
    code = "not_submitted"
    message = _("Version %(version)s has not been submitted.")


class AlreadyOwned(DomainError):
    """Somebody was quicker, or the customer has had an owner all along; `context.owner` is the staff number."""

    code = "already_owned"
    message = _("%(customer)s has an owner already: %(name)s.")

    @classmethod
    def of(cls, standing) -> "AlreadyOwned":
        owner = standing.owner
        return cls(customer=standing.customer.customer_number, owner=owner.username, name=owner.name)


class NotInPool(DomainError):
    code = "not_in_pool"
    message = _("%(customer)s is in a band: such a customer is adopted, not claimed.")


class SameOwner(DomainError):
    code = "same_owner"
    message = _("%(name)s is the owner already; choose somebody else, or record that the customer stays.")


class NobodyToStayWith(DomainError):
    code = "no_owner"
    message = _(
        "Nobody looks after this customer any more, so there is nobody to stay with: record whom the customer chose."
    )


class NobodyToReferFor(DomainError):
    code = "no_owner"
    message = _("A referral comes from the owner, and this customer has none.")


class AlreadyReferred(DomainError):
    code = "already_referred"
    message = _("%(name)s serves this customer already.")


class BatchStale(DomainError):
    """Between preview and confirmation something changed; `context.customers` has number and code of each."""

    code = "stale"
    message = _("Since the preview %(number)s customers have changed, %(first)s among them. Nothing was carried out.")


class BatchEmpty(DomainError):
    code = "empty_batch"
    message = _("Not a single line of this batch can be carried out.")


class TooManyLines(DomainError):
    status = 400
    code = "too_many_lines"
    message = _("A batch takes at most %(most)s lines.")


class NothingToHandOver(DomainError):
    """Deactivated people own nobody after the next night: their customers are in the manager's queue then."""

    code = "nothing_to_hand_over"
    message = _("%(name)s looks after nobody and is on no roster: there is nothing to hand over. %(explanation)s")

    def __init__(self, *, name: str, deactivated: bool):
        gone = _("The customers of deactivated people go to the manager's queue with the night.")
        super().__init__(name=name, explanation=str(gone) if deactivated else "")


class HandOverOpen(DomainError):
    """`context.id` is the hand-over that waits."""

    code = "hand_over_open"
    message = _("A hand-over of this person is under way already.")


class NotTheMaker(DomainError):
    code = "not_maker"
    message = _("Only whoever made the hand-over may do this.")
    status = 403


class PartyToHandOver(DomainError):
    code = "party_to_hand_over"
    message = _("Whoever leaves, or takes customers over, cannot approve the hand-over.")
    status = 403


class NotBeingSplit(DomainError):
    """`context.status` is what the hand-over is instead."""

    code = "not_a_draft"
    message = _("This hand-over is not being split any more.")


class PortfolioChanged(Stale):
    """`gained` and `lost` are customer numbers (the first few), `receivers` those who may not take over any more."""

    message = _("The portfolio has changed since it was split: %(explanation)s The maker splits it again.")


class NotHandedOver(DomainError):
    code = "not_handed_over"
    message = _("Only what has been handed over can be undone.")


class UndoTooLate(DomainError):
    code = "undo_too_late"
    message = _("A hand-over can be undone within a day; this one was until %(until)s.")


class LeaverGone(DomainError):
    code = "leaver_gone"
    message = _("%(name)s is deactivated or holds no position that may own these customers any more.")


class NothingToUndo(DomainError):
    code = "nothing_to_undo"
    message = _("Every customer of this hand-over has changed since; nothing is left to take back.")


class NoDayLoaded(DomainError):
    """Nothing to try a policy on."""

    code = "no_day"
    message = _("No day has been loaded yet, so there is nobody to try the policy on.")


class NotPlanned(DomainError):
    code = "not_planned"
    message = _("Branch %(branch)s has no rollout plan yet.")


class StepDone(DomainError):
    code = "step_done"
    message = _("This step is done already.")


class StepNotDone(DomainError):
    code = "step_not_done"
    message = _("This step is not done, so there is nothing to undo.")


class StepBlocked(DomainError):
    """`context.by` are the numbers of the steps that come first, or that rest on this one."""

    code = "step_blocked"
    message = _("Step %(step)s has to wait: %(steps)s.")

    def __init__(self, *, step: int, by, **context):
        super().__init__(step=step, by=[int(each) for each in by], steps=_named(by), **context)


class StepRestedOn(StepBlocked):
    message = _("Step %(step)s stays done: %(steps)s rest on it.")


def _named(steps) -> str:
    return "; ".join(f"{int(each)} {each.label}" for each in steps)


class RosterIncomplete(DomainError):
    """`context.tiers` are the codes of the tiers whose roster has nobody who fits."""

    code = "roster_incomplete"
    message = _("The roster cannot be reported yet; nobody stands on it for: %(names)s")


class Unallocated(DomainError):
    code = "unallocated"
    message = _("%(number)s customers of the branch are in a band and have no owner yet.")


class NotAssessed(DomainError):
    """Nothing has been computed for this quarter, or not this version of it."""

    code = "not_assessed"
    message = _("The quarter %(quarter)s has not been assessed.")
    status = 404


class NotBegun(DomainError):
    code = "not_begun"
    message = _("The quarter %(quarter)s has not begun.")


class BeingAssessed(DomainError):
    code = "being_assessed"
    message = _("The quarter %(quarter)s is being assessed just now.")


class NotClosable(DomainError):
    """`context.why` is incomplete, not_computed, closed or newer_closed; the sentence says it in `explanation`."""

    code = "not_closable"
    message = _("The assessment of %(quarter)s cannot be closed: %(explanation)s")
