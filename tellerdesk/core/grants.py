"""Tables in which the application may delete. Everything else is kept: changed or ended, never removed."""

MAY_DELETE = (
    # What was typed and not yet sent.
    "customers_draft",
    "django_session",
    # Failed logins, forgotten after a success or once the lock has run out.
    "axes_accessattempt",
    "axes_accessattemptexpiration",
    "axes_accessfailurelog",
    # What a draft of a policy no longer names; a trigger keeps what an approved one says.
    "tiering_productcategory",
    # What ran in the background and is over.
    "django_tasks_database_dbtaskresult",
)

# Tables that only the owner writes: jobs are run by it, and the audit's trigger has its rights (tellerdesk.audit.sql).
READ_ONLY = (
    "django_migrations",
    "audit_auditlink",
    "audit_auditchain",
    "audit_recordseal",
    "audit_sealedtable",
    # Written by the change of the digest key alone (tellerdesk.rotation).
    "rotation_newdigest",
    # Written by the night alone (tiering.jobs).
    "tiering_snapshotline",
    "tiering_snapshotday",
    "tiering_tiermove",
    "tiering_nearlimit",
    "tiering_whatifbasis",
    "tiering_whatifline",
    "tiering_whatifsum",
    # Written by the jobs of the quarter alone.
    "tiering_assessmentcustomer",
    "tiering_assessmentfigure",
    "tiering_assessedowner",
    "tiering_assessedday",
    "tiering_assesseddayline",
)

# Whose partitions are read by their own names too: of a parent the planner has no statistics for joins.
READ_IN_PARTS = ("tiering_assesseddayline",)
