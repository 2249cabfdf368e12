from django.db import models
from django.utils.translation import gettext_lazy as _

from tellerdesk.audit.guards import frozen, permanent


class CalendarDay(models.Model):
    """One day that differs from Monday to Friday: a holiday, or a weekend day that is worked (调休)."""

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, db_index=False)
    day = models.DateField(_("Day"))
    is_working = models.BooleanField(_("Working day"))
    name = models.CharField(_("Name"), max_length=40, blank=True)

    class Meta:
        triggers = [*permanent(), frozen("legal_entity", "day")]
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["legal_entity", "day"], name="calendar_day_once")]

    def __str__(self):
        return f"{self.day:%Y-%m-%d} {self.name}"

    @property
    def audit_label(self) -> str:
        return str(self)
