"""The sample accounts in two legal entities, each with the courses that the position needs; `newcomer` has none yet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.contrib.auth.hashers import make_password

from tellerdesk.core.kept_secrets import demo_password
from tellerdesk.staff.enums import Position
from tellerdesk.staff.models import Branch, LegalEntity, Staff
from tellerdesk.staff.roles import permissions_of
from tellerdesk.staff.services.accounts import create_staff
from tellerdesk.staff.services.places import create_branch, found_legal_entity
from tellerdesk.staff.system import System
from training.models import Attempt, Course
from training.services.attempts import start_attempt, submit_attempt


@dataclass(frozen=True)
class Account:
    username: str
    name: str
    position: Position
    branch: str
    since: date


@dataclass(frozen=True)
class Password:
    """Of all the accounts, hashed once: hashing is slow on purpose."""

    clear: str

    @cached_property
    def encoded(self) -> str:
        return make_password(self.clear)


ENTITIES = (
    ("HZ", "杭城农村商业银行", "总行", (("001", "城东支行"), ("002", "运河支行"))),
    ("LX", "临溪农村信用合作联社", "联社本部", (("101", "南门分社"),)),
)
ACCOUNTS = {
    "HZ": (
        Account("teller", "许知微", Position.TELLER, "001", date(2021, 7, 1)),
        Account("supervisor", "温如许", Position.SUPERVISOR, "001", date(2017, 3, 6)),
        Account("lobby", "程小满", Position.LOBBY_MANAGER, "001", date(2022, 9, 1)),
        Account("manager", "方砚", Position.BRANCH_MANAGER, "001", date(2018, 1, 15)),
        Account("president", "陆鸣谦", Position.BRANCH_PRESIDENT, "001", date(2016, 6, 1)),
        Account("advisor", "苏晚晴", Position.FINANCIAL_ADVISOR, "001", date(2020, 4, 13)),
        Account("wealth", "秦望舒", Position.WEALTH_MANAGER, "001", date(2019, 10, 8)),
        Account("relationship", "骆以宁", Position.RELATIONSHIP_MANAGER, "001", date(2019, 5, 13)),
        Account("newcomer", "林一诺", Position.TELLER, "001", date(2026, 11, 2)),
        Account("teller2", "何棠", Position.TELLER, "002", date(2023, 7, 3)),
        Account("supervisor2", "梁予安", Position.SUPERVISOR, "002", date(2018, 8, 20)),
        Account("manager2", "邹砺", Position.BRANCH_MANAGER, "002", date(2019, 2, 18)),
        Account("advisor2", "江疏影", Position.FINANCIAL_ADVISOR, "002", date(2021, 11, 8)),
        Account("deputy", "顾维桢", Position.DEPUTY_PRESIDENT, "000", date(2015, 5, 4)),
        Account("product", "祁连山", Position.PRODUCT_MANAGER, "000", date(2018, 11, 5)),
        Account("consultant", "阮清和", Position.WEALTH_CONSULTANT, "000", date(2017, 4, 10)),
        Account("headoffice", "沈听澜", Position.HEAD_OFFICE, "000", date(2017, 9, 11)),
        Account("training", "叶闻笛", Position.TRAINING_ADMIN, "000", date(2020, 3, 2)),
        Account("auditor", "钟恪", Position.AUDITOR, "000", date(2016, 12, 5)),
    ),
    "LX": (
        Account("teller3", "戴若渔", Position.TELLER, "101", date(2022, 5, 9)),
        Account("manager3", "孟怀瑾", Position.BRANCH_MANAGER, "101", date(2018, 6, 25)),
    ),
}
WITHOUT_COURSES = {"newcomer"}


def load_accounts(*, progress: Callable[[str], None] = print) -> list[Staff]:
    """Into an empty database with its courses loaded; one password for all (core.kept_secrets.demo_password)."""
    password = Password(demo_password())
    people = []
    for code, name, head_office_name, branches in ENTITIES:
        entity = found_legal_entity(code=code, name=name, head_office_name=head_office_name)
        places = _branches(entity, branches)
        people += [_person(each, places, password, by=System(entity)) for each in ACCOUNTS[code]]
    progress(f"sample accounts: {len(people)} in {len(ENTITIES)} legal entities")
    passes = sum(_pass_courses(each) for each in people if each.username not in WITHOUT_COURSES)
    progress(f"sample accounts: {passes} courses passed")
    return people


def _branches(entity: LegalEntity, branches) -> dict[str, Branch]:
    head = Branch.objects.get(legal_entity=entity)
    made = [create_branch(code=code, name=name, parent=head, by=System(entity)) for code, name in branches]
    return {branch.code: branch for branch in [head, *made]}


def _person(account: Account, places, password: Password, *, by) -> Staff:
    return create_staff(
        username=account.username,
        name=account.name,
        branch=places[account.branch],
        position=account.position,
        since=account.since,
        password=password.clear,
        encoded=password.encoded,
        by=by,
    ).staff


def _pass_courses(staff: Staff) -> int:
    """Takes the quizzes that stand before anything the position allows, and answers all of it right."""
    allowed = permissions_of(posting.position for posting in staff.posting_set.all())
    courses = Course.objects.filter(courseunlock__permission__in=allowed, courseunlock__is_active=True).distinct()
    for course in courses:
        attempt = start_attempt(course=course, by=staff)
        submit_attempt(attempt=attempt, answers=_right_answers(attempt), by=staff)
    return len(courses)


def _right_answers(attempt: Attempt) -> dict[str, list[str]]:
    questions = attempt.attemptquestion_set.select_related("question_version")
    return {str(each.pk): _options(each) for each in questions}


def _options(question) -> list[str]:
    return [option for option, key in question.keys_by_id.items() if key in question.question_version.answer_key]
