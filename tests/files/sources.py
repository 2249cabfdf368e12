import io
from datetime import date
from functools import partial

import xlsxwriter

from tellerdesk.files.columns import Column

COLUMNS = (
    Column("customer_number", "客户号", required=True),
    Column("aum", "个人金融资产", required=True),
    Column("note", "备注"),
)
HEADER = "customer_number,aum,note\n"


def of(content: str | bytes, encoding: str = "utf-8"):
    data = content if isinstance(content, bytes) else content.encode(encoding)
    return partial(io.BytesIO, data)


def workbook(rows: list[list], **names) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(at, place, value, day)
            else:
                sheet.write(at, place, value)
    book.close()
    return out.getvalue()
