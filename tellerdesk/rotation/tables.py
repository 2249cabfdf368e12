"""Which tables hold sealed numbers and digests of them, and how a change finds what belongs to a legal entity."""

from collections.abc import Iterator
from dataclasses import dataclass

from psycopg2 import sql

from customers.models import Agent, AuxiliaryPaper, ChangedNumber, IdentityCheck, IdentityDocument, IdentityKey
from customers.rules.identity_key import identity_key, number_text
from tellerdesk.audit.bulk import Records
from tellerdesk.audit.models import SealedTable


@dataclass(frozen=True)
class DigestTable:
    """`entity` is the id of the legal entity as an SQL expression on `t`; `digests` its columns of digests."""

    model: type
    entity: str
    digests: tuple[str, ...] = ("number_digest",)

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def name(self) -> sql.Identifier:
        return sql.Identifier(self.model._meta.db_table)

    def records(self, legal_entity_id: int) -> Records:
        query = sql.SQL("SELECT t.id FROM {} t WHERE {} = {}").format(
            self.name, sql.SQL(self.entity), sql.Literal(legal_entity_id)
        )
        return Records(self.label, query)


NUMBERS = (
    DigestTable(IdentityDocument, "t.legal_entity_id"),
    DigestTable(IdentityCheck, "t.legal_entity_id", ("number_digest", "key_digest")),
    DigestTable(
        AuxiliaryPaper, "(SELECT c.legal_entity_id FROM customers_identitycheck c WHERE c.id = t.check_record_id)"
    ),
    DigestTable(Agent, "(SELECT c.legal_entity_id FROM customers_customer c WHERE c.id = t.customer_id)"),
    DigestTable(ChangedNumber, "(SELECT a.legal_entity_id FROM customers_amendment a WHERE a.id = t.amendment_id)"),
)
# Holds no number of its own: its digests are those of numbers that stand in the others.
KEYS = DigestTable(IdentityKey, "t.legal_entity_id", ("key_digest",))
TABLES = (*NUMBERS, KEYS)


def sealed(tables, columns: set[str]) -> list[DigestTable]:
    """Those whose audit seals cover any of the columns."""
    covered = {row.label: set(row.columns) for row in SealedTable.objects.order_by("label", "version")}
    return [table for table in tables if covered.get(table.label, set()) & columns]


def texts_of(document_type: str, number: str) -> Iterator[str]:
    """What is digested of one number; `key_digest` of a check without identity key is that of the number itself."""
    yield number_text(document_type, number)
    if key := identity_key(document_type, number):
        yield key
