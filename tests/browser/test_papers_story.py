"""Each of the plant's papers through the browser: its writer submits it, and whoever its route names presses what they are asked for (R67-R79)."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from portal.accounts.models import User
from portal.approvals.demo.samples import Sample, filled_in, reply_sample
from portal.approvals.models import Paper, Task
from portal.approvals.placing import Placing
from portal.approvals.seats import Seating
from portal.approvals.services.deciding import written_in
from portal.approvals.services.opening import case_of
from portal.approvals.services.submitting import begin_paper
from tests.approvals.test_shipped import some
from tests.approvals.writing import now, shipped
from tests.cast import Cast

PageOf = Callable[[User, str], Page]


def test_each_paper_is_carried_from_its_writer_to_its_end(cast: Cast, open_page: Callable[..., Page]) -> None:
    windows: dict[int, Page] = {}

    def page_of(person: User, path: str) -> Page:
        if person.pk not in windows:
            windows[person.pk] = open_page(path, person)
        else:
            windows[person.pk].goto(path)
        return windows[person.pk]

    done: dict[str, Paper] = {}
    for sample in some(cast):
        done[sample.code] = carry_out(sample, cast, page_of)
    reply = carry_out(reply_sample(done["assessment"].pk), cast, page_of)
    sheet = page_of(cast.inspector, f"/approvals/papers/{reply.pk}/print/")
    expect(sheet.locator(".paper-sheet-signed")).to_contain_text("同意。")


def carry_out(sample: Sample, cast: Cast, page_of: PageOf) -> Paper:
    kind = shipped(sample.code)
    values = {"text": None, "amount": None} | sample.values | ({"lines": sample.lines} if sample.lines else {})
    paper = begin_paper(kind, actor=cast.inspector, values=values)
    writer = page_of(cast.inspector, f"/approvals/papers/{paper.pk}/draft/")
    writer.locator("[name=act][value=submit]").click()
    writer.wait_for_url(f"**/approvals/papers/{paper.pk}/")
    while task := Task.objects.filter(paper=paper, state="open").select_related("step").order_by("pk").first():
        decide(now(paper), task, sample, page_of)
    assert now(paper).state == "approved", sample.code
    return now(paper)


def decide(paper: Paper, task: Task, sample: Sample, page_of: PageOf) -> None:
    """By whoever sits there today; returns when the page says that it is done."""
    seating = Seating()
    way = next(way for way in seating.ways(task.seat) if Placing(case_of(paper), seating).may_act(way.person_id, task.seat))
    assert paper.content is not None
    filled = filled_in(sample, paper.content.values, written_in(paper, task.step))
    path = f"/approvals/tasks/{task.pk}/filling/" if filled else f"/approvals/papers/{paper.pk}/"
    page = page_of(User.objects.get(pk=way.person_id), path)
    for name, value in filled.items():
        if name != "lines":
            put(page.locator(f"form.paper-writing [name={name}]"), value)
    for row, line in enumerate(filled.get("lines", ())):
        for column, value in line.items():
            if column != "uid":
                put(page.locator(f"[id=lines-{row}-{column}]"), value)
    page.locator("[name=opinion]").fill("同意。")
    page.locator("[name=act][value=submit]" if filled else "[name=decision][value=approve]").click()
    if filled:
        page.wait_for_url(lambda url: "/filling/" not in url)
    expect(page.locator(f"form[action='/approvals/tasks/{task.pk}/decision/']")).to_have_count(0)


def put(control: Locator, value: str) -> None:
    if control.evaluate("(element) => element.tagName") == "SELECT":
        control.select_option(str(value))
    else:
        control.fill(str(value))
