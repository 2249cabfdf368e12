from django.db import migrations, models

REASONS = [
    ("dealt", "Dealt by the night"),
    ("set_by_manager", "Set by a manager"),
    ("merged", "Taken over by a merge"),
    ("unmerged", "Merge undone"),
]
ENDS = [
    ("replaced", "Replaced by a manager"),
    ("left", "Left the position"),
    ("closed", "Customer closed"),
    ("merged", "Customer merged into another"),
    ("unmerged", "Merge undone"),
]


class Migration(migrations.Migration):
    dependencies = [("tiering", "0002_night")]

    operations = [
        migrations.AlterField(
            model_name="ownerassignment", name="reason", field=models.CharField(choices=REASONS, max_length=20)
        ),
        migrations.AlterField(
            model_name="ownerassignment",
            name="end_reason",
            field=models.CharField(blank=True, choices=ENDS, max_length=20),
        ),
    ]
