"""Which column is which: by its name, in both languages, and put right by hand."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROWS_SEARCHED = 40
Words = str | Promise


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a roster can say about a person. The aliases, with spaces between them, are compared without marks and case."""

    code: str
    label: Words
    heading: str
    heading_en: str
    aliases: str


FIELDS = (
    Field(
        "employee_number",
        _("employee number"),
        "工号",
        "Employee number",
        "工号 职工号 员工号 员工编号 职工编号 人员编号 人员编码 员工工号 number no employeeno employeeid staffno staffid id",
    ),
    Field(
        "name",
        _("full name"),
        "姓名",
        "Name",
        "姓名 名字 员工姓名 职工姓名 人员姓名 中文名 fullname chinesename",
    ),
    Field(
        "name_en",
        _("name in English"),
        "英文名",
        "English name",
        "英文名 英文姓名 拼音 姓名拼音 nameinenglish pinyin",
    ),
    Field(
        "department",
        _("department"),
        "部门",
        "Department",
        "部门 部门名称 所在部门 所属部门 单位 所在单位 科室 车间 部门全称 dept unit",
    ),
    Field(
        "department_code",
        _("department's code"),
        "部门编码",
        "Department code",
        "部门编码 部门代码 部门编号 单位编码 单位代码 deptcode departmentno departmentscode",
    ),
    Field(
        "parent_department",
        _("department above"),
        "上级部门",
        "Department above",
        "上级部门 上级单位 主管部门 隶属部门 所属上级 parentdepartment parentdept parent belongsto",
    ),
    Field(
        "position",
        _("position"),
        "岗位",
        "Position",
        "岗位 岗位名称 职务 职位 工种 现任职务 post title jobtitle job",
    ),
    Field(
        "level",
        _("clearance"),
        "密级",
        "Clearance",
        "密级 涉密等级 保密等级 级别 level",
    ),
    Field(
        "is_head",
        _("heads the department"),
        "是否负责人",
        "Heads the department",
        "是否负责人 负责人 部门负责人 是否领导 head ishead",
    ),
    Field(
        "starts_on",
        _("first day"),
        "任职日期",
        "From",
        "任职日期 任职时间 到岗日期 上岗日期 起始日期 开始日期 入职日期 入职时间 进厂日期 进厂时间 参加工作时间 start startdate startson hiredate since",
    ),
    Field(
        "ends_on",
        _("last day"),
        "离任日期",
        "To",
        "离任日期 离职日期 离职时间 结束日期 终止日期 退休日期 until end enddate endson leavingdate",
    ),
    Field(
        "mobile",
        _("mobile"),
        "手机",
        "Mobile",
        "手机 手机号 手机号码 移动电话 联系方式 cell mobilephone cellphone",
    ),
    Field(
        "phone",
        _("office phone"),
        "办公电话",
        "Office phone",
        "办公电话 电话 座机 固定电话 分机 分机号 内线 联系电话 telephone tel extension ext phone",
    ),
    Field(
        "email",
        _("email"),
        "邮箱",
        "Email",
        "邮箱 电子邮箱 电子邮件 邮件 mail emailaddress",
    ),
    Field(
        "room",
        _("room"),
        "办公室",
        "Room",
        "办公室 办公地点 房间 房间号 办公位置 office location",
    ),
)
FIELDS_BY_CODE = {field.code: field for field in FIELDS}


@dataclass(frozen=True, slots=True)
class Columns:
    """The row that holds the headings (counted from 0, None for none), and the column of each field that was found."""

    header_row: int | None
    mapping: dict[str, int]


def find_columns(rows: Sequence[Sequence[Any]]) -> Columns:
    """The row among the first that names the most fields, below titles and blank lines. Nothing where no row names a name or a number."""
    best = Columns(None, {})
    for number, row in enumerate(rows[:ROWS_SEARCHED]):
        mapping = match_headings(row)
        if len(mapping) > len(best.mapping) and len(mapping) >= 2 and ("name" in mapping or "employee_number" in mapping):
            best = Columns(number, mapping)
    return best


def match_headings(row: Sequence[Any]) -> dict[str, int]:
    """The column of each field that a row of headings names; the first of several wins."""
    mapping: dict[str, int] = {}
    for column, cell in enumerate(row):
        code = _BY_ALIAS.get(normalize(cell)) if isinstance(cell, str) else None
        if code is not None:
            mapping.setdefault(code, column)
    return mapping


def missing_fields(mapping: Mapping[str, int]) -> list[Field]:
    """What a roster cannot do without: who, and where."""
    needed = [] if "name" in mapping else [FIELDS_BY_CODE["name"]]
    if "department" not in mapping and "department_code" not in mapping:
        needed.append(FIELDS_BY_CODE["department"])
    return needed


def normalize(text: str) -> str:
    """A heading without what people decorate it with: spaces, stars, brackets and what is in them."""
    folded = unicodedata.normalize("NFKC", text).lower()
    folded = re.sub(r"[(\[【].*?[)\]】]", "", folded)
    return re.sub(r"[^\w]|_", "", folded)


_BY_ALIAS = {normalize(alias): field.code for field in reversed(FIELDS) for alias in (*field.aliases.split(), field.heading, field.heading_en, field.code)}
