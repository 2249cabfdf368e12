import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# A table of its own for each assessed day (jobs.assessed_days makes them).
TABLE = """
CREATE TABLE tiering_assesseddayline (
  customer_id bigint, branch_id bigint, aum bigint, owner_id bigint, owned_since date, categories integer,
  position varchar(20), assessed_day_id bigint
) PARTITION BY LIST (assessed_day_id)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0003_last_write'),
        ('tiering', '0014_customers_without_keys'),
    ]

    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE tiering_assesseddayline"),
        migrations.CreateModel(
            name='AssessedDayLine',
            fields=[
                ('customer_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('assessed_day_id', models.BigIntegerField()),
                ('branch_id', models.BigIntegerField(null=True)),
                ('aum', models.BigIntegerField(null=True)),
                ('owner_id', models.BigIntegerField(null=True)),
                ('owned_since', models.DateField(null=True)),
                ('categories', models.IntegerField(null=True)),
                ('position', models.CharField(max_length=20, null=True)),
            ],
            options={
                'db_table': 'tiering_assesseddayline',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='AssessedDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField()),
                ('owned_on', models.DateField()),
                ('floor', models.BigIntegerField()),
                ('owners', models.BigIntegerField()),
                ('owners_digest', models.BigIntegerField()),
                ('kept_at', models.DateTimeField()),
                ('legal_entity', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.legalentity')),
                ('run', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tiering.nightlyrun')),
            ],
        ),
        migrations.AddIndex(
            model_name='assessedday',
            index=models.Index(fields=['legal_entity', 'as_of'], name='assessed_day_by_entity'),
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='assessment',
            name='frozen_once_computed',
        ),
        migrations.AddField(
            model_name='assessment',
            name='category_bits',
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name='assessment',
            name='opening_day',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tiering.assessedday'),
        ),
        migrations.AddField(
            model_name='assessment',
            name='closing_day',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tiering.assessedday'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='frozen_once_computed', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status = 'succeeded' AND (OLD.status IS DISTINCT FROM NEW.status OR OLD.opening_on IS DISTINCT FROM NEW.opening_on OR OLD.closing_on IS DISTINCT FROM NEW.closing_on OR OLD.policy_version IS DISTINCT FROM NEW.policy_version OR OLD.categories IS DISTINCT FROM NEW.categories OR OLD.category_bits IS DISTINCT FROM NEW.category_bits OR OLD.opening_day_id IS DISTINCT FROM NEW.opening_day_id OR OLD.closing_day_id IS DISTINCT FROM NEW.closing_day_id OR OLD.incomplete IS DISTINCT FROM NEW.incomplete OR OLD.computed_at IS DISTINCT FROM NEW.computed_at))", func="RAISE EXCEPTION 'what is computed in % stays, and so does what is closed', TG_TABLE_NAME;", hash='27eab126af58d15428eb50f6e66f658b7a302233', operation='UPDATE', pgid='pgtrigger_frozen_once_computed_b2214', table='tiering_assessment', when='BEFORE')),
        ),
    ]
