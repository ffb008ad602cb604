"""A visit on a telephone in a shop without a net: kept on the device, sent once when there is one."""

import re

from playwright.sync_api import expect

from crm.activities.models import Visit
from portal.attachments.queries import shown_on
from tests.attachments.samples import png
from tests.crm.visiting import promised
from tests.crm.writing import make_customer, make_portfolio


def test_a_visit_written_without_a_net_is_kept_and_sent_once(cast, open_page):
    portfolio = make_portfolio(cast)
    customer = make_customer(portfolio, cast.salesperson)
    promised(customer)
    page = open_page("/crm/visits/new/", cast.salesperson, width=360)
    page.wait_for_function("document.documentElement.hasAttribute('data-attached')")
    page.context.set_offline(True)
    page.locator("#id_customer").select_option(str(customer.pk))
    page.locator("#id_results").fill("陈列已调整，价签已换")
    page.locator("#id_file_ids").set_input_files({"name": "counter.png", "mimeType": "image/png", "buffer": png()})
    page.locator("main form .primary").click()
    expect(page.locator("[data-part=waiting] li")).to_have_count(1)
    expect(page.locator("#id_results")).to_have_value("")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not Visit.objects.exists()
    page.context.set_offline(False)
    expect(page.locator("[data-part=waiting] li")).to_have_count(0)
    page.goto("/crm/visits/all/")
    expect(page.locator("main tbody tr")).to_have_count(1)
    visit = Visit.objects.get()
    assert (visit.customer, visit.results, visit.is_clock_off) == (customer, "陈列已调整，价签已换", False)
    assert [row.name for row in shown_on(visit)] == ["counter.png"]
    assert customer.visit_promises.get().state == "kept"

    page.goto(f"/crm/visits/new/?customer={customer.pk}")
    page.wait_for_function("document.documentElement.hasAttribute('data-attached')")
    page.locator("#id_results").fill("再访")
    page.locator("main form .primary").dblclick()
    page.wait_for_url(re.compile(r"/crm/visits/\d+/$"))
    expect(page.locator("main")).to_contain_text("再访")
    assert Visit.objects.count() == 2
