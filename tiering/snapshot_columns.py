"""The columns of a snapshot file, in the order in which faults are looked for (contract "Snapshot file")."""

from tellerdesk.files.columns import Column

COLUMNS = (
    Column("customer_number", "客户号", required=True),
    Column("aum", "个人金融资产", required=True),
    Column("card_spend_year", "信用卡年消费"),
    Column("personal_loan_balance", "个贷余额"),
    Column("custody_margin", "三方存管保证金余额"),
    Column("card_level", "卡级别"),
    Column("admission_private_wealth", "私行财富准入"),
    Column("admission_wealth_management", "理财准入"),
    Column("product_categories", "持有产品"),
)
