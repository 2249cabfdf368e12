"""The columns of a customer file (contract "Customer file"), and five more for what the counter also asks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ImportColumn:
    """`example` is what the template shows below the name."""

    name: str
    chinese: str
    required: bool
    example: str


COLUMNS = (
    ImportColumn("name", "姓名", True, "顾青禾"),
    ImportColumn("sex", "性别", False, "女"),
    ImportColumn("birth_date", "出生日期", False, "1985-03-12"),
    ImportColumn("nationality", "国籍", False, "中国"),
    ImportColumn("occupation", "职业", False, "农林牧渔"),
    ImportColumn("address", "地址", False, "浙江省杭州市样例路1号"),
    ImportColumn("employer_address", "单位地址", False, ""),
    ImportColumn("mobile", "手机号", False, "13900000128"),
    ImportColumn("phone", "电话", False, ""),
    ImportColumn("email", "邮箱", False, ""),
    ImportColumn("document_type", "证件类型", True, "居民身份证"),
    ImportColumn("document_number", "证件号码", True, "330106198503121223"),
    ImportColumn("valid_from", "起始日", False, "2020-01-01"),
    ImportColumn("valid_until", "到期日", False, "2040-01-01"),
    ImportColumn("branch", "归属网点", False, "001"),
    ImportColumn("customer_number", "客户号", False, ""),
    ImportColumn("occupation_detail", "职业说明", False, ""),
    ImportColumn("issuing_authority", "签发机关", False, ""),
    ImportColumn("settled_abroad", "定居国外", False, ""),
    ImportColumn("unit_proof", "单位证明", False, ""),
    ImportColumn("has_cheque_account", "支票账户", False, ""),
)
