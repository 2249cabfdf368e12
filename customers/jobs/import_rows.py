"""Lines of a customer file checked, sealed and written as PostgreSQL's COPY wants them; run as a program of its own.

No database and no models here: what is needed comes with the greeting (keys of the vault in memory only), and the
answers hold no identity number in clear.
"""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from customers.rules.customer_number import customer_number
from customers.rules.identity_key import number_text
from customers.rules.import_row import ImportRow, Refused, read_row
from tellerdesk.core.masking import mask_number
from tellerdesk.core.side_processes import serve
from tellerdesk.vault.keyring import Keyring

# The columns of the staging table, in the order of `_copy_line`; `line` and `key_digest` are the import's own.
COLUMNS = (
    *("line", "customer_number", "issued", "branch_id"),
    *("name", "sex", "birth_date", "nationality", "occupation", "occupation_detail", "address", "employer_address"),
    *("mobile", "phone", "email", "settled_abroad", "unit_proof", "has_cheque_account"),
    *("key_digest", "document_type", "number_ciphertext", "number_key_id", "number_digest", "number_masked"),
    *("valid_from", "valid_until", "long_term", "issuing_authority"),
)
LINES_SHOWN = 20  # of each warning
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True)
class Setting:
    """What is the same for every line: the columns the file has, the branches of the entity, keys and business date."""

    names: list[str]
    branches: dict[str, int]
    branch: int
    keyring: Keyring
    today: date


@dataclass(frozen=True)
class Checked:
    """Of one chunk: `copied` for COPY, `rejects` as (line, problems), `warnings` as {code: [count, first lines]}."""

    copied: bytes
    rejects: list[tuple[int, str]]
    warnings: dict[str, list]
    accepted: int


def check(rows: list[list], serials: list[int], setting: Setting) -> Checked:
    """`rows` are [line, cell, …] in the order of `setting.names`; `serials` are for the lines without a number."""
    lines, rejects, warnings = [], [], {}
    free = iter(serials)
    for line, *cells in rows:
        row = read_row(dict(zip(setting.names, cells, strict=True)), branches=setting.branches, today=setting.today)
        if isinstance(row, Refused):
            rejects.append((line, " ".join(f"{field}:{code}" for field, code in row.problems)))
            continue
        lines.append("\t".join(_copy_line(line, row, free, setting)))
        for _field, code in row.warnings:
            _count(warnings.setdefault(code, [0, []]), line)
    copied = "".join(f"{line}\n" for line in lines).encode()
    return Checked(copied, rejects, warnings, len(lines))


def _count(warning: list, line: int) -> None:
    warning[0] += 1
    if len(warning[1]) < LINES_SHOWN:
        warning[1].append(line)


def _copy_line(line: int, row: ImportRow, free: Iterator[int], setting: Setting) -> Iterator[str]:
    entered, paper, keyring = row.particulars, row.paper, setting.keyring
    serial = None if row.customer_number else next(free, None)
    yield str(line)
    yield row.customer_number or ("\\N" if serial is None else customer_number(serial))
    yield _flag(serial is not None)
    yield str(setting.branches[row.branch] if row.branch else setting.branch)
    yield from map(_text, (entered.name, entered.sex, entered.birth_date, entered.nationality, entered.occupation))
    yield from map(_text, (entered.occupation_detail, entered.address, entered.employer_address))
    yield from map(_text, (entered.mobile, entered.phone, entered.email))
    yield from map(_flag, (entered.settled_abroad, entered.unit_proof, entered.has_cheque_account))
    yield _bytes(keyring.digest(paper.identity_key))
    yield paper.document_type.value
    yield _bytes(keyring.seal(paper.normalized))
    yield str(keyring.seal_key_id)
    yield _bytes(keyring.digest(number_text(paper.document_type, paper.normalized)))
    yield _text(mask_number(paper.normalized))
    yield from map(_text, (entered.valid_from, entered.valid_until))
    yield _flag(entered.long_term)
    yield _text(entered.issuing_authority)


def _text(value: str | date | None) -> str:
    if value is None:
        return "\\N"
    return value.translate(ESCAPES) if isinstance(value, str) else value.isoformat()


def _flag(value: bool) -> str:
    return "t" if value else "f"


def _bytes(value: bytes) -> str:
    return "\\\\x" + value.hex()


def answering(message: bytes) -> Callable[[bytes], bytes]:
    setting = setting_of(message)
    return lambda asked: answer(check(*json.loads(asked), setting))


def greeting(setting: Setting) -> bytes:
    keys = setting.keyring
    secrets = (keys.seal_key, keys.digest_key, keys.digest_mark)
    secret = [keys.seal_key_id, *(base64.b64encode(each).decode() for each in secrets)]
    return _json([setting.names, setting.branches, setting.branch, secret, setting.today.isoformat()])


def setting_of(message: bytes) -> Setting:
    names, branches, branch, (key_id, *keys), today = json.loads(message)
    keyring = Keyring(key_id, *(base64.b64decode(key) for key in keys))
    return Setting(names, branches, branch, keyring, date.fromisoformat(today))


def question(rows: list[list], serials: list[int]) -> bytes:
    return _json([rows, serials])


def answer(checked: Checked) -> bytes:
    head = _json([checked.rejects, checked.warnings, checked.accepted])
    return len(head).to_bytes(4, "big") + head + checked.copied


def checked_of(message: bytes) -> Checked:
    end = 4 + int.from_bytes(message[:4], "big")
    rejects, warnings, accepted = json.loads(message[4:end])
    return Checked(message[end:], [(line, problems) for line, problems in rejects], warnings, accepted)


def _json(value) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


if __name__ == "__main__":
    serve(answering)
