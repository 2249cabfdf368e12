"""Rules 1.3, row by row, beside the code's table."""

import pytest

from tellerdesk.staff.enums import Position
from tellerdesk.staff.roles import POSITIONS_BY_PERMISSION, VIEW_BY_POSITION, permissions_of
from tests.cases import (
    AUDITOR,
    COUNTER,
    DEPUTY,
    EVERYBODY,
    FRONT,
    HEAD,
    MANAGER,
    REACH,
    SPECIALISTS,
    SUPERVISOR,
    TELLER,
    TRAINING,
)

RULES = {
    # parse a number, evaluate a tier, courses, own attempts
    "customers.parse_document": EVERYBODY,
    "tiering.evaluate": EVERYBODY,
    "training.take_course": EVERYBODY,
    # look up; read file and history (reach)
    "customers.look_up": REACH,
    # check identity, open, amend, ask for a merge
    "customers.check_identity": COUNTER,
    "customers.open_customer": COUNTER,
    "customers.amend_customer": COUNTER,
    "customers.request_merge": COUNTER,
    # approve amendments; approve merge, suspension, reinstatement
    "customers.approve_amendment": {SUPERVISOR, MANAGER},
    "customers.approve_merge": {MANAGER},
    # likely duplicates: seen, found to be two persons, searched for
    "customers.list_duplicates": {SUPERVISOR, MANAGER, HEAD, AUDITOR},
    "customers.dismiss_duplicates": {SUPERVISOR, MANAGER, HEAD},
    "customers.find_duplicates": {MANAGER, HEAD},
    # the register of checks of one's branches
    "customers.list_checks": COUNTER | {HEAD, AUDITOR},
    "customers.change_calendar": {HEAD},
    # names and numbers in lists without masks; decisions and day totals of one's branches; who looked at whom
    "customers.unmask_lists": {SUPERVISOR, MANAGER, DEPUTY, HEAD},
    "customers.oversee_counter": {SUPERVISOR, MANAGER, DEPUTY, HEAD, AUDITOR},
    "customers.read_looks": {MANAGER, HEAD, AUDITOR},
    # lists, dashboard, assessment (view); the policy is read by the same
    "tiering.view_tiers": REACH,
    "tiering.read_policy": REACH,
    # load snapshots, import customers
    "tiering.load_snapshots": {HEAD},
    "customers.import_customers": {HEAD},
    # set owners, adopt, hand over
    "tiering.adopt_customer": FRONT | {MANAGER, DEPUTY, HEAD},
    "tiering.set_owners": {MANAGER, DEPUTY, HEAD},
    "tiering.hand_over": {MANAGER, DEPUTY, HEAD},
    # what the customer chose after an upgrade: whoever may own him, and the managers
    "tiering.record_choice": FRONT | {TELLER, MANAGER, DEPUTY, HEAD},
    # rosters of the branch, and the plan of the rollout
    "tiering.keep_rosters": {MANAGER, DEPUTY, HEAD},
    "tiering.plan_rollout": {HEAD},
    # draft and submit policy; approve it, another person
    "tiering.draft_policy": {HEAD},
    "tiering.approve_policy": {DEPUTY, HEAD},
    "tiering.try_policy": {DEPUTY, HEAD},
    "tiering.close_assessment": {HEAD},
    # questions, keys, item analysis
    "training.edit_course": {TRAINING},
    "training.read_course": {TRAINING, AUDITOR},
    "training.see_results": {MANAGER, TRAINING, AUDITOR},
    # the bank's limits: asked for by one, put in force by another
    "limits.read_limits": {HEAD, DEPUTY, AUDITOR},
    "limits.change_limits": {HEAD},
    "limits.approve_limits": {DEPUTY, HEAD},
    # staff and branches; audit
    "staff.manage_staff": {HEAD},
    "staff.deactivate_staff": {HEAD, MANAGER},
    "staff.read_staff": {HEAD, MANAGER, AUDITOR},
    "audit.read_events": {HEAD, MANAGER, AUDITOR},
}
VIEWS = {
    **dict.fromkeys(SPECIALISTS | {TELLER}, "own"),
    **dict.fromkeys(FRONT | {SUPERVISOR, MANAGER}, "branch"),
    DEPUTY: "subtree",
    **dict.fromkeys({HEAD, TRAINING, AUDITOR}, "entity"),
}


def test_the_table_is_that_of_the_rules():
    assert {permission: set(allowed) for permission, allowed in POSITIONS_BY_PERMISSION.items()} == RULES


def test_how_far_lists_reach():
    assert VIEW_BY_POSITION == VIEWS


@pytest.mark.parametrize("position", Position.values)
def test_a_position_may_what_its_column_says(position):
    assert permissions_of([position]) == {permission for permission, allowed in RULES.items() if position in allowed}


def test_two_positions_add_up():
    assert permissions_of([TELLER, AUDITOR]) == permissions_of([TELLER]) | permissions_of([AUDITOR])


def test_no_position_no_permission():
    assert permissions_of([]) == frozenset()
