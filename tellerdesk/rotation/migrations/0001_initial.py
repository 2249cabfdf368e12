import django.db.models.deletion
from django.db import migrations, models

DIGESTS = {
    "customers_identitydocument": ["number_digest"],
    "customers_identitykey": ["key_digest"],
    "customers_identitycheck": ["number_digest", "key_digest"],
    "customers_auxiliarypaper": ["number_digest"],
    "customers_agent": ["number_digest"],
    "customers_changednumber": ["number_digest"],
}


def guard(table, columns):
    """No row with a digest of a former key is added, whoever adds it."""
    return migrations.RunSQL(
        f"CREATE TRIGGER digests_are_current AFTER INSERT ON {table} REFERENCING NEW TABLE AS added "
        f"FOR EACH STATEMENT EXECUTE FUNCTION vault_digests_are_current({', '.join(map(repr, columns))})",
        f"DROP TRIGGER digests_are_current ON {table}",
    )


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('customers', '0003_control'),
        ('vault', '0002_keys_in_force'),
    ]

    operations = [
        migrations.CreateModel(
            name='NewDigest',
            fields=[
                ('old', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('new', models.BinaryField(max_length=32)),
                ('key', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vault.datakey')),
            ],
        ),
        *(guard(table, columns) for table, columns in DIGESTS.items()),
    ]
