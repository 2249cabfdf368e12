from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tiering", "0008_hand_over")]

    operations = []
