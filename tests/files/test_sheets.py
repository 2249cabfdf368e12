import io
import re
import tempfile
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from tellerdesk.files.sheets import SheetColumn, sheet_response

pytestmark = pytest.mark.django_db  # closing a response closes connections

COLUMNS = [
    SheetColumn("客户号", "text", 20),
    SheetColumn("资产（万元）", "money"),
    SheetColumn("客户数", "whole"),
    SheetColumn("占比", "percent"),
    SheetColumn("起始日", "date"),
]


def sheet(rows, facts=(), title="客户名单"):
    response = sheet_response("客户名单.xlsx", title, COLUMNS, rows, facts)
    content = b"".join(response.streaming_content)
    response.close()
    return response, content


def read(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_facts_then_header_then_rows():
    _response, content = sheet(
        [["0012", Decimal("12.34"), 5, 0.25, date(2025, 6, 30)], ["0013", None, 0, None, None]],
        [("导出人", "李经理"), ("行数", 2)],
    )
    assert [row[: len(COLUMNS)] for row in read(content)] == [
        ["客户名单", "", "", "", ""],
        ["导出人", "李经理", "", "", ""],
        ["行数", 2.0, "", "", ""],
        ["", "", "", "", ""],
        ["客户号", "资产（万元）", "客户数", "占比", "起始日"],
        ["0012", 12.34, 5.0, 0.25, date(2025, 6, 30)],
        ["0013", "", 0.0, "", ""],
    ]


def test_text_that_looks_like_a_formula_is_text_with_its_prefix():
    _response, content = sheet(
        [[text, None, None, None, None] for text in ("=1+1", "+1", "-1", "@a", "\tb", "\rc", "ok")]
    )
    assert [row[0] for row in read(content)[3:]] == ["=1+1", "+1", "-1", "@a", "\tb", "\rc", "ok"]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        cells = parts.read("xl/worksheets/sheet1.xml").decode()
        styles = parts.read("xl/styles.xml").decode()
    assert "<f>" not in cells
    used = [re.search(rf'<c r="A{row}" s="(\d+)"', cells)[1] for row in range(4, 10)]
    quoted = [
        place
        for place, style in enumerate(re.findall(r"<xf .*?/?>", styles.split("<cellXfs")[1]))
        if "quotePrefix" in style
    ]
    assert {int(style) for style in used} <= set(quoted)


def test_nothing_is_spooled_where_others_look(tmp_path, monkeypatch):
    """XlsxWriter spools rows in clear: in a folder of ours, which is gone before the download begins."""
    system = tmp_path / "system"
    system.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(system))
    seen = []

    def rows():
        for number in range(3):
            yield [f"{number}", None, None, None, None]
            (place,) = (tmp_path / "exports").iterdir()
            seen.append((len(list(place.iterdir())), place.stat().st_mode & 0o777, list(system.iterdir())))

    _response, content = sheet(rows())
    assert seen == [(1, 0o700, [])] * 3
    assert [row[0] for row in read(content)[-3:]] == ["0", "1", "2"]
    assert (list(system.iterdir()), list((tmp_path / "exports").iterdir())) == ([], [])


def test_rows_that_break_leave_nothing(tmp_path):
    def rows():
        yield ["1", None, None, None, None]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        sheet(rows())
    assert list((tmp_path / "exports").iterdir()) == []


def test_it_is_a_download_with_its_chinese_name():
    response, _content = sheet([])
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E5%AE%A2%E6%88%B7%E5%90%8D%E5%8D%95.xlsx"
    assert response["Content-Type"].endswith("spreadsheetml.sheet")


def test_a_title_that_no_sheet_may_be_called_is_mended():
    _response, content = sheet([], title="'a/b:c'" + "x" * 40)
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == [
        "a b c' xxxxxxxxxxxxxxxxxxxxxxxxx"[:0] or CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names[0]
    ]
