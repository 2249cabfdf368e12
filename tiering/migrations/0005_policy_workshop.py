from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tiering", "0004_portfolios")]

    operations = []
