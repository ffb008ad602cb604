"""The cast: a small plant and its named people, the same in every test.

卷烟厂 plant
  厂办公室 office            陈刚 director (heads the plant)
  质检科 quality             李敏 head, 王伟 inspector, 赵静 deputy of 李敏 this month
  生产车间 workshop          刘洋 head
    甲班 shift A             张强 operator
  销售科 sales               孙丽 salesperson
"""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.access.standings import refresh_standings
from portal.accounts.models import User
from portal.organization.models import Department, Deputyship, Employment, Position, Profile
from portal.organization.querysets import today

PASSWORD = "tea-and-tobacco-7"


@dataclass(frozen=True, slots=True)
class Cast:
    """Everyone and everything by name. Clearances: operator 1, staff 2, head 3, director 4."""

    plant: Department
    office: Department
    quality: Department
    workshop: Department
    shift: Department
    sales: Department
    operator_post: Position
    staff_post: Position
    head_post: Position
    director_post: Position
    admin: User
    director: User
    head: User
    inspector: User
    operator: User
    workshop_head: User
    salesperson: User
    deputy: User
    leaver: User
    newcomer: User
    customer: User

    @property
    def employees(self) -> list[User]:
        return [self.director, self.head, self.inspector, self.operator, self.workshop_head, self.salesperson, self.deputy]

    @property
    def everyone(self) -> list[User]:
        return [self.admin, *self.employees, self.leaver, self.newcomer, self.customer]


def make_department(code: str, name: str, name_en: str, parent: Department | None = None, kind: str = "department") -> Department:
    """A department with its path in the tree."""
    department = Department.objects.create(code=code, name=name, name_en=name_en, parent=parent, kind=kind)
    department.path = f"{parent.path if parent else ''}{department.pk}/"
    department.save()
    return department


def make_person(employee_number: str, name: str, name_en: str = "", *, kind: str = "employee", is_superuser: bool = False, is_active: bool = True) -> User:
    """An account that may sign in with PASSWORD, employed nowhere yet."""
    person = User.objects.create_user(employee_number, PASSWORD, name=name, name_en=name_en, kind=kind, is_superuser=is_superuser, is_active=is_active)
    Profile.objects.create(person=person)
    return person


def employ(
    person: User, department: Department, position: Position, *, starts_on: date | None = None, ends_on: date | None = None, is_primary: bool = True
) -> Employment:
    """Put a person into a post; since three years ago unless told otherwise. Standings are refreshed."""
    employment = _post(person, department, position, starts_on=starts_on, ends_on=ends_on, is_primary=is_primary)
    refresh_standings([person.pk])
    return employment


def _post(
    person: User, department: Department, position: Position, *, starts_on: date | None = None, ends_on: date | None = None, is_primary: bool = True
) -> Employment:
    return Employment.objects.create(
        person=person,
        department=department,
        position=position,
        starts_on=starts_on or today() - timedelta(days=3 * 365),
        ends_on=ends_on,
        is_primary=is_primary,
    )


def make_cast() -> Cast:
    """Build the plant and its people; every standing is fresh, reckoned once: most tests begin with this."""
    now = today()
    plant = make_department("PLANT", "金叶卷烟厂", "Goldleaf Cigarette Factory", kind="plant")
    office = make_department("OFFICE", "厂办公室", "Factory Office", plant)
    quality = make_department("QUALITY", "质检科", "Quality Inspection", plant)
    workshop = make_department("WORKSHOP", "生产车间", "Production Workshop", plant, kind="workshop")
    shift = make_department("SHIFT-A", "甲班", "Shift A", workshop, kind="shift")
    sales = make_department("SALES", "销售科", "Sales", plant)

    operator_post = Position.objects.create(code="OPERATOR", name="操作工", name_en="Operator", clearance=1, order=40)
    staff_post = Position.objects.create(code="STAFF", name="科员", name_en="Officer", clearance=2, order=30)
    head_post = Position.objects.create(code="HEAD", name="科长", name_en="Head", clearance=3, is_head=True, order=20)
    director_post = Position.objects.create(code="DIRECTOR", name="厂长", name_en="Director", clearance=4, is_head=True, order=10)

    people = {
        "admin": make_person("admin", "管理员", "Administrator", is_superuser=True),
        "director": make_person("10001", "陈刚", "Chen Gang"),
        "head": make_person("10002", "李敏", "Li Min"),
        "inspector": make_person("10003", "王伟", "Wang Wei"),
        "operator": make_person("10004", "张强", "Zhang Qiang"),
        "workshop_head": make_person("10005", "刘洋", "Liu Yang"),
        "salesperson": make_person("10006", "孙丽", "Sun Li"),
        "deputy": make_person("10007", "赵静", "Zhao Jing"),
        "leaver": make_person("10008", "周涛", "Zhou Tao", is_active=False),
        "newcomer": make_person("10009", "吴霞", "Wu Xia"),
        "customer": make_person("c-2001", "郑勇", "Zheng Yong", kind="customer"),
    }
    _post(people["director"], plant, director_post)
    head_employment = _post(people["head"], quality, head_post)
    _post(people["inspector"], quality, staff_post)
    _post(people["operator"], shift, operator_post)
    _post(people["workshop_head"], workshop, head_post)
    _post(people["salesperson"], sales, staff_post)
    _post(people["deputy"], quality, staff_post)
    _post(people["leaver"], sales, staff_post, ends_on=now - timedelta(days=30))
    _post(people["newcomer"], office, staff_post, starts_on=now + timedelta(days=14))
    Deputyship.objects.create(
        employment=head_employment, deputy=people["deputy"], starts_on=now - timedelta(days=3), ends_on=now + timedelta(days=20), reason="出差"
    )
    refresh_standings()
    return Cast(
        plant=plant,
        office=office,
        quality=quality,
        workshop=workshop,
        shift=shift,
        sales=sales,
        operator_post=operator_post,
        staff_post=staff_post,
        head_post=head_post,
        director_post=director_post,
        **people,
    )
