from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from customers.enums import HistoryKind
from customers.history_sources import register_actions, register_source
from customers.merging_parties import register_party
from tellerdesk.audit import sentences
from tellerdesk.limits.registry import register
from tiering import enums
from tiering.limits import LIMITS
from tiering.policy_words import KEPT, LABELS


class TieringConfig(AppConfig):
    name = "tiering"
    verbose_name = _("Tiering")

    def ready(self):
        merging = "tiering.services.merging"
        register_party("tiering", after_merge=f"{merging}.after_merge", after_undo=f"{merging}.after_undo")
        register_actions(HistoryKind.STANDING, "tiering.owners_set", "tiering.owners_merged", "tiering.owners_unmerged")
        register_actions(
            HistoryKind.STANDING,
            "tiering.customer_claimed",
            "tiering.upgrade_stayed",
            "tiering.upgrade_changed",
            "tiering.specialist_referred",
            "tiering.referral_ended",
        )
        register_source(HistoryKind.STANDING, "tiering.selectors.customer_history.tier_lines")
        register_source(HistoryKind.STANDING, "tiering.selectors.customer_history.owner_lines")
        register_source(HistoryKind.STANDING, "tiering.selectors.hand_over_history.hand_over_lines")
        register(*LIMITS)
        sentences.register(
            {
                "tiering.policy_loaded": _("The standard tiering policy %(subject)s was loaded"),
                "tiering.policy_drafted": _(
                    "%(actor)s drafted the tiering policy %(subject)s, from %(effective_from)s on"
                ),
                "tiering.policy_revised": _("%(actor)s changed the draft %(subject)s of the tiering policy"),
                "tiering.policy_submitted": _("%(actor)s submitted the tiering policy %(subject)s for approval"),
                "tiering.policy_returned": _("%(actor)s returned the tiering policy %(subject)s: %(reason)s"),
                "tiering.policy_discarded": _(
                    "%(actor)s discarded the draft %(subject)s of the tiering policy: %(reason)s"
                ),
                "tiering.policy_approved": _(
                    "%(actor)s approved the tiering policy %(subject)s by %(maker)s, from %(effective_from)s on"
                ),
                "tiering.night_run": _(
                    "%(actor)s loaded %(accepted)s lines for %(as_of)s: %(moved_up)s customers rose, "
                    "%(moved_down)s fell, %(assigned)s got an owner"
                ),
                "tiering.day_forgotten": _(
                    "The %(lines)s lines of %(as_of)s had been kept for their time and were removed"
                ),
                "tiering.night_failed": _("The night of %(as_of)s ended without effect: %(error)s"),
                "tiering.snapshot_queued": _("%(actor)s sent the snapshot file of %(as_of)s (%(size)s bytes)"),
                "tiering.owners_set": _("%(actor)s set the owners of %(subject)s: %(owner)s; %(reason)s"),
                "tiering.owners_merged": _("Tier and owners of %(absorbed)s went over to %(subject)s with the merge"),
                "tiering.owners_unmerged": _("Tier and owners of %(absorbed)s came back from %(subject)s"),
                "tiering.hand_over_started": _(
                    "%(actor)s took up the hand-over of what %(subject)s looks after: %(customers)s customers"
                ),
                "tiering.hand_over_split": _("%(actor)s split the hand-over of %(subject)s: %(customers)s customers"),
                "tiering.hand_over_changed": _(
                    "%(actor)s changed the receivers of %(customers)s customers in the hand-over of %(subject)s"
                ),
                "tiering.hand_over_submitted": _(
                    "%(actor)s sent the hand-over of %(subject)s to a second person: %(customers)s customers"
                ),
                "tiering.hand_over_returned": _(
                    "%(actor)s returned the hand-over of %(subject)s to %(maker)s: %(reason)s"
                ),
                "tiering.hand_over_withdrawn": _("%(actor)s withdrew the hand-over of %(subject)s"),
                "tiering.hand_over_approved": _(
                    "%(actor)s approved the hand-over of %(subject)s: %(customers)s customers, "
                    "%(receivers)s receivers, %(queued)s to the manager's queue"
                ),
                "tiering.hand_over_undone": _(
                    "%(actor)s undid the hand-over of %(subject)s: %(customers)s customers back, "
                    "%(left_alone)s left alone; %(reason)s"
                ),
                "tiering.hand_over_printed": _("%(actor)s printed the hand-over list %(number)s, copy %(copy)s"),
                "tiering.hand_over_exported": _(
                    "%(actor)s exported the hand-over list of %(subject)s: %(rows)s customers"
                ),
                "tiering.list_exported": _("%(actor)s exported a list of %(rows)s customers: %(filter)s"),
                "tiering.what_if_exported": _(
                    "%(actor)s exported whom policy %(subject)s would move: %(rows)s customers, %(filter)s"
                ),
                "tiering.board_exported": _("%(actor)s exported the tier dashboard of %(scope)s as of %(as_of)s"),
                "tiering.assessment_queued": _("%(actor)s had the quarter %(subject)s assessed"),
                "tiering.assessment_computed": _("The quarter %(subject)s was assessed"),
                "tiering.assessment_closed": _("%(actor)s closed the assessment %(subject)s; %(reason)s"),
                "tiering.assessment_exported": _("%(actor)s exported the assessment %(subject)s of %(scope)s"),
                "tiering.assessed_exported": _(
                    "%(actor)s exported %(rows)s customers of the assessment %(subject)s: %(filter)s"
                ),
                "tiering.concentration_exported": _("%(actor)s exported the 80/20 view of %(scope)s"),
                "tiering.batch_previewed": _("%(actor)s laid out an adoption of %(customers)s customers: %(reason)s"),
                "tiering.batch_applied": _("%(actor)s carried out adoption %(subject)s: %(customers)s customers"),
                "tiering.batch_discarded": _("%(actor)s discarded adoption %(subject)s"),
                "tiering.batch_exported": _("%(actor)s exported %(rows)s lines of adoption %(subject)s"),
                "tiering.customer_claimed": _("%(actor)s claimed %(subject)s from the pool"),
                "tiering.upgrade_stayed": _("%(actor)s recorded that %(subject)s stays with %(owner)s after the rise"),
                "tiering.upgrade_changed": _("%(actor)s recorded that %(subject)s chose %(owner)s after the rise"),
                "tiering.upgrades_exported": _("%(actor)s exported %(rows)s open upgrade choices: %(scope)s"),
                "tiering.specialist_referred": _("%(actor)s referred %(subject)s to %(specialist)s"),
                "tiering.referral_ended": _("%(actor)s ended the referral of %(subject)s to %(specialist)s"),
                "tiering.roster_kept": _("%(actor)s changed the roster of %(subject)s, %(tier)s: %(words)s"),
                "tiering.roster_exported": _("%(actor)s exported the roster of %(subject)s"),
                "tiering.rollout_planned": _("%(actor)s planned the rollout of %(subject)s, go-live %(go_live_on)s"),
                "tiering.rollout_step_done": _("%(actor)s reported step %(step)s of the rollout of %(subject)s done"),
                "tiering.rollout_step_undone": _(
                    "%(actor)s opened step %(step)s of the rollout of %(subject)s again: %(reason)s"
                ),
                "tiering.rollout_exported": _("%(actor)s exported the rollout plan of %(branches)s branches"),
                "tiering.rejects_read": _("%(actor)s downloaded the rejected lines of %(subject)s"),
            },
            labels={"tier": enums.Tier.choices},
        )
        sentences.register_fields("tiering.tierpolicy", labels=LABELS, shown=KEPT)
