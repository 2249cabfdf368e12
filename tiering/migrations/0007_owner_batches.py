from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tiering", "0006_what_if")]

    operations = []
