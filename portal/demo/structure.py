"""The departments and positions of the demo plant: those that the plant's papers name (R67-R79), its workshops, shifts and sales districts."""

from dataclasses import dataclass

from portal.organization.models import Department

Kind = Department.Kind


@dataclass(frozen=True, slots=True)
class PositionPlan:
    code: str
    name: str
    name_en: str
    clearance: int = 1
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A department: its share of the people, who heads it, and what the others do there (position: share)."""

    code: str
    name: str
    name_en: str
    kind: Kind
    weight: float
    head: str
    staff: tuple[tuple[str, int], ...]
    building: str
    below: tuple["UnitPlan", ...] = ()


POSITIONS = (
    PositionPlan("director", "厂长", "Director", 4, is_head=True),
    PositionPlan("deputy_director", "副厂长", "Deputy director", 3),
    PositionPlan("chief_engineer", "总工程师", "Chief engineer", 3),
    PositionPlan("chief", "科长", "Head of department", 3, is_head=True),
    PositionPlan("workshop_head", "车间主任", "Workshop head", 3, is_head=True),
    PositionPlan("deputy_chief", "副科长", "Deputy head", 2),
    PositionPlan("deputy_workshop_head", "副主任", "Deputy workshop head", 2),
    PositionPlan("group_leader", "组长", "Group leader", 2, is_head=True),
    PositionPlan("shift_leader", "班长", "Shift leader", 2, is_head=True),
    PositionPlan("district_manager", "区域经理", "District manager", 2, is_head=True),
    PositionPlan("engineer", "工程师", "Engineer", 2),
    PositionPlan("accountant", "会计", "Accountant", 2),
    PositionPlan("auditor", "审计员", "Auditor", 2),
    PositionPlan("system_keeper", "网络管理员", "Network keeper", 2),
    PositionPlan("secretary", "文员", "Clerk"),
    PositionPlan("officer", "科员", "Officer"),
    PositionPlan("planner", "计划员", "Planner"),
    PositionPlan("dispatcher", "调度员", "Dispatcher"),
    PositionPlan("buyer", "采购员", "Buyer"),
    PositionPlan("leaf_grader", "烟叶评级员", "Leaf grader"),
    PositionPlan("account_manager", "客户经理", "Account manager"),
    PositionPlan("inspector", "检验员", "Inspector"),
    PositionPlan("storekeeper", "保管员", "Storekeeper"),
    PositionPlan("technician", "技术员", "Technician"),
    PositionPlan("fitter", "维修工", "Fitter"),
    PositionPlan("electrician", "电工", "Electrician"),
    PositionPlan("guard", "保卫员", "Guard"),
    PositionPlan("driver", "驾驶员", "Driver", 0),
    PositionPlan("operator", "操作工", "Operator"),
)

DISTRICTS = (
    ("市区", "City"),
    ("东区", "East"),
    ("西区", "West"),
    ("南区", "South"),
    ("北区", "North"),
    ("开发区", "Development Zone"),
    ("江北", "Jiangbei"),
    ("山区", "Hills"),
)
SHIFTS = (("甲班", "Shift A"), ("乙班", "Shift B"), ("丙班", "Shift C"))
OFFICE = "办公楼"


def plan_units(people: int) -> UnitPlan:
    """The tree. A larger plant has more sales districts, and teams within its shifts, so that no department grows out of measure."""
    districts = DISTRICTS[: 5 if people < 2_000 else len(DISTRICTS)]
    return UnitPlan(
        "PLANT", "", "", Kind.PLANT, 0, "director", (), OFFICE,
        (
            _department("DIR", "厂长室", "Director's Office", 1, (("deputy_director", 3), ("chief_engineer", 1)), head="director"),
            _department("OFF", "厂办公室", "Plant Office", 3, (("secretary", 4), ("officer", 2), ("driver", 2))),
            _department("ENT", "企管科", "Enterprise Management", 2, (("officer", 4), ("engineer", 1))),
            _department("HR", "人事劳资科", "Personnel", 2, (("officer", 4), ("secretary", 1))),
            _department("PLN", "计划科", "Planning", 2, (("planner", 5), ("officer", 1))),
            _department("PRD", "生产科", "Production", 3, (("dispatcher", 4), ("engineer", 2), ("planner", 1))),
            _department("PUR", "采购科", "Purchasing", 2, (("buyer", 4), ("deputy_chief", 1)), below=(
                _group("PUR-1", "原料组", "Leaf Purchasing", 2, (("leaf_grader", 3), ("buyer", 3))),
                _group("PUR-2", "物资组", "Materials Purchasing", 2, (("buyer", 5),)),
            )),
            _department("SAL", "销售科", "Sales", 3, (("deputy_chief", 1), ("officer", 4)), below=tuple(
                _group(f"SAL-{number}", f"{name}营销部", f"Sales District {name_en}", 5, (("account_manager", 9), ("driver", 1)), head="district_manager")
                for number, (name, name_en) in enumerate(districts, 1)
            )),
            _department("QUA", "质检科", "Quality", 1, (("engineer", 2), ("deputy_chief", 1)), below=(
                _group("QUA-1", "原料检验组", "Leaf Inspection", 2, (("inspector", 5), ("leaf_grader", 1))),
                _group("QUA-2", "工艺检验组", "Process Inspection", 2, (("inspector", 6),)),
                _group("QUA-3", "成品检验组", "Product Inspection", 2, (("inspector", 6),)),
            )),
            _department("WHS", "仓储科", "Warehouse", 1, (("officer", 2),), below=(
                _group("WHS-1", "原料库", "Leaf Store", 2, (("storekeeper", 5), ("driver", 1)), building="一号库"),
                _group("WHS-2", "辅料库", "Materials Store", 2, (("storekeeper", 5), ("driver", 1)), building="二号库"),
                _group("WHS-3", "成品库", "Finished Goods Store", 3, (("storekeeper", 5), ("driver", 2)), building="三号库"),
            )),
            _department("AUD", "审计科", "Audit", 1, (("auditor", 4), ("officer", 1))),
            _department("FIN", "财务科", "Finance", 2, (("accountant", 5), ("deputy_chief", 1))),
            _department("EQP", "设备科", "Equipment", 3, (("engineer", 2), ("technician", 3), ("fitter", 4))),
            _department("PWR", "动力科", "Power", 3, (("electrician", 5), ("operator", 4), ("technician", 1)), building="动力站"),
            _department("SEC", "安全保卫科", "Safety and Security", 1, (("officer", 2),), below=_shifts("SEC", 2, (("guard", 1),), people, "门卫")),
            _department("INF", "信息中心", "Computer Centre", 2, (("system_keeper", 2), ("engineer", 3), ("technician", 2))),
            _department("UNI", "工会", "Union", 1, (("officer", 1),)),
            _workshop("CUT", "制丝车间", "Primary Workshop", 8, people, "制丝楼"),
            _workshop("MAK", "卷包车间", "Making and Packing Workshop", 16, people, "卷包楼"),
            _workshop("FIL", "滤棒车间", "Filter Rod Workshop", 4, people, "滤棒楼"),
        ),
    )  # fmt: skip


def _department(
    code: str, name: str, name_en: str, weight: float, staff: tuple[tuple[str, int], ...], *, head: str = "chief", building: str = OFFICE,
    below: tuple[UnitPlan, ...] = (),
) -> UnitPlan:  # fmt: skip
    return UnitPlan(code, name, name_en, Kind.DEPARTMENT, weight, head, staff, building, below)


def _group(
    code: str, name: str, name_en: str, weight: float, staff: tuple[tuple[str, int], ...], *, head: str = "group_leader", building: str = OFFICE
) -> UnitPlan:
    return UnitPlan(code, name, name_en, Kind.SECTION, weight, head, staff, building)


def _workshop(code: str, name: str, name_en: str, weight: float, people: int, building: str) -> UnitPlan:
    staff = (("deputy_workshop_head", 1), ("technician", 2), ("dispatcher", 1))
    shifts = _shifts(code, weight, (("operator", 10), ("fitter", 2), ("electrician", 1)), people, building)
    return UnitPlan(code, name, name_en, Kind.WORKSHOP, 1, "workshop_head", staff, building, shifts)


def _shifts(code: str, weight: float, staff: tuple[tuple[str, int], ...], people: int, building: str) -> tuple[UnitPlan, ...]:
    """Three shifts, each with teams of some forty people where the plant is large."""
    teams = min(30, int(people * weight / 9_000))
    shifts = []
    for number, (name, name_en) in enumerate(SHIFTS, 1):
        below = tuple(
            UnitPlan(f"{code}-{number}-{team}", f"{team}组", f"Team {team}", Kind.SECTION, weight / teams, "group_leader", staff, building)
            for team in range(1, teams + 1)
        )
        shifts.append(UnitPlan(f"{code}-{number}", name, name_en, Kind.SHIFT, weight if not below else 0.3, "shift_leader", staff, building, below))
    return tuple(shifts)
