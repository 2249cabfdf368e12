"""2101 as people see it: sending a file, watching its run, reading its report."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tellerdesk.files.runs import RunStatus
from tests.factories import make_branch, make_customer, make_entity, make_staff, sign_in
from tests.tiering.sending import DAY, PAGE, send, upload, work
from tiering.enums import NightStep
from tiering.models import NightlyRun, SnapshotDay, TierAssignment

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

HEADER = "客户号,个人金融资产"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = DAY


@pytest.fixture
def desk():
    return sign_in(make_staff("head", position="head_office", branch=make_entity().branch_set.get(code="000")))


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def sent(desk, *lines, **fields) -> NightlyRun:
    answer = send(desk, *lines, address=PAGE, **fields)
    assert answer.status_code == 302, answer.content.decode()
    return NightlyRun.objects.get(pk=answer["Location"].split("/")[-2])


def test_the_form_proposes_the_business_date(desk):
    assert 'name="as_of" value="2026-11-23"' in text_of(desk.get(PAGE))


def test_a_file_is_sent_and_its_run_is_watched_without_script(desk):
    run = sent(desk, HEADER, f"{make_customer().customer_number},66000")
    waiting = text_of(desk.get(f"{PAGE}{run.pk}/"))
    assert "等待后台处理" in waiting
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in waiting
    assert 'hx-trigger="every 1s"' in waiting
    work()
    done = text_of(desk.get(f"{PAGE}{run.pk}/"))
    assert "批处理报告" in done
    assert "every 1s" not in done
    assert 'http-equiv="refresh"' not in done


def test_htmx_gets_the_changing_part_alone(desk):
    run = sent(desk, HEADER, "123456,1")
    part = text_of(desk.get(f"{PAGE}{run.pk}/", **HTMX))
    assert part.startswith('<div class="stack" id="run-state" hx-get=')
    assert "<html" not in part


def test_the_step_at_hand_and_its_share_are_shown(desk):
    run = sent(desk, HEADER, "123456,1")
    now = timezone.now()
    NightlyRun.objects.filter(pk=run.pk).update(
        status=RunStatus.RUNNING, step=NightStep.LOAD, progress=50, started_at=now, heartbeat_at=now
    )
    page = text_of(desk.get(f"{PAGE}{run.pk}/"))
    assert 'aria-label="35%"' in page  # all of reading, half of loading
    assert "装载" in page
    assert "50%" in page


def test_the_report_groups_what_was_rejected_and_masks_what_may_be_an_identity_number(desk):
    run = sent(desk, HEADER, "330106198503121223,1", "123456,1", "234567,x")
    work()
    page = text_of(desk.get(f"{PAGE}{run.pk}/"))
    assert "330106********1223" in page
    assert "330106198503121223" not in page
    assert "此处应为数字。" in page
    assert "not_a_number" not in page
    assert "2 行" in page
    assert f'href="{PAGE}{run.pk}/rejects/"' in page


def test_rejects_are_downloaded_from_the_page(desk):
    run = sent(desk, HEADER, "123456,1")
    work()
    answer = desk.get(f"{PAGE}{run.pk}/rejects/")
    assert "unknown_customer" in b"".join(answer.streaming_content).decode()


@pytest.mark.parametrize(("lines", "lacks_many"), [(1, True), (3, False)])
def test_a_short_file_is_warned_of(desk, lines, lacks_many):
    rows = [f"{make_customer().customer_number},66000" for _ in range(3)]
    sent(desk, HEADER, *rows, as_of=DAY - timedelta(days=1))
    run = sent(desk, HEADER, *rows[:lines])
    work()
    answer = desk.get(f"{PAGE}{run.pk}/")
    assert (answer.context["report"].lacks_many, "tag--warn" in text_of(answer)) == (lacks_many, lacks_many)


def test_a_dry_run_is_then_loaded_without_a_second_upload(desk):
    customer = make_customer()
    tried = sent(desk, HEADER, f"{customer.customer_number},66000", dry_run="on")
    work()
    page = text_of(desk.get(f"{PAGE}{tried.pk}/"))
    assert "本次为试运行" in page
    assert "正式装载" in page
    assert SnapshotDay.objects.count() == 0
    answer = desk.post(f"{PAGE}{tried.pk}/again/")
    work()
    real = NightlyRun.objects.latest("pk")
    assert answer["Location"] == f"{PAGE}{real.pk}/"
    assert (real.dry_run, real.status, real.file_name) == (False, "succeeded", "snapshot.csv")
    assert TierAssignment.objects.get(customer=customer).aum == 6_600_000


def test_the_second_click_loads_nothing_more(desk):
    tried = sent(desk, HEADER, f"{make_customer().customer_number},66000", dry_run="on")
    work()
    desk.post(f"{PAGE}{tried.pk}/again/")
    again = desk.post(f"{PAGE}{tried.pk}/again/")
    assert again.status_code == 409
    assert NightlyRun.objects.count() == 2


def test_a_run_that_was_no_dry_one_is_not_loaded_again(desk):
    run = sent(desk, HEADER, f"{make_customer().customer_number},66000")
    work()
    assert desk.post(f"{PAGE}{run.pk}/again/").status_code == 409


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"as_of": "2026-11-24"}, "as_of"),
        ({"as_of": "2026-02-30"}, "请填写存在的日期"),
        ({"as_of": ""}, "as_of"),
        ({"file": ""}, "请选择文件"),
        ({"file": upload()}, "文件是空的"),
    ],
)
def test_what_is_wrong_stands_at_the_top_and_at_its_field(desk, fields, said):
    answer = desk.post(PAGE, {"file": upload(HEADER, "123456,1"), "as_of": "2026-11-23"} | fields)
    page = text_of(answer)
    assert answer.status_code == 200
    assert "错误" in page
    assert said in page
    assert NightlyRun.objects.count() == 0


def test_a_refused_file_says_why(desk):
    run = sent(desk, "name,amount", "a,1")
    work()
    page = text_of(desk.get(f"{PAGE}{run.pk}/"))
    assert 'class="notice notice--bad"' in page
    assert "批处理报告" not in page


def test_an_older_day_says_that_it_moved_nobody(desk):
    customer = make_customer()
    sent(desk, HEADER, f"{customer.customer_number},66000")
    run = sent(desk, HEADER, f"{customer.customer_number},660000", as_of=DAY.replace(day=20))
    work()
    assert "只补录该日数据" in text_of(desk.get(f"{PAGE}{run.pk}/"))
    assert TierAssignment.objects.get(customer=customer).aum == 6_600_000


def test_the_list_shows_the_newest_first_and_goes_on(desk):
    for day in range(1, 15):
        sent(desk, HEADER, "123456,1", as_of=DAY.replace(day=day))
    page = text_of(desk.get(PAGE))
    assert page.index("2026-11-14") < page.index("2026-11-03")
    assert "2026-11-02" not in page
    onward = page.split('rel="next"')[0].split('href="')[-1].split('"')[0].replace("&amp;", "&")
    assert "2026-11-02" in text_of(desk.get(PAGE + onward))


def test_another_legal_entitys_run_is_not_there(desk):
    run = sent(desk, HEADER, "123456,1", dry_run="on")
    work()
    second = make_entity("LX", "临溪农村信用社")
    stranger = sign_in(make_staff(position="head_office", branch=second.branch_set.get(code="000")))
    for address in (f"{PAGE}{run.pk}/", f"{PAGE}{run.pk}/rejects/"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"{PAGE}{run.pk}/again/").status_code == 404
    assert run.file_name not in text_of(stranger.get(PAGE))


def test_a_branchs_staff_is_not_let_in():
    client = sign_in(make_staff(position="branch_manager", branch=make_branch()))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {}).status_code == 403


def test_a_run_that_broke_off_is_started_again_with_its_file(desk):
    customer = make_customer()
    broken = sent(desk, HEADER, f"{customer.customer_number},66000")
    now = timezone.now()
    NightlyRun.objects.filter(pk=broken.pk).update(
        status=RunStatus.FAILED, step=NightStep.TIERS, error_code="broken_off", started_at=now, finished_at=now
    )
    page = text_of(desk.get(f"{PAGE}{broken.pk}/"))
    assert "批处理中断，未保留任何结果" in page
    assert "在此中断" in page
    assert "重新处理" in page
    desk.post(f"{PAGE}{broken.pk}/again/")
    work()
    assert TierAssignment.objects.get(customer=customer).aum == 6_600_000
    assert "重新处理" not in text_of(desk.get(f"{PAGE}{broken.pk}/"))


def test_reasons_of_rejects_are_in_the_readers_language(desk):
    run = sent(desk, HEADER, "123456,1")
    work()
    desk.post("/accounts/language/", {"language": "en", "next": "/"})
    assert "There is no customer of this number in the legal entity." in text_of(desk.get(f"{PAGE}{run.pk}/"))
