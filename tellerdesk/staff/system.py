from dataclasses import dataclass

from tellerdesk.staff.models import LegalEntity


@dataclass(frozen=True)
class System:
    """Stands as `by` where no person acts: the founding of a legal entity, sample data, the night."""

    legal_entity: LegalEntity
    username: str = "system"
    name: str = "system"
    branch: None = None
