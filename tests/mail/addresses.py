"""Who may open what of mail, and a thing for each address to be about."""

from typing import Any

from mail.models import JournalEntry
from mail.services.journal import begin_look
from mail.services.keeping import create_folder
from mail.services.mailboxes import ensure_mailboxes
from mail.services.sending import send_draft
from portal.access.rules import AudienceRule, department_token, person_token
from portal.access.services import grant_capability
from tests.cast import Cast
from tests.mail.writing import fresh, make_draft, make_foreign, open_it, received, send, send_mass, sent
from tests.permissions.roles import ADMINISTRATORS, AUDITORS, EMPLOYEES
from tests.permissions.rules import DONE, UNSEEN, act, form, page

HEADS = {"head", "deputy", "auditor", "curator", "admin"}  # who heads a department, stands in for one, or administers the portal
OWNER = {"inspector"}  # 王伟 has it in his mailbox; 李敏 wrote it and has her own

ADDRESSES = [
    page("mail:inbox", EMPLOYEES, is_personal=True),
    page("mail:place", EMPLOYEES, "mail_place", is_personal=True),
    page("mail:arrivals", EMPLOYEES, is_personal=True),
    page("mail:count", EMPLOYEES, is_personal=True),
    act("mail:bin_emptying", EMPLOYEES, is_personal=True),
    form("mail:folder_create", EMPLOYEES, is_personal=True),
    page("mail:folder", OWNER, "mail_folder", refusal=UNSEEN, is_personal=True),
    form("mail:folder_update", OWNER, "mail_folder", refusal=UNSEEN, is_personal=True),
    act("mail:folder_deletion", OWNER, "mail_folder", refusal=UNSEEN, is_personal=True),
    form("mail:new", EMPLOYEES, outcome=DONE, is_personal=True),
    page("mail:recipient_choices", EMPLOYEES, is_personal=True),
    page("mail:recipient_reach", EMPLOYEES, is_personal=True),
    form("mail:mass_new", HEADS, outcome=DONE, is_personal=True),
    page("mail:mass_reach", HEADS, is_personal=True),
    form("mail:mass_recipients", EMPLOYEES, outcome=DONE, is_personal=True),
    page("mail:mass_own", OWNER | {"head"}, "mail_message", shown=DONE, refusal=UNSEEN, is_personal=True),
    page("mail:mass_report", {"head"}, "mail_mass_placement", refusal=UNSEEN, is_personal=True),
    act("mail:mass_reminding", {"head"}, "mail_mass_placement", refusal=UNSEEN, is_personal=True),
    page("mail:largest", EMPLOYEES, is_personal=True),
    form("mail:away", EMPLOYEES, is_personal=True),
    act("mail:back", EMPLOYEES, is_personal=True),
    page("mail:gateway", ADMINISTRATORS),
    page("mail:part", OWNER, "mail_foreign mail_part", refusal=UNSEEN, is_personal=True),
    act("mail:several", EMPLOYEES, is_personal=True),
    page("mail:message_eml", OWNER, "mail_placement", refusal=UNSEEN, is_personal=True),
    form("mail:journal", ADMINISTRATORS, outcome=DONE),
    form("mail:journal_entry", ADMINISTRATORS, "mail_entry", is_personal=True),
    form("mail:look_list", AUDITORS, outcome=DONE),
    page("mail:look", {"keeper"}, "mail_look", refusal=UNSEEN, is_personal=True),
    form("mail:limit_list", ADMINISTRATORS, outcome=DONE),
    form("mail:mailbox_list", ADMINISTRATORS, outcome=DONE),
    form("mail:limit_of_person", ADMINISTRATORS, "inspector", outcome=DONE),
    form("mail:limit_of_level", ADMINISTRATORS, "mail_level", outcome=DONE),
    page("mail:draft_list", EMPLOYEES, is_personal=True),
    page("mail:waiting_list", EMPLOYEES, is_personal=True),
    form("mail:draft", OWNER, "mail_draft", outcome=409, refusal=UNSEEN, is_personal=True),
    act("mail:draft_deletion", OWNER, "mail_draft", refusal=UNSEEN, is_personal=True),
    act("mail:draft_return", OWNER, "mail_key", refusal=UNSEEN, is_personal=True),
    act("mail:draft_sending", OWNER, "mail_waiting", refusal=UNSEEN, is_personal=True),
    page("mail:message", OWNER, "mail_placement", refusal=UNSEEN, is_personal=True),
    act("mail:opening", OWNER, "mail_placement", refusal=UNSEEN, is_personal=True),
    page("mail:message_print", OWNER, "mail_placement", refusal=UNSEEN, is_personal=True),
    page("mail:receipts", OWNER, "mail_sent_placement", refusal=UNSEEN, is_personal=True),
    act("mail:recall", OWNER, "mail_sent_placement", refusal=UNSEEN, is_personal=True),
    act("mail:star", OWNER, "mail_placement", refusal=UNSEEN, is_personal=True),
    act("mail:move", set(), "mail_placement", refusal=UNSEEN, is_personal=True),  # without a place nothing is moved
    act("mail:purge", OWNER, "mail_placement", refusal=UNSEEN, is_personal=True),
    form("mail:reply", OWNER, "mail_placement", outcome=DONE, refusal=UNSEEN, is_personal=True),
    form("mail:reply_all", OWNER, "mail_placement", outcome=DONE, refusal=UNSEEN, is_personal=True),
    act("mail:forward", OWNER, "mail_placement", refusal=UNSEEN, is_personal=True),
]
EXCEPTIONS: dict[Any, Any] = {}
QUERIES = {"/mail/": 16, "/mail/drafts/": 12}


def make_things(cast: Cast) -> dict[str, Any]:
    """李敏 wrote to 王伟, who opened it; 王伟 writes, waits to send, and has sent something to 张强."""
    ensure_mailboxes()
    message = send(cast.head, cast.inspector)
    open_it(message, cast.inspector)
    grant_capability("mail.look", rule=AudienceRule.of([person_token(cast.salesperson.pk)]), actor=cast.admin)
    entry = JournalEntry.objects.filter(message=message).latest("pk")
    waiting = send_draft(actor=cast.inspector, draft=make_draft(cast.inspector, cast.head))
    return {
        "mail_place": "archive",
        "mail_entry": entry.pk,
        "mail_look": begin_look(actor=fresh(cast.salesperson), entry=entry, reason="纪检来函").pk,
        "mail_level": 2,
        "mail_message": message.pk,
        "mail_mass_placement": sent(send_mass(cast.head, AudienceRule.of([department_token(cast.quality.pk)]))).pk,
        "mail_placement": received(message, cast.inspector).pk,
        "mail_sent_placement": sent(send(cast.inspector, cast.operator)).pk,
        "mail_foreign": open_it(make_foreign(cast.inspector), cast.inspector).pk,
        "mail_part": 0,
        "mail_folder": create_folder(actor=cast.inspector, name="质量周报").pk,
        "mail_draft": make_draft(cast.inspector, cast.head).pk,
        "mail_waiting": waiting.pk,
        "mail_key": waiting.key,
    }
