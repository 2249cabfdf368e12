from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tiering", "0007_owner_batches")]

    operations = []
