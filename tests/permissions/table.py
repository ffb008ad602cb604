"""Who may open what: one line for each address of the portal, see rules.py. Each module keeps its own in `tests/<module>/addresses.py`."""

from importlib import import_module
from typing import Any

from portal.config.modules import WITH_PAGES
from tests.permissions.roles import ADMINISTRATORS, ANYONE, AUDITORS, CURATORS, EMPLOYEES, KEEPERS, PLANT, SIGNED_IN
from tests.permissions.rules import (
    CONFIRM,
    DONE,
    INCOMPLETE,
    NOT_SO,
    SIGN_IN,
    UNSEEN,
    Address,
    Outcome,
    act,
    before_sign_in,
    form,
    imported,
    in_json,
    own,
    page,
)

ACCOUNTS = [
    before_sign_in("account_login", strangers=(200, 200), others=(DONE, DONE)),
    before_sign_in("account_logout", strangers=(SIGN_IN, SIGN_IN), others=(200, SIGN_IN)),
    before_sign_in("account_signup", strangers=(200, 200), others=(DONE, DONE)),  # says that nobody signs up here
    before_sign_in("account_inactive", strangers=(200, NOT_SO), others=(200, NOT_SO)),
    before_sign_in("account_reset_password", strangers=(200, 200), others=(200, 200)),
    before_sign_in("account_reset_password_done", strangers=(200, NOT_SO), others=(200, NOT_SO)),
    before_sign_in("account_reset_password_from_key", "uid key", strangers=(200, 200), others=(200, 200)),  # says that the link is not valid
    before_sign_in("account_reset_password_from_key_done", strangers=(200, NOT_SO), others=(200, NOT_SO)),
    before_sign_in("mfa_authenticate", strangers=(SIGN_IN, SIGN_IN), others=(DONE, DONE)),
    before_sign_in("mfa_login_webauthn", strangers=(SIGN_IN, SIGN_IN), others=(DONE, DONE)),
    own("account_reauthenticate", get=200, post=200),
    own("account_change_password", get=200, post=200),
    own("account_set_password", get=DONE, post=DONE),
    own("mfa_index", get=200, post=NOT_SO),
    own("mfa_reauthenticate", get=CONFIRM, post=CONFIRM),
    own("mfa_activate_totp", get=CONFIRM, post=CONFIRM),
    own("mfa_deactivate_totp", get=404, post=404),
    own("mfa_view_recovery_codes", get=404, post=NOT_SO),
    own("mfa_generate_recovery_codes", get=CONFIRM, post=CONFIRM),
    own("mfa_download_recovery_codes", get=404, post=404),
    own("mfa_list_webauthn", get=200, post=NOT_SO),
    own("mfa_add_webauthn", get=CONFIRM, post=CONFIRM),
    own("mfa_reauthenticate_webauthn", get=CONFIRM, post=CONFIRM),
    own("mfa_remove_webauthn", "security_key", get=CONFIRM, post=CONFIRM),
    own("mfa_edit_webauthn", "security_key", get=CONFIRM, post=CONFIRM),
    own("accounts:preferences", get=200, post=INCOMPLETE),
    page("accounts:session_list", SIGNED_IN, is_personal=True),
    act("accounts:session_end_others", SIGNED_IN, is_personal=True),
    act("accounts:session_end", {"operator"}, "session", refusal=404, is_personal=True),
    act("accounts:preference_change", ANYONE, outcome=400, is_personal=True),
]

