"""The newest looks at a customer, a day's receipts and a period's decisions of a branch are found by index."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("customers", "0004_checks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="look", name="look_by_customer"),
        migrations.AddIndex(
            model_name="look",
            index=models.Index(fields=["customer", "-at", "-id"], name="look_by_customer"),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["branch", "business_date", "-id"], name="receipt_by_day"),
        ),
        migrations.AddIndex(
            model_name="amendment",
            index=models.Index(fields=["branch", "decided_at"], name="amendment_by_decision"),
        ),
    ]
