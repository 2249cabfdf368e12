"""Several questions to the database, answered as of one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction

from tellerdesk.core.replicas import reading_alias


@contextmanager
def one_moment() -> Iterator[None]:
    """Reads only, of the replica where the page is read from it. Inside an open transaction it is that one's matter
    what its questions see.
    """
    alias = reading_alias()
    nested = connections[alias].in_atomic_block
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        if not nested:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield
