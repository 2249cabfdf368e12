from django.utils.translation import gettext_lazy as _

from tellerdesk.core.errors import DomainError


class AttemptClosed(DomainError):
    """Handed in already, or its time is over; the first result stands."""

    code = "attempt_closed"
    message = _("This attempt is already closed; its result stands.")


class CourseNotOpen(DomainError):
    code = "course_not_open"
    message = _("This course cannot be taken now.")


class QuestionChanged(DomainError):
    """Somebody else saved a version after the one this edit was based on."""

    code = "stale"
    message = _("Somebody changed this question meanwhile. Please read it again.")


class QuestionRetired(DomainError):
    code = "question_retired"
    message = _("This question is retired.")
