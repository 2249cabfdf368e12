from django.utils.translation import gettext_lazy as _

from tellerdesk.core.errors import DomainError


class UsernameTaken(DomainError):
    """Usernames are once in the installation; whose it is stays unsaid, as it may be another legal entity's."""

    code = "username_taken"
    message = _("This username is taken.")


class BranchCodeTaken(DomainError):
    code = "branch_code_taken"
    message = _("There is already a branch %(code)s.")


class AlreadyPosted(DomainError):
    code = "already_posted"
    message = _("This person already holds that position at that branch on some of these days.")


class OwnAccount(DomainError):
    """Four eyes: somebody else posts, deactivates and resets."""

    code = "own_account"
    message = _("Nobody does this for himself; ask somebody else at head office.")


class StaffInactive(DomainError):
    code = "staff_inactive"
    message = _("%(username)s is deactivated.")


class StaffActive(DomainError):
    code = "staff_active"
    message = _("%(username)s is active.")


class AnotherEntity(DomainError):
    code = "another_entity"
    message = _("A person, his branches and whoever posts him belong to one legal entity.")


class OutOfReach(DomainError):
    """A branch manager deactivates those who stand at his branch and nowhere else."""

    code = "out_of_reach"
    status = 403
    message = _("%(username)s does not stand at your branch alone; ask head office.")


class PostingBackdated(DomainError):
    code = "posting_backdated"
    message = _("A posting begins today or later, and cannot be ended for days gone by.")


class PostingOver(DomainError):
    code = "posting_over"
    message = _("This posting is over already.")


class PasswordWrong(DomainError):
    code = "password_wrong"
    message = _("The present password is not right.")


class WrongCredentials(DomainError):
    """Says nothing about which of the two was wrong."""

    code = "wrong_credentials"
    status = 401
    message = _("Username or password is wrong.")


class PasswordChangeRequired(DomainError):
    code = "password_change_required"
    status = 403
    message = _("Log in on the page and change the password first.")
