from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tiering", "0005_policy_workshop")]

    operations = []
