from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_call_record")]

    operations = [
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                fields=["legal_entity", "id"], condition=Q(status__in=["closed", "merged"]), name="customer_gone"
            ),
        ),
    ]
