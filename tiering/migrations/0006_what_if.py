import django.db.models.deletion
from django.db import migrations, models

CARD_LEVELS = [(0, "No card"), (1, "Standard card"), (2, "Gold card"), (3, "Platinum card"), (4, "Diamond card")]
TIERS = [
    (0, "Not maintained"),
    (1, "In scope, no band"),
    (2, "Potential, 50,000 to 100,000"),
    (3, "Potential, 100,000 to 200,000"),
    (4, "Wealth management"),
    (5, "Private wealth"),
]


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_specialists"), ("tiering", "0005_policy_workshop")]

    operations = [
        migrations.CreateModel(
            name="WhatIfBasis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField()),
                ("run_id", models.BigIntegerField()),
                ("gone", models.BigIntegerField()),
                ("gone_sum", models.DecimalField(decimal_places=0, max_digits=30)),
                ("card_spend_year", models.BigIntegerField()),
                ("personal_loan_balance", models.BigIntegerField()),
                ("custody_margin", models.BigIntegerField()),
                ("card_level", models.PositiveSmallIntegerField(choices=CARD_LEVELS)),
                ("absent", models.BooleanField()),
                ("cells", models.IntegerField()),
                ("counted_at", models.DateTimeField()),
                ("seconds", models.FloatField()),
                (
                    "legal_entity",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.legalentity"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WhatIfCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.BigIntegerField()),
                ("customers", models.BigIntegerField()),
                ("aum", models.BigIntegerField()),
                ("birth_date", models.DateField(null=True)),
                ("admission", models.PositiveSmallIntegerField()),
                ("standing", models.PositiveSmallIntegerField(choices=TIERS)),
                ("other", models.BooleanField()),
                (
                    "legal_entity",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.legalentity",
                    ),
                ),
            ],
        ),
    ]
