"""Who else has something to move when two customers become one, or two again: apps above this one say so from ready().

Their functions run in the transaction of the approval, both customers being locked.
"""

from dataclasses import dataclass

from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Party:
    """Dotted paths: `after_merge(survivor, absorbed, by=, request=)` returns what `after_undo(…, kept=)` gives back."""

    after_merge: str
    after_undo: str


PARTIES: dict[str, Party] = {}


def register_party(name: str, *, after_merge: str, after_undo: str) -> None:
    """`name` is that of the app: what it keeps stands under it in `Merge.moved`."""
    PARTIES[name] = Party(after_merge, after_undo)


def tell_merged(survivor, absorbed, *, by, request) -> dict[str, dict]:
    found = {name: import_string(party.after_merge) for name, party in PARTIES.items()}
    return {name: after_merge(survivor, absorbed, by=by, request=request) for name, after_merge in found.items()}


def tell_undone(survivor, absorbed, *, kept: dict[str, dict], by, request) -> None:
    for name, party in PARTIES.items():
        import_string(party.after_undo)(survivor, absorbed, kept=kept.get(name, {}), by=by, request=request)
