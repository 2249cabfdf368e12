from django.db import models


class AssessedDay(models.Model):
    """A loaded day as assessments read it: who counts on it, beside the owners of `owned_on`. Written by jobs
    alone, which take away what no assessment was made from.

    `run` is the last night that changed the day's lines, None where none is on record. Lines from `floor` on, in fen,
    are kept whoever owns them. `owners` and `owners_digest` tell whether the owners of `owned_on` are still those that
    were known: how many rows, and their ids hashed and combined.
    """

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False)
    as_of = models.DateField()
    owned_on = models.DateField()
    run = models.ForeignKey("tiering.NightlyRun", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    floor = models.BigIntegerField()
    owners = models.BigIntegerField()
    owners_digest = models.BigIntegerField()
    kept_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["legal_entity", "as_of"], name="assessed_day_by_entity")]

    def __str__(self):
        return f"{self.as_of} {self.owned_on}"

    @staticmethod
    def lines_table(pk: int) -> str:
        """Named itself wherever days are joined: of the parent the planner has no statistics."""
        return f"tiering_assesseddayline_{pk}"


class AssessedDayLine(models.Model):
    """A customer of an assessed day: the table `tiering_assesseddayline`, a partition for each day.

    Whoever has AUM from the day's floor on, and whoever was owned. Branch, AUM and bits of products are None where
    an owned customer has no line; owner, position and since when are None where nobody is the primary owner. A customer
    whose owner changed on that very day is there once for each.
    """

    customer_id = models.BigIntegerField(primary_key=True)
    assessed_day_id = models.BigIntegerField()
    branch_id = models.BigIntegerField(null=True)
    aum = models.BigIntegerField(null=True)
    owner_id = models.BigIntegerField(null=True)
    owned_since = models.DateField(null=True)
    categories = models.IntegerField(null=True)
    position = models.CharField(max_length=20, null=True)

    class Meta:
        managed = False
        db_table = "tiering_assesseddayline"

    def __str__(self):
        return f"{self.assessed_day_id} {self.customer_id}"
