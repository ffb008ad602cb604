"""What a roster can say of a person, and how plants call it."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from portal.directory.roster.values import read_level, read_name, read_number, read_path
from portal.imports.columns import ColumnSet, ImportColumn
from portal.imports.values import read_date, read_email, read_phone, read_yes, short_reader

COLUMNS = (
    ImportColumn(
        "employee_number",
        _("employee number"),
        "工号",
        "Employee number",
        "工号 职工号 员工号 员工编号 职工编号 人员编号 人员编码 员工工号 number no employeeno employeeid staffno staffid id",
        read_number,
    ),
    ImportColumn(
        "name",
        _("full name"),
        "姓名",
        "Name",
        "姓名 名字 员工姓名 职工姓名 人员姓名 中文名 fullname chinesename",
        read_name,
    ),
    ImportColumn(
        "name_en",
        _("name in English"),
        "英文名",
        "English name",
        "英文名 英文姓名 拼音 姓名拼音 nameinenglish pinyin",
        short_reader(80),
    ),
    ImportColumn(
        "department",
        _("department"),
        "部门",
        "Department",
        "部门 部门名称 所在部门 所属部门 单位 所在单位 科室 车间 部门全称 dept unit",
        read_path,
    ),
    ImportColumn(
        "department_code",
        _("department's code"),
        "部门编码",
        "Department code",
        "部门编码 部门代码 部门编号 单位编码 单位代码 deptcode departmentno departmentscode",
        short_reader(32),
    ),
    ImportColumn(
        "parent_department",
        _("department above"),
        "上级部门",
        "Department above",
        "上级部门 上级单位 主管部门 隶属部门 所属上级 parentdepartment parentdept parent belongsto",
        read_path,
    ),
    ImportColumn(
        "position",
        _("position"),
        "岗位",
        "Position",
        "岗位 岗位名称 职务 职位 工种 现任职务 post title jobtitle job",
        short_reader(80),
    ),
    ImportColumn(
        "level",
        _("clearance"),
        "密级",
        "Clearance",
        "密级 涉密等级 保密等级 级别 level",
        read_level,
    ),
    ImportColumn(
        "is_head",
        _("heads the department"),
        "是否负责人",
        "Heads the department",
        "是否负责人 负责人 部门负责人 是否领导 head ishead",
        read_yes,
    ),
    ImportColumn(
        "starts_on",
        _("first day"),
        "任职日期",
        "From",
        "任职日期 任职时间 到岗日期 上岗日期 起始日期 开始日期 入职日期 入职时间 进厂日期 进厂时间 参加工作时间 start startdate startson hiredate since",
        read_date,
    ),
    ImportColumn(
        "ends_on",
        _("last day"),
        "离任日期",
        "To",
        "离任日期 离职日期 离职时间 结束日期 终止日期 退休日期 until end enddate endson leavingdate",
        read_date,
    ),
    ImportColumn(
        "mobile",
        _("mobile"),
        "手机",
        "Mobile",
        "手机 手机号 手机号码 移动电话 联系方式 cell mobilephone cellphone",
        read_phone,
    ),
    ImportColumn(
        "phone",
        _("office phone"),
        "办公电话",
        "Office phone",
        "办公电话 电话 座机 固定电话 分机 分机号 内线 联系电话 telephone tel extension ext phone",
        read_phone,
    ),
    ImportColumn(
        "email",
        _("email"),
        "邮箱",
        "Email",
        "邮箱 电子邮箱 电子邮件 邮件 mail emailaddress",
        read_email,
    ),
    ImportColumn(
        "room",
        _("room"),
        "办公室",
        "Room",
        "办公室 办公地点 房间 房间号 办公位置 office location",
        short_reader(60),
    ),
)


class RosterColumns(ColumnSet):
    def missing(self, mapping: Mapping[str, int]) -> list[ImportColumn]:
        """What a roster cannot do without: who, and where."""
        needed = [] if "name" in mapping else [self.by_code["name"]]
        if "department" not in mapping and "department_code" not in mapping:
            needed.append(self.by_code["department"])
        return needed


ROSTER_COLUMNS = RosterColumns(COLUMNS, telling=("name", "employee_number"))
