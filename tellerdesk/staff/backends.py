from django.contrib.auth.backends import ModelBackend

from tellerdesk.staff.models import Staff
from tellerdesk.staff.roles import permissions_of


class PositionBackend(ModelBackend):
    """Checks the password as Django does, and permissions by the positions held today (tellerdesk.staff.roles)."""

    def has_perm(self, user_obj, perm, obj=None):
        return user_obj.is_active and perm in permissions_of(p.position for p in user_obj.postings_now)

    def get_user(self, user_id):
        return Staff.objects.filter(pk=user_id, is_active=True).select_related("legal_entity").first()
