from django.db import models

from tiering import enums


class WhatIfBasis(models.Model):
    """A day put in the order of assets and added up, for trials of drafted policies: its rows have partitions of their
    own in WhatIfLine and WhatIfSum. The newest of a legal entity counts; the one before it stays for whoever reads it.

    It holds while `run_id`, `gone` and `gone_sum` are the same: the last night, and who has been closed or merged since
    (selectors.trials). The criteria of scope are those that `WhatIfSum.met` was found with. `absent`: customers stand
    who have no line; they are among the lines all the same. `cells` is the number of sums.
    """

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, related_name="+")
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


class WhatIfLine(models.Model):
    """A customer on the day: the table `tiering_whatifline`, a partition for each basis, in the order of `aum`.

    `standing` is the tier the customer stands in, `held` where the present policy makes another of the day's facts: who
    waits for days of grace to be over.
    """

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )
    basis = models.ForeignKey(WhatIfBasis, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    branch = models.ForeignKey("staff.Branch", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    aum = models.BigIntegerField()
    card_spend_year = models.BigIntegerField(null=True)
    personal_loan_balance = models.BigIntegerField(null=True)
    custody_margin = models.BigIntegerField(null=True)
    birth_date = models.DateField(null=True)
    card_level = models.SmallIntegerField()
    admission = models.SmallIntegerField()
    standing = models.SmallIntegerField()
    held = models.BooleanField()

    class Meta:
        managed = False
        db_table = "tiering_whatifline"

    def __str__(self):
        return f"{self.basis_id} {self.customer_id}"


class WhatIfSum(models.Model):
    """Customers with less than `low` and what they have, in whole fen, added up by what a draft may ask besides: the
    table `tiering_whatifsum`, a partition for each basis. Every kind is there for every `low` from its first on.

    Where `by_age`, of everybody: `birth_date` stands for all who are as old in full years. Else of those who are
    admitted to nothing: `met` says whether a figure beside the assets puts them in scope, `card_level` is theirs.
    """

    low = models.BigIntegerField(primary_key=True)
    basis = models.ForeignKey(WhatIfBasis, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    by_age = models.BooleanField()
    birth_date = models.DateField(null=True)
    admission = models.SmallIntegerField()
    card_level = models.SmallIntegerField()
    met = models.BooleanField()
    standing = models.SmallIntegerField()
    customers = models.BigIntegerField()
    aum = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "tiering_whatifsum"

    def __str__(self):
        return f"{self.basis_id} {self.low}"
