"""Who may open what: every address of the project by position (rules 1.3), written out beside the code's own table.

A row names the answer that somebody whose position allows it gets when nothing else is right: 404 for a thing that is
not there, 400 for an empty body. Everybody else gets 403.
"""

from dataclasses import dataclass, field

TELLER, SUPERVISOR, LOBBY = "teller", "supervisor", "lobby_manager"
PRESIDENT, ADVISOR, WEALTH = "branch_president", "financial_advisor", "wealth_manager"
MANAGER, DEPUTY, HEAD = "branch_manager", "deputy_president", "head_office"
TRAINING, AUDITOR = "training_admin", "auditor"

COUNTER = {TELLER, SUPERVISOR, MANAGER}
FRONT = {LOBBY, PRESIDENT, ADVISOR, WEALTH}
SPECIALISTS = {"relationship_manager", "product_manager", "wealth_consultant"}
EVERYBODY = COUNTER | FRONT | SPECIALISTS | {DEPUTY, HEAD, TRAINING, AUDITOR}
REACH = EVERYBODY - {TRAINING}
CHECKERS = {SUPERVISOR, MANAGER}
READERS_OF_CHECKS = COUNTER | {HEAD, AUDITOR}
READERS_OF_STAFF = {HEAD, MANAGER, AUDITOR}
READERS_OF_DUPLICATES = {SUPERVISOR, MANAGER, HEAD, AUDITOR}

UNMASKERS = {SUPERVISOR, MANAGER, DEPUTY, HEAD}
OVERSEERS = UNMASKERS | {AUDITOR}

LOGIN = 302
NOBODY_YET = 401


@dataclass(frozen=True)
class Case:
    """`stranger` is the answer without a login; `sent` makes it a POST (or `method`) with that body."""

    name: str
    answer: int
    to: set = field(default_factory=lambda: EVERYBODY)
    args: tuple = ()
    sent: dict | None = None
    method: str = ""
    stranger: int = LOGIN


OWNERS = {MANAGER, DEPUTY, HEAD}
TRIERS = {DEPUTY, HEAD}
NUMBER = "62031774092600"
OTHER_NUMBER = "62031774092601"
PERSON = ("nobody-here",)
POSTING = ("nobody-here", 1)

