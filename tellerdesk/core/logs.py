"""Log lines that name what broke and where, and never what somebody typed or whom a row speaks of."""

import logging
import traceback

from django.db import Error


class LineFormatter(logging.Formatter):
    """Tracebacks without the exceptions' messages: a database error quotes the row, a ValueError what was typed.

    Of a database error the SQLSTATE and the constraint are kept.
    """

    def formatException(self, ei):  # noqa: N802 - logging's own name
        return "\n".join(_told(ei[1]))


def _told(error, seen=()) -> list[str]:
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = _told(earlier, (*seen, error)) if earlier is not None and earlier not in seen else []
    frames = [line.rstrip() for line in traceback.format_tb(error.__traceback__)]
    return [*lines, "Traceback (most recent call last):", *frames, _name(error)]


def _name(error) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    diagnosis = getattr(error.__cause__, "diag", None) if isinstance(error, Error) else None
    if diagnosis is None:
        return name
    return f"{name} {diagnosis.sqlstate or ''} {diagnosis.constraint_name or ''}".rstrip()
