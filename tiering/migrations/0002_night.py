from django.db import migrations, models

OWNER_ENDS = [
    ("replaced", "Replaced by a manager"),
    ("left", "Left the position"),
    ("closed", "Customer closed"),
    ("merged", "Customer merged into another"),
]


class Migration(migrations.Migration):
    dependencies = [("tiering", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="tierassignment",
            name="falling_since",
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name="ownerassignment",
            name="end_reason",
            field=models.CharField(blank=True, choices=OWNER_ENDS, max_length=20),
        ),
    ]