PAGES = [
    Case("home", 200),
    Case("healthz", 200, stranger=200),
    Case("commands", 200),
    Case("login", 302, stranger=200),
    Case("logout", 302, sent={}),
    Case("set_language", 302, sent={}),
    Case("set_theme", 302, sent={}),
    Case("personal_settings", 200),
    Case("change_password", 200),
    Case("token_list", 200),
    Case("issue_token", 200, sent={}),
    Case("revoke_token", 404, args=(1,), sent={}),
    Case("staff:staff_list", 200, READERS_OF_STAFF),
    Case("staff:create_staff", 200, {HEAD}),
    Case("staff:branch_list", 200, READERS_OF_STAFF),
    Case("staff:create_branch", 200, {HEAD}),
    Case("staff:rename_branch", 404, {HEAD}, args=("999",)),
    Case("staff:staff_detail", 404, READERS_OF_STAFF, args=PERSON),
    Case("staff:post_staff", 404, {HEAD}, args=PERSON),
    Case("staff:move_staff", 404, {HEAD}, args=POSTING),
    Case("staff:end_posting", 404, {HEAD}, args=POSTING),
    Case("staff:deactivate_staff", 404, {HEAD, MANAGER}, args=PERSON),
    Case("staff:reactivate_staff", 404, {HEAD}, args=PERSON),
    Case("staff:reset_password", 404, {HEAD}, args=PERSON, sent={}),
    Case("audit:event_list", 200, READERS_OF_STAFF),
    Case("audit:event", 404, READERS_OF_STAFF, args=(999999,)),
    Case("audit:record", 404, READERS_OF_STAFF, args=("staff.staff", "999999")),
    Case("audit:person", 404, READERS_OF_STAFF, args=PERSON),
    Case("audit:day", 200, READERS_OF_STAFF, args=("2026-11-24",)),
    Case("limits:limit_list", 200, {HEAD, DEPUTY, AUDITOR}),
    Case("limits:change_limit", 404, {HEAD}, args=("no-limit",)),
    Case("limits:decide_limit", 404, {DEPUTY, HEAD}, args=(999999,)),
    Case("limits:withdraw_change", 404, {HEAD}, args=(999999,), sent={}),
    Case("training:course_list", 200),
    Case("training:course", 404, args=("no-course",)),
    Case("training:start_attempt", 404, args=("no-course",), sent={}),
    Case("training:attempt", 404, args=(999999,)),
    Case("training:save_attempt", 404, args=(999999,), sent={}),
    Case("training:submit_attempt", 404, args=(999999,), sent={}),
    Case("training:attempt_result", 404, args=(999999,)),
    Case("training:qualification_list", 200),
    Case("training:branch_results", 200, {MANAGER, TRAINING, AUDITOR}),
    Case("training:course_admin", 200, {TRAINING, AUDITOR}),
    Case("training:question_list", 404, {TRAINING, AUDITOR}, args=("no-course",)),
    Case("training:edit_course", 404, {TRAINING}, args=("no-course",)),
    Case("training:create_question", 404, {TRAINING}, args=("no-course",)),
    Case("training:edit_question", 404, {TRAINING, AUDITOR}, args=(999999,)),
    Case("training:retire_question", 404, {TRAINING}, args=(999999,), sent={}),
    Case("customers:lookup", 200, REACH),
    Case("customers:open_customer", 200, COUNTER),
    Case("customers:open_with", 302, COUNTER, sent={}),
    Case("customers:answer", 400, REACH, sent={}),
    Case("customers:validity", 200, COUNTER, sent={}),
    Case("customers:check_step", 200, COUNTER, sent={}),
    Case("customers:save_draft", 204, COUNTER, sent={}),
    Case("customers:throw_away", 302, COUNTER, sent={}),
    Case("customers:work_calendar", 200, REACH),
    Case("customers:work_calendar", 200, {HEAD}, sent={}),
    Case("customers:calendar_template", 200, {HEAD}),
    Case("customers:certificate", 404, READERS_OF_CHECKS, args=(999999,)),
    Case("customers:check_register", 200, READERS_OF_CHECKS),
    Case("customers:check_register", 200, UNMASKERS & READERS_OF_CHECKS, sent={}),
    Case("customers:export_register", 200, READERS_OF_CHECKS, sent={}),
    Case("customers:owed_checks", 200, READERS_OF_CHECKS),
    Case("customers:export_owed_checks", 200, READERS_OF_CHECKS, sent={}),
    Case("customers:check_again", 404, COUNTER, args=(999999,), sent={}),
    Case("customers:print_certificate", 404, COUNTER, args=(999999,), sent={}),
    Case("customers:take_receipt", 404, COUNTER, args=(999999,), sent={}),
    Case("customers:report_check", 404, COUNTER, args=(999999,), sent={}),
    Case("customers:check_identity", 200, COUNTER),
    Case("customers:check", 404, READERS_OF_CHECKS, args=(999999,)),
    Case("customers:check_photo", 404, COUNTER, args=(999999,)),
    Case("customers:review_inbox", 200, CHECKERS),
    Case("customers:review", 404, CHECKERS, args=(999999,)),
    Case("customers:my_requests", 200, COUNTER),
    Case("customers:my_requests", 200, UNMASKERS & COUNTER, sent={}),
    Case("customers:receipt_list", 200, REACH),
    Case("customers:receipt_list", 200, UNMASKERS, sent={}),
    Case("customers:receipt", 404, REACH, args=(999999,)),
    Case("customers:print_receipt", 404, REACH, args=(999999,), sent={}),
    Case("customers:import_list", 200, {HEAD}),
    Case("customers:import_list", 200, {HEAD}, sent={}),
    Case("customers:import_template", 200, {HEAD}),
    Case("customers:import", 404, {HEAD}, args=(999999,)),
    Case("customers:import_now", 404, {HEAD}, args=(999999,), sent={}),
    Case("customers:take_up_import", 404, {HEAD}, args=(999999,), sent={}),
    Case("customers:import_rejects", 404, {HEAD}, args=(999999,)),
    Case("customers:amend_start", 200, COUNTER),
    Case("customers:merge_start", 200, COUNTER),
    Case("customers:merge", 404, COUNTER, args=(NUMBER, OTHER_NUMBER)),
    Case("customers:merged", 404, REACH, args=(NUMBER,)),
    Case("customers:undo_merge", 404, COUNTER, args=(NUMBER,), sent={}),
    Case("customers:duplicate_list", 200, READERS_OF_DUPLICATES),
    Case("customers:search_duplicates", 302, {MANAGER, HEAD}, sent={}),
    Case("customers:export_duplicates", 200, READERS_OF_DUPLICATES, sent={}),
    Case("customers:dismiss_duplicate", 404, CHECKERS | {HEAD}, args=(999999,), sent={}),
    Case("customers:standing_start", 200, COUNTER),
    Case("customers:standing", 404, COUNTER, args=(NUMBER,)),
    Case("customers:withdraw_request", 404, COUNTER, args=(999999,), sent={}),
    Case("customers:renew_start", 200, COUNTER),
    Case("customers:renew", 404, COUNTER, args=(NUMBER,)),
    Case("customers:expiring", 200, REACH),
    Case("customers:export_expiring", 200, REACH, sent={}),
    Case("customers:confirm_proposed", 302, {MANAGER}, sent={}),
    Case("customers:postpone", 404, {MANAGER}, args=(NUMBER,)),
    Case("customers:images", 404, REACH, args=(NUMBER,)),
    Case("customers:add_scan", 404, COUNTER, args=(NUMBER,), sent={}),
    Case("customers:image", 404, REACH, args=(NUMBER, 999999)),
    Case("customers:file", 404, REACH, args=(NUMBER,)),
    Case("customers:history", 404, REACH, args=(NUMBER,)),
    Case("customers:export_history", 404, REACH, args=(NUMBER,), sent={}),
    Case("customers:decided_list", 200, OVERSEERS),
    Case("customers:decided_list", 200, UNMASKERS, sent={}),
    Case("customers:looks", 200, READERS_OF_STAFF),
    Case("customers:looks_of_person", 404, READERS_OF_STAFF, args=PERSON),
    Case("customers:day_totals", 200, OVERSEERS),
    Case("customers:export_list", 404, args=("no-list",), sent={}),
    Case("customers:export_list", 200, READERS_OF_CHECKS, args=("checks",), sent={}),
    Case("customers:export_list", 200, REACH, args=("receipts",), sent={}),
    Case("customers:export_list", 200, COUNTER, args=("my_requests",), sent={}),
    Case("customers:export_list", 200, CHECKERS, args=("waiting",), sent={}),
    Case("customers:export_list", 200, OVERSEERS, args=("decided",), sent={}),
    Case("customers:export_list", 404, READERS_OF_STAFF, args=("looks",), sent={}),
    Case("customers:export_list", 200, OVERSEERS, args=("day_totals",), sent={}),
    Case("customers:amend", 404, COUNTER, args=(NUMBER,)),
    Case("customers:check_customer", 404, COUNTER, args=(NUMBER,)),
    Case("tiering:dashboard", 200, REACH),
    Case("tiering:export_dashboard", 404, REACH, sent={}),
    Case("tiering:customer_list", 200, REACH),
    Case("tiering:customer_list", 200, UNMASKERS, sent={}),
    Case("tiering:export_list", 404, REACH, sent={}),
    Case("tiering:customer_tier", 404, REACH, args=(NUMBER,)),
    Case("tiering:set_customer_owners", 404, OWNERS, args=(NUMBER,), sent={}),
    Case("tiering:policy", 200, REACH),
    Case("tiering:policy_version", 404, REACH, args=(99,)),
    Case("tiering:what_if", 404, TRIERS, args=(99,)),
    Case("tiering:what_if_customers", 404, TRIERS, args=(99,)),
    Case("tiering:export_what_if", 404, TRIERS, args=(99,), sent={}),
    Case("tiering:run_list", 200, {HEAD}),
    Case("tiering:run_list", 200, {HEAD}, sent={}),
    Case("tiering:run", 404, {HEAD}, args=(999999,)),
    Case("tiering:load_run_again", 404, {HEAD}, args=(999999,), sent={}),
    Case("tiering:run_rejects", 404, {HEAD}, args=(999999,)),
]

