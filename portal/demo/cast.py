"""The people of the demo plant who have a password, so that anyone can try the portal as one of them."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from portal.organization.demo import DEMO_PASSWORD, Plant

PASSWORD = DEMO_PASSWORD


@dataclass(frozen=True, slots=True)
class CastMember:
    """One of the cast: where they work, and what can be tried as them."""

    key: str
    employee_number: str
    name: str
    department: str
    position: str
    role: str
    role_en: str
    is_superuser: bool = False


@dataclass(frozen=True, slots=True)
class SignIn:
    """What is needed to sign in as one of the cast."""

    employee_number: str
    password: str
    name: str
    role: str
    role_en: str


CAST = (
    CastMember("administrator", "10001", "陈志远", "INF", "chief", "系统管理员", "administrator", is_superuser=True),
    CastMember("director", "10002", "赵国栋", "DIR", "director", "厂长", "director"),
    CastMember("head", "10003", "李敏", "QUA", "chief", "质检科科长", "head of Quality"),
    CastMember("inspector", "10004", "王伟", "QUA-2", "inspector", "检验员", "inspector"),
    CastMember("operator", "10005", "张强", "MAK-1", "operator", "卷包车间操作工", "machine operator"),
    CastMember("clerk", "10006", "刘芳", "OFF", "secretary", "厂办文员", "clerk of the plant office"),
    CastMember("seller", "10007", "王伟", "SAL-1", "account_manager", "客户经理", "account manager"),
)


def store_sign_ins(plant: Plant) -> list[SignIn]:
    """Keep the sign-ins beside the data, for whoever starts the portal: those of the cast, and of customers on their own site."""
    sign_ins = [SignIn(member.employee_number, PASSWORD, member.name, member.role, member.role_en) for member in CAST]
    sign_ins += [SignIn(one.login, PASSWORD, one.name, one.role, one.role_en) for one in plant.outsiders]
    path = sign_ins_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(sign_in) for sign_in in sign_ins], ensure_ascii=False, indent=1), encoding="utf-8")
    return sign_ins


def stored_sign_ins() -> list[SignIn]:
    """The sign-ins of the demo plant in this data directory; none where it is a real one."""
    path = sign_ins_path()
    return [SignIn(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))] if path.exists() else []


def sign_ins_path() -> Path:
    return settings.DATA_DIR / "demo.json"
