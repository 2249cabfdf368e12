from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tiering", "0009_assessment")]

    operations = []
