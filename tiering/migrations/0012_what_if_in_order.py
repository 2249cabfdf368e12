import django.db.models.deletion
from django.db import migrations, models

# Tables of their own for each count (jobs.what_if_tables makes them): they come and go as a whole.
TABLES = """
CREATE TABLE tiering_whatifline (
  customer_id bigint, branch_id bigint, aum bigint, card_spend_year bigint, personal_loan_balance bigint,
  custody_margin bigint, birth_date date, card_level smallint, admission smallint, standing smallint, held boolean,
  basis_id bigint
) PARTITION BY LIST (basis_id);
CREATE TABLE tiering_whatifsum (
  low bigint, by_age boolean, birth_date date, admission smallint, card_level smallint, met boolean, standing smallint,
  customers bigint, aum bigint, basis_id bigint
) PARTITION BY LIST (basis_id)
"""
NO_TABLES = "DROP TABLE tiering_whatifline; DROP TABLE tiering_whatifsum"
# What was counted before has no such tables; the next trial asks for them anew.
FORGET = "DELETE FROM tiering_whatifbasis"


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0007_customer_gone"),
        ("staff", "0003_last_write"),
        ("tiering", "0011_discarded_drafts"),
    ]

    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="WhatIfLine",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                ("aum", models.BigIntegerField()),
                ("card_spend_year", models.BigIntegerField(null=True)),
                ("personal_loan_balance", models.BigIntegerField(null=True)),
                ("custody_margin", models.BigIntegerField(null=True)),
                ("birth_date", models.DateField(null=True)),
                ("card_level", models.SmallIntegerField()),
                ("admission", models.SmallIntegerField()),
                ("standing", models.SmallIntegerField()),
                ("held", models.BooleanField()),
            ],
            options={"db_table": "tiering_whatifline", "managed": False},
        ),
        migrations.CreateModel(
            name="WhatIfSum",
            fields=[
                ("low", models.BigIntegerField(primary_key=True, serialize=False)),
                ("by_age", models.BooleanField()),
                ("birth_date", models.DateField(null=True)),
                ("admission", models.SmallIntegerField()),
                ("card_level", models.SmallIntegerField()),
                ("met", models.BooleanField()),
                ("standing", models.SmallIntegerField()),
                ("customers", models.BigIntegerField()),
                ("aum", models.BigIntegerField()),
            ],
            options={"db_table": "tiering_whatifsum", "managed": False},
        ),
        migrations.AlterField(
            model_name="whatifbasis",
            name="legal_entity",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.legalentity"
            ),
        ),
        migrations.DeleteModel(name="WhatIfCell"),
        migrations.RunSQL(TABLES, NO_TABLES),
    ]
