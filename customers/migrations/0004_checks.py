"""The register of checks by the bank's day, and the report to the police that a refusal may owe."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import tellerdesk.core.business_date
from tellerdesk.audit.sealing import seal_table


class Migration(migrations.Migration):

    dependencies = [
        ("customers", "0003_control"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='identitycheck',
            name='frozen',
        ),
        migrations.AddField(
            model_name='identitycheck',
            name='business_date',
            field=models.DateField(default=tellerdesk.core.business_date.today),
        ),
        migrations.RunSQL(
            "UPDATE customers_identitycheck SET business_date = (checked_at AT TIME ZONE 'Asia/Shanghai')::date",
            migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name='identitycheck',
            name='police_report',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='identitycheck',
            name='police_reported_on',
            field=models.DateField(null=True),
        ),
        migrations.AddIndex(
            model_name='identitycheck',
            index=models.Index(fields=['branch', 'business_date', '-id'], name='check_in_register'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='identitycheck',
            trigger=pgtrigger.compiler.Trigger(name='frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."branch_id" IS DISTINCT FROM (NEW."branch_id") OR OLD."business" IS DISTINCT FROM (NEW."business") OR OLD."business_date" IS DISTINCT FROM (NEW."business_date") OR OLD."checked_at" IS DISTINCT FROM (NEW."checked_at") OR OLD."document_type" IS DISTINCT FROM (NEW."document_type") OR OLD."issuing_authority" IS DISTINCT FROM (NEW."issuing_authority") OR OLD."key_digest" IS DISTINCT FROM (NEW."key_digest") OR OLD."legal_entity_id" IS DISTINCT FROM (NEW."legal_entity_id") OR OLD."matched_name" IS DISTINCT FROM (NEW."matched_name") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."number_digest" IS DISTINCT FROM (NEW."number_digest") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."photo_hash" IS DISTINCT FROM (NEW."photo_hash") OR OLD."request_id" IS DISTINCT FROM (NEW."request_id") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."teller_id" IS DISTINCT FROM (NEW."teller_id"))', func="RAISE EXCEPTION 'what is changed here in % never changes', TG_TABLE_NAME;", hash='9ca6c316b555ac34858a2d609283b517b716ab94', operation='UPDATE', pgid='pgtrigger_frozen_b204f', table='customers_identitycheck', when='BEFORE')),
        ),
        seal_table(
            "customers.identitycheck",
            "customers_identitycheck",
            [
                "branch_id", "teller_id", "checked_at", "business_date", "business", "name", "document_type",
                "number_digest", "key_digest", "request_id", "issuing_authority", "outcome", "matched_name", "photo_hash",
                "source", "decision", "decided_at", "decided_by_id", "photo_matches", "reader_genuine", "police_receipt",
                "reason", "follow_up_due_on", "police_report", "police_reported_on", "customer_id", "consumed_at",
            ],
            version=2,
        ),  # fmt: skip
    ]
