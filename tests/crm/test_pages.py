"""The pages as people use them."""

from crm.customers.models import Customer, Portfolio
from tests.cast import Cast
from tests.crm.writing import LICENCE, seen_now

FORM = {"name": "劳动西路鑫源名烟名酒", "kind": "retailer", "market": "town", "trade": "tobacco"}


def test_a_customer_is_taken_up_once(client_for, cast: Cast, portfolio: Portfolio) -> None:
    client = client_for(cast.salesperson)
    page = client.get("/crm/customers/new/")
    key = page.context["key"]
    values = {**FORM, "portfolio": portfolio.pk, "phones": "0731-85123307转802\n13807316620", "licence_no": LICENCE, page.context["key_field"]: key}
    for _press in range(2):
        answer = client.post("/crm/customers/new/", values)
        assert answer.status_code == 302
    customer = Customer.objects.get()
    assert answer.url == customer.get_absolute_url()
    assert sorted(customer.reach_points.values_list("normal", "extension")) == [("073185123307", "802"), ("13807316620", "")]
    assert customer.code.startswith("C")


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(client_for, cast: Cast, portfolio: Portfolio) -> None:
    client = client_for(cast.salesperson)
    wrong = {**FORM, "portfolio": portfolio.pk, "phones": "没有电话", "licence_no": "123", "uscc": "91350100M000100Y44", "licence_ends_on": "2026-02-30"}
    answer = client.post("/crm/customers/new/", wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"phones", "licence_no", "uscc", "licence_ends_on"}
    assert "劳动西路鑫源名烟名酒" in answer.content.decode()
    assert not Customer.objects.exists()


def test_perhaps_the_same_is_offered_while_one_types(client_for, cast: Cast, customer: Customer) -> None:
    client = client_for(cast.salesperson)
    for asked in ({"name": "红星路金穗超市"}, {"licence_no": LICENCE}, {"phones": "0731 8512 3307"}, {"name": "红星路金穂烟酒商行"}):
        assert ("红星路金穗烟酒商行" in client.get("/crm/customers/alike/", asked).content.decode()) is True, asked
    assert "红星路" not in client.get("/crm/customers/alike/", {"name": "劳动西路"}).content.decode()
    assert client_for(cast.inspector).get("/crm/customers/alike/").status_code == 403


def test_a_conflict_keeps_what_was_typed_and_can_be_saved_again(client_for, cast: Cast, customer: Customer) -> None:
    client, seen = client_for(cast.salesperson), seen_now(customer)
    own = {"name": customer.name, "kind": "retailer", "market": "town", "trade": "tobacco", "licence_no": LICENCE, "seen": seen, "address": "红星路90号"}
    assert client.post(f"{customer.get_absolute_url()}change/", own).status_code == 302
    answer = client_for(cast.admin).post(f"{customer.get_absolute_url()}change/", own | {"address": "红星路99号"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "红星路99号" in page
    assert "红星路90号" in page
    again = own | {"address": "红星路99号", "seen": answer.context["form"]["seen"].value()}
    assert client_for(cast.admin).post(f"{customer.get_absolute_url()}change/", again).status_code == 302
    customer.refresh_from_db()
    assert customer.address == "红星路99号"


def test_people_and_dealings_are_written_on_the_page(client_for, cast: Cast, customer: Customer) -> None:
    client, at = client_for(cast.salesperson), customer.get_absolute_url()
    assert client.post(f"{at}contacts/new/", {"name": "李秀兰", "role": "店主", "phones": "13807316620", "agreed_on": "2026-01-02"}).status_code == 302
    contact = customer.contacts.get()
    assert client.post(f"{at}contacts/{contact.pk}/", {"name": "李秀兰", "role": "店主", "phones": "13907316621", "agreed_on": "2026-01-02"}).status_code == 302
    page = client.get(at).content.decode()
    assert "13907316621" in page
    assert "13807316620" not in page
    assert client.post(f"{at}dealings/new/", {"kind": "call", "text": "问松涛能否多给", "promise": "明天答复", "due_on": "2099-01-01"}).status_code == 302
    dealing = customer.dealings.get()
    assert "明天答复" in client.get(at).content.decode()
    assert client.post(f"{at}dealings/{dealing.pk}/kept/").status_code == 302
    assert client.get(at).context["file"].promises == []
    assert client.get("/crm/customers/?promised=any").context["page"].rows == []
