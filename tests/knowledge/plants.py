"""Articles and policies over random plants, and the rule of who sees what of them in plain words."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from hypothesis import strategies as st

from knowledge.models import Article, Policy, PolicyGrant
from knowledge.services.articles import create_article
from knowledge.services.categories import create_category
from knowledge.services.policies import create_policy, repeal_policy, shelf_of
from portal.access.models import Audience
from portal.access.rules import AudienceRule
from portal.access.standings import people_matching, refresh_standings
from portal.accounts.models import User
from portal.attachments.services import receive_file
from portal.organization.models import Department, Duty, DutyHolding, Employment, Position
from portal.organization.querysets import today
from portal.pages.approval import approve_page, submit_page
from portal.pages.drafts import draft_stamp
from portal.pages.services import publish_draft, retract_page, save_draft
from tests.access.test_oracle import SPANS, Plant, dates, descriptions, is_under, on, posts_of, sees, spell

WHOLE = ["published", "published", "published"]
LATER = timedelta(days=20)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@st.composite
def libraries(draw: st.DrawFn) -> dict[str, Any]:
    """A plant with an article and a policy for each of its papers; of each policy a second version, a leader and grants, or none."""
    described = draw(descriptions())
    people, papers = len(described["people"]), len(described["papers"])
    holder = st.one_of(
        st.tuples(st.just("person"), st.integers(0, people - 1)),
        st.tuples(st.just("position"), st.integers(0, 1)),
        st.tuples(st.just("department"), st.integers(0, len(described["parents"]) - 1)),
    )
    ends = st.tuples(st.integers(-3, 3), st.integers(0, 4))
    described["articles"] = [
        {"state": draw(st.sampled_from([*WHOLE, "waiting", "withdrawn"])), "owner": draw(st.tuples(st.booleans(), st.integers(0, 1)))} for _one in range(papers)
    ]
    described["policies"] = [
        {
            "state": draw(st.sampled_from([*WHOLE, "draft", "retracted", "repealed"])),
            "is_listed": draw(st.booleans()),
            "second": draw(st.one_of(st.none(), st.tuples(st.sampled_from(["future", "correction"]), st.integers(0, papers - 1)))),
            "leader": draw(st.one_of(st.none(), st.tuples(st.integers(0, people - 1), SPANS))),
            "grants": draw(st.lists(st.tuples(holder, ends, st.booleans()), max_size=3)),
        }
        for _one in range(papers)
    ]
    return described


@dataclass
class Library:
    """`None` stands for what was refused, because nobody is in its audience."""

    plant: Plant
    author: User
    articles: list[Article | None]
    policies: list[Policy | None]
    versions: dict[int, list[int]] = field(default_factory=dict)  # of each policy, the papers whose rules its versions have


def furnish(described: dict[str, Any], plant: Plant) -> Library:
    """Everything is written by a head of a department besides, and admitted by a keeper besides."""
    author, keeper = outsider("author", is_head=True), outsider("keeper")
    duty = Duty.objects.create(code="K", name="管理员")
    DutyHolding.objects.create(duty=duty, person=keeper, starts_on=today())
    refresh_standings([author.pk, keeper.pk])
    author, keeper = again(author), again(keeper)
    category = create_category(actor=keeper, title="设备", keepers=duty)
    library = Library(plant, author, [], [])
    for place in range(len(described["papers"])):
        library.articles.append(_article(described, plant, place, category, author, keeper))
        library.policies.append(_policy(described, library, place))
    refresh_standings()
    return library


def outsider(number: str, *, is_head: bool = False) -> User:
    department = Department.objects.create(code=number.upper(), name=f"{number}部门")
    department.path = f"{department.pk}/"
    department.save()
    person = User.objects.create(employee_number=number, name=number)
    position = Position.objects.create(code=number.upper(), name=f"{number}岗位", clearance=4, is_head=is_head)
    Employment.objects.create(person=person, department=department, position=position, starts_on=today() - timedelta(days=9))
    return person


def again(person: User) -> User:
    """As a request knows a person: nothing is remembered."""
    return User.objects.get(pk=person.pk)


def rule_of(described: dict[str, Any], plant: Plant, place: int) -> AudienceRule:
    include, exclude, level = described["papers"][place]
    return AudienceRule.of(spell(plant, include), spell(plant, exclude), level)


def _article(described: dict[str, Any], plant: Plant, place: int, category: Any, author: User, keeper: User) -> Article | None:
    rule, said = rule_of(described, plant, place), described["articles"][place]
    if not people_matching(rule).exists():
        return None
    file = receive_file(actor=author, name=f"文记号{place}号.txt", content=BytesIO(f"文记号{place}号".encode()))
    article = create_article(category, actor=author)
    values = {"title": f"文记号{place}号", "body": f"<p>文记号{place}号</p>", "audience": Audience.objects.for_rule(rule), "file_ids": [file.pk]}
    if said["owner"][0]:
        values |= {"owner_position": plant.positions[said["owner"][1]], "department": plant.departments[0]}
    save_draft(article, actor=author, values=values, seen=None)
    article = Article.objects.get(pk=article.pk)
    submit_page(article, actor=author)
    if said["state"] != "waiting":
        approve_page(article, actor=keeper)
    if said["state"] == "withdrawn":
        retract_page(Article.objects.get(pk=article.pk), reason="有误", actor=keeper)
    stored = Article.objects.get(pk=article.pk)
    stored.file_ids = [file.pk]
    return stored


def _policy(described: dict[str, Any], library: Library, place: int) -> Policy | None:
    plant, author, said = library.plant, library.author, described["policies"][place]
    rules = [place] + ([said["second"][1]] if said["second"] is not None and said["state"] != "draft" else [])
    if not all(people_matching(rule_of(described, plant, one)).exists() for one in rules):
        return None
    duty = Duty.objects.create(code=f"L{place}", name=f"分管{place}") if said["leader"] is not None else None
    if duty is not None:
        DutyHolding.objects.create(duty=duty, person=plant.people[said["leader"][0]], **dates(said["leader"][1]))
    policy = create_policy(shelf_of(author.employments.get().department), actor=author)
    for number, one in enumerate(rules, start=1):
        comes_later = number == 2 and said["second"][0] == "future"
        file = receive_file(actor=author, name=f"制记号{place}号.txt", content=BytesIO(f"件记号{place}之{number}号".encode()))
        values = {
            "title": f"制记号{place}号", "body": f"<p>第一条　版记号{place}之{number}号</p>",
            "audience": Audience.objects.for_rule(rule_of(described, plant, one)),
            "effective_on": today() + (LATER if comes_later else timedelta(0)), "is_listed": said["is_listed"], "leader": duty, "needs_confirmation": True,
            "file_ids": [file.pk], "change_note": "修订" if number == 2 else "",
        }  # fmt: skip
        stored = Policy.objects.select_related("latest_revision").get(pk=policy.pk)
        save_draft(stored, actor=author, values=values, seen=draft_stamp(stored) if number == 2 else None)
        if said["state"] != "draft":
            publish_draft(Policy.objects.get(pk=policy.pk), actor=author)
    for (kind, which), (starts, lasts), is_ended in said["grants"]:
        holder = {"person": plant.people, "position": plant.positions, "department": plant.departments}[kind][which]  # type: ignore[index]
        begins = today() + timedelta(days=starts)
        ended = {"ended_at": LONG_AGO} if is_ended else {}
        days = {"starts_on": begins, "ends_on": begins + timedelta(days=lasts)}
        PolicyGrant.objects.create(policy_id=policy.pk, **{kind: holder}, **days, reason="试", given_by=author, given_at=LONG_AGO, **ended)
    stored = Policy.objects.get(pk=policy.pk)
    if said["state"] == "retracted":
        retract_page(stored, reason="有误", actor=author)
    if said["state"] == "repealed":
        repeal_policy(stored, effective_on=today(), reason="不再需要", actor=author)
    library.versions[place] = rules
    stored = Policy.objects.get(pk=policy.pk)
    stored.file_ids = [file.pk]
    return stored


# The rule in plain words, without tokens, arrays or SQL.


def is_here(described: dict[str, Any], who: int) -> bool:
    """Works here today and may sign in."""
    kind = described["people"][who]
    return kind == "admin" or (kind == "employee" and bool(posts_of(described, who)))


def level_of(described: dict[str, Any], who: int) -> int:
    if described["people"][who] == "admin":
        return 4
    return max((described["clearances"][what] for _where, what in posts_of(described, who)), default=-1)


def reads_article(described: dict[str, Any], who: int, place: int) -> bool:
    return described["articles"][place]["state"] == "published" and sees(described, who, described["papers"][place])


def sees_article(described: dict[str, Any], who: int, place: int) -> bool:
    """Administrators keep the base, and see what waits and what was withdrawn."""
    return reads_article(described, who, place) or described["people"][who] == "admin"


def is_shown(described: dict[str, Any], place: int) -> bool:
    return described["policies"][place]["state"] in {"published", "repealed"}


def leads(described: dict[str, Any], who: int, place: int, level: int) -> bool:
    """By what was published: a draft proposes a leader, and gives them nothing yet."""
    leader = described["policies"][place]["leader"]
    return (
        described["policies"][place]["state"] != "draft"
        and leader is not None
        and leader[0] == who
        and on(leader[1], today())
        and is_here(described, who)
        and level_of(described, who) >= level
    )


def is_granted(described: dict[str, Any], who: int, place: int, rule: tuple) -> bool:
    """By a grant that runs today: cleared for the level, and not excepted from the readers."""
    if not is_here(described, who) or level_of(described, who) < rule[2] or sees(described, who, (rule[1], [], 0)):
        return False
    own = [(where, what) for person, where, what, span in described["employments"] if person == who and on(span, today())]
    for (kind, which), (starts, lasts), is_ended in described["policies"][place]["grants"]:
        if is_ended or not on((starts, lasts), today()):
            continue
        if kind == "person" and which == who:
            return True
        if kind == "position" and any(what == which for _where, what in own):
            return True
        if kind == "department" and any(is_under(described, where, which) for where, _what in own):
            return True
    return False


def sees_policy(described: dict[str, Any], who: int, place: int, rules: list[int]) -> bool:
    """Whoever is in the audience of what was published last or is in force until then, is granted it, or leads it, which also shows what was taken down."""
    rule = described["papers"][rules[-1]]
    if leads(described, who, place, rule[2]):
        return True
    read = sees(described, who, rule) or (is_future(described, place, rules) and sees(described, who, described["papers"][rules[0]]))
    return is_shown(described, place) and (read or is_granted(described, who, place, rule))


def is_future(described: dict[str, Any], place: int, rules: list[int]) -> bool:
    """Whether the second version was published and is still to come."""
    return len(rules) == 2 and described["policies"][place]["second"][0] == "future"


def reads_version(described: dict[str, Any], who: int, place: int, rules: list[int], number: int) -> bool:
    """Of a policy that they see: what was for them, and to the leader and whoever has a grant all of it that they are cleared for."""
    rule, last = described["papers"][rules[number - 1]], described["papers"][rules[-1]]
    if not sees_policy(described, who, place, rules):
        return False
    is_let_in = leads(described, who, place, last[2]) or (is_shown(described, place) and is_granted(described, who, place, last))
    excepted = sees(described, who, (rule[1], [], 0))
    cleared = level_of(described, who) >= rule[2]
    return sees(described, who, rule) or (is_let_in and cleared and (leads(described, who, place, 0) or not excepted))
