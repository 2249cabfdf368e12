from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tiering", "0009_assessment")]

    operations = [
        migrations.AddField(
            model_name="snapshotday",
            name="dropped_on",
            field=models.DateField(null=True),
        ),
    ]