ORGANIZATION = [
    page("organization:person_list", EMPLOYEES),
    page("organization:person_suggestions", EMPLOYEES),
    page("organization:person_detail", EMPLOYEES, "inspector"),
    form("organization:card_update", KEEPERS | {"inspector"}, "inspector", outcome=DONE),
    form("organization:photo_update", KEEPERS | {"inspector"}, "inspector"),
    act("organization:photo_removal", KEEPERS | {"inspector"}, "inspector"),
    page("organization:person_photo", EMPLOYEES, "inspector photo"),
    form("organization:absence_create", KEEPERS | {"inspector"}, "inspector"),
    act("organization:absence_withdrawal", KEEPERS | {"inspector"}, "absence"),
    form("organization:person_create", KEEPERS),
    form("organization:person_update", KEEPERS, "inspector"),
    form("organization:person_move", KEEPERS, "inspector"),
    form("organization:person_return", KEEPERS, "leaver"),
    form("organization:person_dismissal", KEEPERS, "inspector"),
    act("organization:password_issue", KEEPERS, "inspector", outcome=200),
    act("organization:second_factors_removal", KEEPERS, "inspector"),
    form("organization:employment_create", KEEPERS, "inspector"),
    form("organization:employment_end", KEEPERS, "employment"),
    act("organization:employment_continuation", KEEPERS, "ending_employment"),
    act("organization:employment_withdrawal", KEEPERS, "coming_employment"),
    form("organization:deputyship_create", KEEPERS | {"head"}, "employment"),
    act("organization:deputyship_end", KEEPERS | {"head"}, "deputyship"),
    page("organization:department_list", EMPLOYEES),
    page("organization:department_detail", EMPLOYEES, "department"),
    form("organization:department_create", KEEPERS),
    form("organization:department_update", KEEPERS, "department"),
    form("organization:department_closure", KEEPERS, "department"),
    act("organization:department_reopening", KEEPERS, "closed_department"),
    page("organization:chart", EMPLOYEES),
    page("organization:chart_branch", EMPLOYEES, "department"),
    page("organization:position_list", KEEPERS),
    form("organization:position_create", KEEPERS),
    form("organization:position_update", KEEPERS, "position"),
    form("organization:duty_list", KEEPERS, outcome=DONE),
    form("organization:duty_create", KEEPERS),
    form("organization:duty_update", KEEPERS, "duty"),
    form("organization:holding_list", KEEPERS, outcome=DONE),
    form("organization:holding_create", KEEPERS, "duty"),
    form("organization:holding_end", KEEPERS, "holding"),
    *imported("organization:import", KEEPERS, "import"),
    act("organization:password_sheet", KEEPERS, outcome=200),
]

ACCESS = [
    page("access:audience_choices", EMPLOYEES),
    page("access:audience_reach", EMPLOYEES),
    page("access:audience_people", EMPLOYEES),
    page("access:why", {"curator", "admin"}, "paper_model paper"),
    page("access:group_list", EMPLOYEES),
    form("access:group_create", CURATORS),
    form("access:group_update", CURATORS, "group"),
    act("access:group_deletion", CURATORS, "group"),
    page("access:capability_list", ADMINISTRATORS),
    form("access:capability_update", ADMINISTRATORS, "capability", outcome=DONE),
    form("access:view_as_start", ADMINISTRATORS),
    act("access:view_as_end", ADMINISTRATORS),
]

NOTIFICATIONS = [
    page("notifications:notification_list", EMPLOYEES, is_personal=True),
    page("notifications:bell", EMPLOYEES, is_personal=True),
    act("notifications:reading", EMPLOYEES, is_personal=True),
    act("notifications:notification_opening", {"operator"}, "notification", refusal=UNSEEN, is_personal=True),
]

DISCUSSION = [
    page("discussion:thread", PLANT, "paper_type discussed", shown=DONE, refusal=404),
    page("discussion:arrivals", PLANT, "paper_type discussed", refusal=404),
    act("discussion:comment_create", PLANT, "paper_type discussed", outcome=INCOMPLETE, refusal=404),
    act("discussion:following", PLANT, "paper_type discussed", refusal=404),
    page("discussion:comment_detail", PLANT, "comment", shown=DONE, refusal=404),
    page("discussion:reply_list", PLANT, "comment", refusal=404),
    form("discussion:reply_create", PLANT, "comment", refusal=404),
    form("discussion:comment_update", {"operator"}, "comment"),
    form("discussion:comment_removal", {"operator", "head"}, "comment"),
    act("discussion:comment_support", PLANT - {"operator"}, "comment", refusal=404),
]

SEERS = EMPLOYEES - {"admin"}  # administrators see no paper of the plant

ATTACHMENTS = [
    page("attachments:file", SEERS, "attachment", refusal=404),
    page("attachments:thumbnail", SEERS, "attachment", refusal=404),
    page("attachments:picture", SEERS, "attachment", refusal=404),
    page("attachments:page", SEERS, "pdf page_number", refusal=404),
    page("attachments:text", SEERS, "pdf", refusal=404),
    page("attachments:preview", SEERS, "attachment", refusal=404),
    in_json("attachments:upload_create", EMPLOYEES, post=INCOMPLETE),
    in_json("attachments:upload_detail", {"operator"}, "upload", get=200),
    in_json("attachments:copy_create", SEERS, "attachment", post=201),
    in_json("attachments:loose_removal", {"operator"}, "loose_attachment", post=204),
]