API = [
    Case("schema", 200, stranger=NOBODY_YET),
    Case("api_docs", 200, stranger=NOBODY_YET),
    Case("api_token", 400, sent={}, stranger=400),
    Case("api_me", 200, stranger=NOBODY_YET),
    Case("api_limits", 200, {HEAD, DEPUTY, AUDITOR}, stranger=NOBODY_YET),
    Case("api_change_limit", 404, {HEAD}, args=("no-limit",), sent={}, stranger=NOBODY_YET),
    Case("api_approve_limit", 404, {DEPUTY, HEAD}, args=(999999,), sent={}, stranger=NOBODY_YET),
    Case("api_reject_limit", 400, {DEPUTY, HEAD}, args=(999999,), sent={}, stranger=NOBODY_YET),
    Case("api_withdraw_limit", 404, {HEAD}, args=(999999,), sent={}, stranger=NOBODY_YET),
    Case("api_course_list", 200, stranger=NOBODY_YET),
    Case("api_course", 404, args=("no-course",), stranger=NOBODY_YET),
    Case("api_start_attempt", 404, args=("no-course",), sent={}, stranger=NOBODY_YET),
    Case("api_attempt", 404, args=(999999,), stranger=NOBODY_YET),
    Case("api_answers", 404, args=(999999,), sent={}, method="put", stranger=NOBODY_YET),
    Case("api_submit_attempt", 404, args=(999999,), sent={}, stranger=NOBODY_YET),
    Case("api_parse_document", 400, sent={}, stranger=NOBODY_YET),
    Case("api_identity_checks", 400, COUNTER, sent={}, stranger=NOBODY_YET),
    Case("api_identity_checks", 200, READERS_OF_CHECKS, stranger=NOBODY_YET),
    Case("api_owed_checks", 200, READERS_OF_CHECKS, stranger=NOBODY_YET),
    Case("api_certificates", 404, COUNTER, args=(999999,), sent={}, stranger=NOBODY_YET),
    Case("api_police_report", 404, COUNTER, args=(999999,), sent={}, stranger=NOBODY_YET),
    Case("api_calendar", 200, REACH, stranger=NOBODY_YET),
    Case("api_calendar", 400, {HEAD}, sent={}, stranger=NOBODY_YET),
    Case("api_identity_check", 404, COUNTER, args=(999999,), stranger=NOBODY_YET),
    Case("api_check_decision", 404, COUNTER, args=(999999,), sent={}, stranger=NOBODY_YET),
    Case("api_customers", 400, REACH, stranger=NOBODY_YET),
    Case("api_customers", 400, COUNTER, sent={}, stranger=NOBODY_YET),
    Case("api_customer_imports", 200, {HEAD}, stranger=NOBODY_YET),
    Case("api_customer_imports", 400, {HEAD}, sent={}, stranger=NOBODY_YET),
    Case("api_customer_import", 404, {HEAD}, args=(999999,), stranger=NOBODY_YET),
    Case("api_customer_import_now", 404, {HEAD}, args=(999999,), sent={}, stranger=NOBODY_YET),
    Case("api_customer_import_rejects", 404, {HEAD}, args=(999999,), stranger=NOBODY_YET),
    Case("api_customer", 404, REACH, args=(NUMBER,), stranger=NOBODY_YET),
    Case("api_amend", 400, COUNTER, args=(NUMBER,), sent={}, stranger=NOBODY_YET),
    Case("api_history", 404, REACH, args=(NUMBER,), stranger=NOBODY_YET),
    Case("api_list", 404, args=("no-list",), stranger=NOBODY_YET),
    Case("api_list", 200, READERS_OF_CHECKS, args=("checks",), stranger=NOBODY_YET),
    Case("api_list", 200, REACH, args=("receipts",), stranger=NOBODY_YET),
    Case("api_list", 200, COUNTER, args=("my_requests",), stranger=NOBODY_YET),
    Case("api_list", 200, CHECKERS, args=("waiting",), stranger=NOBODY_YET),
    Case("api_list", 200, OVERSEERS, args=("decided",), stranger=NOBODY_YET),
    Case("api_list", 404, READERS_OF_STAFF, args=("looks",), stranger=NOBODY_YET),
    Case("api_list", 200, OVERSEERS, args=("day_totals",), stranger=NOBODY_YET),
    Case("api_list", 400, UNMASKERS, args=("decided",), sent={}, stranger=NOBODY_YET),
    Case("api_expiring", 200, REACH, stranger=NOBODY_YET),
    Case("api_customer_documents", 404, REACH, args=(NUMBER,), stranger=NOBODY_YET),
    Case("api_customer_documents", 400, COUNTER, args=(NUMBER,), sent={}, stranger=NOBODY_YET),
    Case("api_postpone", 400, {MANAGER}, args=(NUMBER,), sent={}, stranger=NOBODY_YET),
    Case("api_customer_images", 404, REACH, args=(NUMBER,), stranger=NOBODY_YET),
    Case("api_customer_images", 400, COUNTER, args=(NUMBER,), sent={}, stranger=NOBODY_YET),
    Case("api_customer_image", 404, REACH, args=(NUMBER, 999999), stranger=NOBODY_YET),
    Case("api_merge_requests", 400, COUNTER, sent={}, stranger=NOBODY_YET),
    Case("api_undo_merge", 400, COUNTER, args=(999999,), sent={}, stranger=NOBODY_YET),
    Case("api_duplicates", 200, READERS_OF_DUPLICATES, stranger=NOBODY_YET),
    Case("api_duplicate_searches", 202, {MANAGER, HEAD}, sent={}, stranger=NOBODY_YET),
    Case("api_dismiss_duplicate", 400, CHECKERS | {HEAD}, args=(999999,), sent={}, stranger=NOBODY_YET),
    Case("api_suspend", 400, COUNTER, args=(NUMBER,), sent={}, stranger=NOBODY_YET),
    Case("api_reinstate", 400, COUNTER, args=(NUMBER,), sent={}, stranger=NOBODY_YET),
    Case("api_close", 400, COUNTER, args=(NUMBER,), sent={}, stranger=NOBODY_YET),
    Case("api_withdraw", 404, COUNTER, args=(999999,), sent={}, stranger=NOBODY_YET),
    Case("api_amendments", 200, COUNTER, stranger=NOBODY_YET),
    Case("api_amendment", 404, COUNTER, args=(999999,), stranger=NOBODY_YET),
    Case("api_approve", 404, CHECKERS, args=(999999,), sent={}, stranger=NOBODY_YET),
    Case("api_reject", 400, CHECKERS, args=(999999,), sent={}, stranger=NOBODY_YET),
    Case("api_evaluate", 400, sent={}, stranger=NOBODY_YET),
    Case("api_dashboard", 200, REACH, stranger=NOBODY_YET),
    Case("api_policies", 200, REACH, stranger=NOBODY_YET),
    Case("api_policies", 400, {HEAD}, sent={}, stranger=NOBODY_YET),
    Case("api_policy", 404, REACH, args=(99,), stranger=NOBODY_YET),
    Case("api_what_if", 404, TRIERS, args=(99,), sent={}, stranger=NOBODY_YET),
    Case("api_what_if_customers", 404, TRIERS, args=(99,), stranger=NOBODY_YET),
    Case("api_policy", 404, {HEAD}, args=(99,), sent={}, method="put", stranger=NOBODY_YET),
    Case("api_submit_policy", 404, {HEAD}, args=(99,), sent={}, stranger=NOBODY_YET),
    Case("api_approve_policy", 404, {DEPUTY, HEAD}, args=(99,), sent={}, stranger=NOBODY_YET),
    Case("api_return_policy", 404, {DEPUTY, HEAD}, args=(99,), sent={}, stranger=NOBODY_YET),
    Case("api_customer_tier", 404, REACH, args=(NUMBER,), stranger=NOBODY_YET),
    Case("api_owners", 400, OWNERS, args=(NUMBER,), sent={}, stranger=NOBODY_YET),
    Case("api_snapshots", 400, {HEAD}, sent={}, stranger=NOBODY_YET),
    Case("api_runs", 200, {HEAD}, stranger=NOBODY_YET),
    Case("api_run", 404, {HEAD}, args=(999999,), stranger=NOBODY_YET),
    Case("api_run_rejects", 404, {HEAD}, args=(999999,), stranger=NOBODY_YET),
]

CASES = PAGES + API
