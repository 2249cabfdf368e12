"""1009 in a real browser: a dry run is watched to its end, imported with one key, and its rejects are fetched."""

import pytest

from customers.jobs.import_customers import run_import
from customers.models import Customer, CustomerImport
from tests.customers.import_files import csv, head_office, line

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]


@pytest.fixture
def customers_csv(tmp_path, settings):
    settings.DATA_FOLDER = tmp_path
    path = tmp_path / "核心系统客户.csv"
    path.write_text(csv(*(line() for _ in range(30)), line(name=""), line(name="王?")), encoding="gb18030")
    return path


def test_a_file_of_the_core_system(open_page, log_in, accessible, customers_csv):
    page = open_page()
    log_in(page, head_office())
    page.keyboard.press("F2")
    page.keyboard.type("1009")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/imports/")
    page.set_input_files("[name=file]", customers_csv)
    assert accessible(page) == []
    page.keyboard.press("F9")
    page.wait_for_selector("#import-state[hx-get]")
    assert accessible(page) == []

    dry = CustomerImport.objects.get()
    run_import(dry.pk)
    page.wait_for_selector("text=本次为试运行")
    assert accessible(page) == []
    assert Customer.objects.count() == 0

    page.keyboard.press("F9")
    page.wait_for_url(lambda url: not url.endswith(f"/{dry.pk}/"))
    real = CustomerImport.objects.latest("pk")
    run_import(real.pk)
    with page.expect_download() as download:
        page.click("a[download]")
    assert download.value.suggested_filename == f"customers-{real.pk}-rejects.csv"
    assert Customer.objects.count() == 31


def test_without_script(open_page, log_in, customers_csv):
    page = open_page(scripts=False)
    log_in(page, head_office())
    page.goto("/customers/imports/")
    page.set_input_files("[name=file]", customers_csv)
    page.click("[data-key=F9]")
    page.wait_for_selector("#import-state")
    run_import(CustomerImport.objects.get().pk)
    page.click("text=刷新")
    page.wait_for_selector("text=正式导入")
