from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tellerdesk.audit import sentences


class TrainingConfig(AppConfig):
    name = "training"
    label = "training"
    verbose_name = _("Training")

    def ready(self):
        sentences.register(
            {
                "training.bank_loaded": _("The course %(course)s was loaded with %(questions)s questions"),
                "training.attempt_started": _("%(actor)s started attempt %(number)s of the quiz “%(course)s”"),
                "training.attempt_submitted": _(
                    "%(actor)s handed in attempt %(number)s of the quiz “%(course)s”: %(score)s points"
                ),
                "training.attempt_timed_out": _(
                    "Time ran out for %(actor)s in attempt %(number)s of the quiz “%(course)s”: %(score)s points"
                ),
                "training.qualification_granted": _(
                    "%(actor)s passed “%(course)s” and holds the qualification until %(expires_on)s"
                ),
                "training.course_created": _("%(actor)s created the course “%(course)s”"),
                "training.course_edited": _("%(actor)s edited the course “%(course)s”"),
                "training.unlocks_set": _("%(actor)s changed what the course “%(course)s” unlocks"),
                "training.question_created": _("%(actor)s added question %(number)s to “%(course)s”"),
                "training.question_edited": _(
                    "%(actor)s edited question %(number)s of “%(course)s”: version %(version)s"
                ),
                "training.question_key_changed": _(
                    "%(actor)s changed the key of question %(number)s of “%(course)s”: version %(version)s"
                ),
                "training.question_retired": _("%(actor)s retired question %(number)s of “%(course)s”"),
                "training.time_allowed": _("%(actor)s set the extra quiz time of %(name)s to %(percent)s percent"),
            }
        )
