"""Migrations of an empty database in less time.

Django renders a model, and whatever a relation leads to, anew after each index, constraint and trigger that a migration
adds: hundreds of times, some twenty models each. None of them changes a field, so the rendered model is told of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


@contextmanager
def rendered_once() -> Iterator[None]:
    """Around whatever migrates."""
    told = ((ProjectState, "add_index", _add_index), (ProjectState, "add_constraint", _add_constraint))
    told += ((AddTrigger, "state_forwards", _add_trigger),)
    former = [(owner, name, getattr(owner, name)) for owner, name, _ in told]
    for owner, name, way in told:
        setattr(owner, name, way)
    try:
        yield
    finally:
        for owner, name, way in former:
            setattr(owner, name, way)


def _add_index(state: ProjectState, app_label: str, model_name: str, index) -> None:
    _tell(state, app_label, model_name, "indexes", index)


def _add_constraint(state: ProjectState, app_label: str, model_name: str, constraint) -> None:
    _tell(state, app_label, model_name, "constraints", constraint)


def _add_trigger(operation: AddTrigger, app_label: str, state: ProjectState) -> None:
    _tell(state, app_label, operation.model_name, "triggers", operation.trigger)


def _tell(state: ProjectState, app_label: str, model_name: str, option: str, added) -> None:
    options = state.models[app_label, model_name].options
    options[option] = [*options.get(option, ()), added]
    if "apps" in state.__dict__:  # else nothing is rendered yet
        state.is_delayed = True
        with suppress(LookupError):
            meta = state.apps.get_model(app_label, model_name)._meta
            setattr(meta, option, [*getattr(meta, option, ()), added])
