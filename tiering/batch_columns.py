"""The columns of an adoption file."""

from tellerdesk.files.columns import Column

COLUMNS = (
    Column("customer_number", "客户号", required=True),
    Column("owner", "责任人", required=True),
    Column("primary", "主责"),
    Column("note", "备注"),
)
MOST_LINES = 20_000
