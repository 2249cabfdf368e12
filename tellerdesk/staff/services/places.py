"""Legal entities and their branches."""

from django.db import IntegrityError, transaction

from tellerdesk.audit.services import changed_fields, record
from tellerdesk.staff.errors import AnotherEntity, BranchCodeTaken
from tellerdesk.staff.models import Branch, LegalEntity
from tellerdesk.staff.system import System

HEAD_OFFICE = "000"


@transaction.atomic
def found_legal_entity(*, code: str, name: str, head_office_name: str) -> LegalEntity:
    """The entity and its head office, branch 000; nobody is there yet to do it, so the system does."""
    entity = LegalEntity.objects.create(code=code, name=name)
    head = Branch.objects.create(legal_entity=entity, code=HEAD_OFFICE, name=head_office_name, path=f"/{HEAD_OFFICE}/")
    record("staff.entity_founded", subject=entity, by=System(entity), detail={"name": name}, touched=[head])
    return entity


@transaction.atomic
def create_branch(*, code: str, name: str, parent: Branch, by) -> Branch:
    """Raises BranchCodeTaken, AnotherEntity."""
    if parent.legal_entity_id != by.legal_entity.pk:
        raise AnotherEntity
    try:
        with transaction.atomic():
            branch = Branch.objects.create(
                legal_entity=by.legal_entity, code=code, name=name, parent=parent, path=f"{parent.path}{code}/"
            )
    except IntegrityError as error:
        raise BranchCodeTaken(code=code) from error
    record("staff.branch_created", subject=branch, by=by, detail={"code": code, "name": name, "parent": str(parent)})
    return branch


@transaction.atomic
def rename_branch(*, branch: Branch, name: str, by) -> Branch:
    """The code stays for ever: it stands in addresses and in the audit chain."""
    if branch.legal_entity_id != by.legal_entity.pk:
        raise AnotherEntity
    held = Branch.objects.select_for_update().get(pk=branch.pk)
    changes = changed_fields({"name": held.name}, {"name": name})
    if changes:
        held.name = name
        held.save(update_fields=["name"])
        record("staff.branch_renamed", subject=held, by=by, detail={"code": held.code, "name": name}, changes=changes)
    return held
