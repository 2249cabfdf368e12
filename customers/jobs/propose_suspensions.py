"""Daily: customers whose document ran out longer ago than the time of grace are proposed for suspension (rules 1.5).

The same however often it runs and however it ended last time: a customer has one open request at most, and what is
open already is left alone. A proposal that no longer fits (renewed, put off, file changed since) is withdrawn first;
where the document is still over its time, it is proposed anew on the file as it is now. rules.expiry is the twin.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from customers.enums import AmendmentKind
from customers.models import Amendment
from customers.rules.expiry import EXPIRED_DOCUMENT
from customers.selectors.limits import grace_days
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.services import event_of
from tellerdesk.core.business_date import today
from tellerdesk.staff.models import LegalEntity
from tellerdesk.staff.system import System

LOCK = 7_310_005
CHUNK = 500
PROPOSED, WITHDRAWN = "customers.suspension_proposed", "customers.request_withdrawn"

# Over its time: the day after the last one of grace has come, and no ground puts it off that far.
OVER = """
    d.valid_until < %(today)s::date - %(grace)s
    AND NOT EXISTS (SELECT FROM customers_postponement p WHERE p.document_id = d.id AND p.until >= %(today)s)
"""
PROPOSE = f"""
WITH due AS (
    SELECT c.id, c.legal_entity_id, c.home_branch_id, c.version
    FROM customers_identitydocument d
    JOIN customers_customer c ON c.id = d.customer_id
    WHERE d.role = 'primary' AND {OVER} AND c.status = 'active' AND c.legal_entity_id = %(entity)s
      AND NOT EXISTS (
          SELECT FROM customers_amendment a
          WHERE a.status = 'pending_review' AND (a.customer_id = c.id OR a.other_id = c.id)
      )
      AND NOT EXISTS (  -- a manager has sent it back: asked again after another time of grace, or when the file changed
          SELECT FROM customers_amendment a
          WHERE a.customer_id = c.id AND a.kind = 'suspension' AND a.status = 'rejected' AND a.maker_id IS NULL
            AND a.base_version = c.version AND a.decided_at::date >= %(today)s::date - %(grace)s
      )
    ORDER BY d.valid_until, c.id
    LIMIT {CHUNK}
    FOR NO KEY UPDATE OF c SKIP LOCKED
)
INSERT INTO customers_amendment (
    legal_entity_id, branch_id, customer_id, kind, status, changes, base_version, in_person, reason, made_at,
    decision_reason
)
SELECT legal_entity_id, home_branch_id, id, 'suspension', 'pending_review',
       '{{"status": ["active", "suspended"]}}', version, false, %(reason)s, now(), ''
FROM due
ON CONFLICT DO NOTHING
RETURNING id
"""
WITHDRAW = f"""
UPDATE customers_amendment SET status = 'withdrawn', decided_at = now()
WHERE id IN (
    SELECT a.id FROM customers_amendment a
    JOIN customers_customer c ON c.id = a.customer_id
    WHERE a.status = 'pending_review' AND a.kind = 'suspension' AND a.maker_id IS NULL AND a.reason = %(reason)s
      AND a.legal_entity_id = %(entity)s
      AND (c.version <> a.base_version OR c.status <> 'active' OR NOT EXISTS (
          SELECT FROM customers_identitydocument d WHERE d.customer_id = c.id AND d.role = 'primary' AND {OVER}
      ))
    ORDER BY a.id
    LIMIT {CHUNK}
    FOR UPDATE OF a SKIP LOCKED
)
RETURNING id
"""


@dataclass(frozen=True)
class Proposals:
    proposed: int
    withdrawn: int


def propose_suspensions(*, day: date | None = None) -> Proposals:
    """In all legal entities, some hundred customers in each transaction; two at once take turns."""
    proposed, gone = 0, 0
    for entity in LegalEntity.objects.order_by("pk"):
        grace = grace_days(entity.pk)
        values = {"today": day or today(), "grace": grace, "entity": entity.pk, "reason": EXPIRED_DOCUMENT}
        gone += sum(in_chunks(WITHDRAW, values, WITHDRAWN, by=System(entity)))
        proposed += sum(in_chunks(PROPOSE, values, PROPOSED, by=System(entity)))
    return Proposals(proposed, gone)


def in_chunks(statement: str, values: dict, action: str, *, by) -> Iterator[int]:
    """How many each time, until there are none."""
    while number := one_chunk(statement, values, action, by=by):
        yield number


@transaction.atomic
def one_chunk(statement: str, values: dict, action: str, *, by) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(statement, values)
        ids = [pk for (pk,) in cursor.fetchall()]
    detail = {"kind": str(AmendmentKind.SUSPENSION), "reason": EXPIRED_DOCUMENT}
    requests = Amendment.objects.filter(pk__in=ids).select_related("customer").order_by("pk")
    AuditEvent.objects.bulk_create(
        event_of(action, subject=each.customer, by=by, detail=detail, touched=[each]) for each in requests
    )
    return len(ids)
