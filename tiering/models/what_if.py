from django.db import models

from tiering import enums


class WhatIfBasis(models.Model):
    """What the cells of a legal entity were counted from: they hold while `run_id`, `gone` and `gone_sum` are the same.

    `run_id` is the last night, `gone` and `gone_sum` tell who has been closed or merged since (jobs.what_if_basis). The
    criteria of scope are those that `WhatIfCell.other` was found with. `absent`: customers stand who have no line.
    """

    legal_entity = models.OneToOneField("staff.LegalEntity", on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    run_id = models.BigIntegerField()
    gone = models.BigIntegerField()
    gone_sum = models.DecimalField(max_digits=30, decimal_places=0)
    card_spend_year = models.BigIntegerField()
    personal_loan_balance = models.BigIntegerField()
    custody_margin = models.BigIntegerField()
    card_level = models.PositiveSmallIntegerField(choices=enums.CardLevel)
    absent = models.BooleanField()
    cells = models.IntegerField()
    counted_at = models.DateTimeField()
    seconds = models.FloatField()

    def __str__(self):
        return f"{self.legal_entity_id} {self.as_of}"


class WhatIfCell(models.Model):
    """Customers of the newest day whom no draft with limits of whole thousands can tell apart, added up.

    `level` stands for their assets: the very amount where it is a whole thousand of yuan, else one fen above the
    thousand below it. `birth_date` is the earliest of those who are as old in full years, null where it is unknown.
    `other`: a further criterion of scope is fulfilled. Amounts are whole fen.
    """

    legal_entity = models.ForeignKey(
        "staff.LegalEntity", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    level = models.BigIntegerField()
    customers = models.BigIntegerField()
    aum = models.BigIntegerField()
    birth_date = models.DateField(null=True)
    admission = models.PositiveSmallIntegerField()
    standing = models.PositiveSmallIntegerField(choices=enums.Tier)
    other = models.BooleanField()

    def __str__(self):
        return f"{self.level} {self.standing}"
