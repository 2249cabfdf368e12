from django.db import migrations

COLUMNS = ("branch_id", "aum", "categories", "card_level", "admission", "tier", "reasons")
PARENT = "ALTER TABLE tiering_snapshotline"
CHECK = " AND ".join(f"{name} IS NOT NULL" for name in COLUMNS)


class Migration(migrations.Migration):
    """The day's table is not looked through for what its own statement has seen to; as a check that holds for later lines
    it costs nothing there. Not looked for here either: below a check that is valid no day could be attached whose is not.
    """

    dependencies = [
        ("tiering", "0016_corrected_days"),
    ]

    operations = [
        migrations.RunSQL(
            [
                f"{PARENT} {', '.join(f'ALTER {name} DROP NOT NULL' for name in COLUMNS)}",
                f"{PARENT} ADD CONSTRAINT snapshotline_known CHECK ({CHECK}) NOT VALID",
            ],
            [
                f"{PARENT} DROP CONSTRAINT snapshotline_known",
                f"{PARENT} {', '.join(f'ALTER {name} SET NOT NULL' for name in COLUMNS)}",
            ],
        ),
    ]
