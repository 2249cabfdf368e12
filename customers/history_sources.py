"""What a customer's history is put together from. What stands above customers adds its own from AppConfig.ready."""

from customers.enums import HistoryKind

# A function of a HistoryAsked that gives its newest lines, by dotted path: models are read when it is asked first.
SOURCES: list[tuple[HistoryKind | None, str]] = [
    (None, "customers.selectors.history_events.lines"),
    (HistoryKind.LOOKS, "customers.selectors.history_rows.look_lines"),
    (HistoryKind.RECEIPTS, "customers.selectors.history_rows.receipt_lines"),
]
# The strand an audit action belongs to; what is not named here changed the customer.
KIND_BY_ACTION: dict[str, HistoryKind] = {}


def register_source(kind: HistoryKind, path: str) -> None:
    if (kind, path) not in SOURCES:
        SOURCES.append((kind, path))


def register_actions(kind: HistoryKind, *actions: str) -> None:
    KIND_BY_ACTION.update(dict.fromkeys(actions, kind))
