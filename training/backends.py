from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied

from training.selectors import locked_permissions


class QualificationBackend(BaseBackend):
    """Stands first and only ever refuses: raises PermissionDenied while the course is missing or lapsed.

    It never grants, so the position must allow the same (AND, not OR).
    """

    def has_perm(self, user_obj, perm, obj=None):
        if user_obj.is_authenticated and perm in locked_permissions(user_obj):
            raise PermissionDenied
        return False
