import pgtrigger
from django.db import models
from django.db.migrations.operations import AddConstraint, AddIndex, CreateModel
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

from tellerdesk.core.migration_states import rendered_once

ADDED = (
    AddIndex("thing", models.Index(fields=["number"], name="thing_by_number")),
    AddConstraint("thing", models.UniqueConstraint(fields=["number"], name="thing_once")),
    AddTrigger("thing", pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)),
)


def test_what_is_added_is_known_to_the_model_that_is_not_rendered_again():
    state = ProjectState()
    fields = [("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField())]
    CreateModel("Thing", fields).state_forwards("things", state)
    rendered = state.apps.get_model("things", "thing")
    with rendered_once():
        for operation in ADDED:
            operation.state_forwards("things", state)
    assert state.apps.get_model("things", "thing") is rendered
    anew = ProjectState(models=state.models).apps.get_model("things", "thing")
    assert named(rendered) == named(anew) == {
        "indexes": ["thing_by_number"],
        "constraints": ["thing_once"],
        "triggers": ["no_delete"],
    }  # fmt: skip


def test_afterwards_django_renders_as_ever():
    ways = (ProjectState.add_index, ProjectState.add_constraint, AddTrigger.state_forwards)
    with rendered_once():
        assert ProjectState.add_index is not ways[0]
    assert (ProjectState.add_index, ProjectState.add_constraint, AddTrigger.state_forwards) == ways


def named(model) -> dict[str, list[str]]:
    return {
        option: [each.name for each in getattr(model._meta, option)]
        for option in ("indexes", "constraints", "triggers")
    }