LISTS = [
    act("lists:columns_change", AUDITORS, "list"),
    form("lists:view_create", AUDITORS, "list"),
    act("lists:start_change", AUDITORS, "list"),
    form("lists:view_update", {"auditor"}, "view", refusal=404),
    act("lists:view_deletion", {"auditor"}, "view", refusal=404),
    page("lists:export_detail", {"auditor"}, "export", refusal=404),
    page("lists:export_progress", {"auditor"}, "export", refusal=404),
    page("lists:export_file", {"auditor"}, "export", shown=404, refusal=404),  # it is not made yet
]

ADMINISTRATION = [
    form("administration:calendar", KEEPERS, outcome=DONE),
    form("administration:calendar_day_new", KEEPERS),
    form("administration:calendar_day", KEEPERS, "calendar_day"),
    form("administration:calendar_year", KEEPERS),
    form("administration:calendar_hours", KEEPERS),
    *imported("administration:calendar_import", KEEPERS, "calendar_import"),
    form("administration:record_list", AUDITORS, outcome=DONE),
    page("administration:record_detail", AUDITORS, "record"),
    form("administration:record_uncovering", AUDITORS, "record"),
    page("administration:operation", ADMINISTRATORS),
    act("administration:effect_retry", ADMINISTRATORS),
]

FRAME = [
    page("home:home", EMPLOYEES),
    page("home:live_panel", EMPLOYEES, "panel"),
    page("home:arrangement", EMPLOYEES),
    act("home:arrangement_change", EMPLOYEES, outcome=204),
    page("foundation:places", SIGNED_IN),
    page("foundation:styleguide", ADMINISTRATORS, refusal=404),
    page("foundation:favicon", ANYONE),
    page("foundation:manifest", ANYONE),
    page("foundation:robots", ANYONE),
]

# What the rules above do not say: (address, method, role) and the outcome.
EXCEPTIONS: dict[tuple[str, str, str], Outcome] = {
    ("access:view_as_end", "post", "viewing"): DONE,
    ("discussion:comment_support", "post", "operator"): 403,  # support is for what others wrote
    **{  # who does not see the thing is not even told that there is a comment
        (f"discussion:{name}", method, role): 404
        for name in ("comment_update", "comment_removal")
        for method in ("get", "post")
        for role in ("admin", "customer")
    },
    ("discussion:comment_removal", "post", "operator"): DONE,  # one's own goes without a reason
    ("foundation:styleguide", "get", "anonymous"): 404,
    ("foundation:styleguide", "get", "leaver"): 404,
}

# A list taken away goes on record, and so do the lines of a file that were refused.
IMPORTS = ("organization:import", "administration:calendar_import", "crm:customer_import", "crm:product_import", "crm:count_import")

# Looking at these notes that it was looked at, or clears away what has run out; nothing else is written by a GET.
WRITES_OF_GET = {
    **{f"{name}_{what}": {"audit_record"} for name in IMPORTS for what in ("template", "refused")},
    "accounts:session_list": {"usersessions_usersession"},  # sessions that are over are cleared away
}

SEARCH = [
    page("search:search", EMPLOYEES),
    page("search:typing", EMPLOYEES),
    page("search:file_choices", EMPLOYEES),
    act("search:look_create", EMPLOYEES, outcome=204),
    page("search:kept", ADMINISTRATORS),
    act("search:pin_create", ADMINISTRATORS, outcome=404),
    act("search:pin_removal", ADMINISTRATORS, "pin"),
]

PORTAL = [*ACCOUNTS, *ORGANIZATION, *ACCESS, *NOTIFICATIONS, *ATTACHMENTS, *DISCUSSION, *SEARCH, *LISTS, *ADMINISTRATION, *FRAME]
_modules: list[Any] = [import_module(f"tests.{module}.addresses") for module in WITH_PAGES]
TABLE: list[Address] = [*PORTAL, *(address for module in _modules for address in module.ADDRESSES)]
for _module in _modules:
    EXCEPTIONS |= _module.EXCEPTIONS
    WRITES_OF_GET |= getattr(_module, "WRITES_OF_GET", {})
