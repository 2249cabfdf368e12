from django.db import models

from tiering import enums


class TierSummary(models.Model):
    """One branch and tier on one day, added up by the night; what the dashboard reads.

    Movement counts customers who rose into the tier or fell out of it since the last loaded day of the month before
    (`month_*`) and of the quarter before (`quarter_*`). Amounts are whole fen. `unowned` is null for a day that was
    only filled in later: who owned whom is known of the standing tiers alone. So are `overdue` (nobody's for longer
    than the rules allow), `incomplete` and `warned` (owners that the tier still wants, rules.completeness).
    """

    legal_entity = models.ForeignKey(
        "staff.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    branch = models.ForeignKey(
        "staff.Branch", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    as_of = models.DateField()
    tier = models.PositiveSmallIntegerField(choices=enums.Tier)
    customers = models.BigIntegerField()
    aum = models.BigIntegerField()
    unowned = models.BigIntegerField(null=True)
    overdue = models.BigIntegerField(null=True)
    warned = models.BigIntegerField(null=True)
    incomplete = models.BigIntegerField(null=True)
    near_up = models.BigIntegerField(default=0)
    near_down = models.BigIntegerField(default=0)
    month_up = models.BigIntegerField(default=0)
    month_down = models.BigIntegerField(default=0)
    quarter_up = models.BigIntegerField(default=0)
    quarter_down = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["branch", "as_of", "tier"], name="summary_once"),
        ]
        indexes = [models.Index(fields=["legal_entity", "as_of"], name="summary_by_entity")]

    def __str__(self):
        return f"{self.branch_id} {self.as_of} {self.tier}"


class NearLimit(models.Model):
    """临界客户 as of the newest day: within 10 % of a limit of AUM. `distance` is in hundredths of a percent of it.

    `to_tier` is where the customer would go; a customer out of scope may be about to enter.
    """

    legal_entity = models.ForeignKey(
        "staff.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    branch = models.ForeignKey(
        "staff.Branch", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_constraint=False)
    rises = models.BooleanField()
    tier = models.PositiveSmallIntegerField(choices=enums.Tier)
    to_tier = models.PositiveSmallIntegerField(choices=enums.Tier)
    limit = models.BigIntegerField()
    aum = models.BigIntegerField()
    distance = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["branch", "rises", "distance"], name="near_by_branch"),
            models.Index(fields=["legal_entity", "rises", "distance"], name="near_by_entity"),
        ]

    def __str__(self):
        return f"{self.customer_id} {self.to_tier}"
