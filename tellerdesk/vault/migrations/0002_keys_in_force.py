from django.db import migrations, models
from django.db.models import F

from tellerdesk.vault.sql import DIGESTS_ARE_CURRENT, HOLD_KEYS, LET_GO, TRUST_DIGESTS


def put_in_force(apps, schema_editor):
    """What stands there is used, and its digests carry no mark."""
    keys = apps.get_model('vault', 'DataKey').objects.using(schema_editor.connection.alias)
    keys.update(in_force_at=F('created_at'), marks=False)


class Migration(migrations.Migration):

    dependencies = [
        ('vault', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='datakey',
            name='in_force_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='datakey',
            name='marks',
            field=models.BooleanField(default=True),
        ),
        migrations.RunPython(put_in_force, migrations.RunPython.noop),
        migrations.RunSQL(HOLD_KEYS, LET_GO),
        migrations.RunSQL(DIGESTS_ARE_CURRENT, TRUST_DIGESTS),
    ]
