"""Who may do what (rules 1.3). Pages, API and tests read this one table."""

from tellerdesk.staff.enums import Position, View

TELLER, SUPERVISOR, LOBBY = Position.TELLER, Position.SUPERVISOR, Position.LOBBY_MANAGER
PRESIDENT, ADVISOR, WEALTH = Position.BRANCH_PRESIDENT, Position.FINANCIAL_ADVISOR, Position.WEALTH_MANAGER
MANAGER, DEPUTY, HEAD = Position.BRANCH_MANAGER, Position.DEPUTY_PRESIDENT, Position.HEAD_OFFICE
RELATIONSHIP, PRODUCT = Position.RELATIONSHIP_MANAGER, Position.PRODUCT_MANAGER
CONSULTANT = Position.WEALTH_CONSULTANT
TRAINING, AUDITOR = Position.TRAINING_ADMIN, Position.AUDITOR

EVERYBODY = frozenset(Position)
FRONT = frozenset({LOBBY, PRESIDENT, ADVISOR, WEALTH})
# They own no customers; they serve whom an owner refers to them, of every branch below their own.
SPECIALISTS = frozenset({RELATIONSHIP, PRODUCT, CONSULTANT})
COUNTER = frozenset({TELLER, SUPERVISOR, MANAGER})

POSITIONS_BY_PERMISSION = {
    "customers.parse_document": EVERYBODY,
    "customers.look_up": COUNTER | FRONT | SPECIALISTS | {DEPUTY, HEAD, AUDITOR},
    "customers.check_identity": COUNTER,
    "customers.open_customer": COUNTER,
    "customers.amend_customer": COUNTER,
    "customers.request_merge": COUNTER,
    "customers.approve_amendment": frozenset({SUPERVISOR, MANAGER}),
    "customers.approve_merge": frozenset({MANAGER}),
    "customers.list_duplicates": frozenset({SUPERVISOR, MANAGER, HEAD, AUDITOR}),
    "customers.dismiss_duplicates": frozenset({SUPERVISOR, MANAGER, HEAD}),
    "customers.find_duplicates": frozenset({MANAGER, HEAD}),
    "customers.list_checks": COUNTER | {HEAD, AUDITOR},
    "customers.unmask_lists": frozenset({SUPERVISOR, MANAGER, DEPUTY, HEAD}),
    "customers.oversee_counter": frozenset({SUPERVISOR, MANAGER, DEPUTY, HEAD, AUDITOR}),
    "customers.read_looks": frozenset({MANAGER, HEAD, AUDITOR}),
    "customers.change_calendar": frozenset({HEAD}),
    "customers.import_customers": frozenset({HEAD}),
    "tiering.evaluate": EVERYBODY,
    "tiering.view_tiers": EVERYBODY - {TRAINING},
    "tiering.read_policy": EVERYBODY - {TRAINING},
    "tiering.draft_policy": frozenset({HEAD}),
    "tiering.approve_policy": frozenset({DEPUTY, HEAD}),
    "tiering.try_policy": frozenset({DEPUTY, HEAD}),
    "tiering.load_snapshots": frozenset({HEAD}),
    "tiering.adopt_customer": FRONT | {MANAGER, DEPUTY, HEAD},
    "tiering.set_owners": frozenset({MANAGER, DEPUTY, HEAD}),
    "tiering.record_choice": FRONT | {TELLER, MANAGER, DEPUTY, HEAD},
    "tiering.keep_rosters": frozenset({MANAGER, DEPUTY, HEAD}),
    "tiering.plan_rollout": frozenset({HEAD}),
    "tiering.hand_over": frozenset({MANAGER, DEPUTY, HEAD}),
    "tiering.close_assessment": frozenset({HEAD}),
    "training.take_course": EVERYBODY,
    "training.edit_course": frozenset({TRAINING}),
    "training.read_course": frozenset({TRAINING, AUDITOR}),
    "training.see_results": frozenset({MANAGER, TRAINING, AUDITOR}),
    "staff.manage_staff": frozenset({HEAD}),
    "staff.deactivate_staff": frozenset({HEAD, MANAGER}),
    "staff.read_staff": frozenset({HEAD, MANAGER, AUDITOR}),
    "limits.read_limits": frozenset({HEAD, DEPUTY, AUDITOR}),
    "limits.change_limits": frozenset({HEAD}),
    "limits.approve_limits": frozenset({DEPUTY, HEAD}),
    "audit.read_events": frozenset({AUDITOR, HEAD, MANAGER}),
}

VIEW_BY_POSITION = {
    **dict.fromkeys((TELLER, RELATIONSHIP, PRODUCT, CONSULTANT), View.OWN),
    **dict.fromkeys((SUPERVISOR, LOBBY, PRESIDENT, ADVISOR, WEALTH, MANAGER), View.BRANCH),
    DEPUTY: View.SUBTREE,
    HEAD: View.ENTITY,
    AUDITOR: View.ENTITY,
    TRAINING: View.ENTITY,
}


def permissions_of(positions) -> frozenset[str]:
    """Positions add up: whoever holds two postings may do what either allows."""
    held = set(positions)
    return frozenset(name for name, allowed in POSITIONS_BY_PERMISSION.items() if held & allowed)
