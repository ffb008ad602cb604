"""Who may open what: one line for each address of the portal.

`page` is only looked at, `act` is only done, `form` is both. Each says to whom it answers; everyone else who is signed in is refused,
and strangers are asked to sign in. The administrator who views the site as the operator sees what the operator sees, except
what is personal, and can do nothing.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from tests.permissions.roles import (
    ADMINISTRATORS,
    ANYONE,
    AUDITORS,
    CURATORS,
    EMPLOYEES,
    KEEPERS,
    PLANT,
    ROLES,
    SIGNED_IN,
    STRANGERS,
)

Outcome = int | str
Answers = dict[str, Outcome]

SIGN_IN = "to the sign-in page"
CONFIRM = "to the page that asks for the password again"
NOT_SO = 405
INCOMPLETE = 422
DONE = 302


@dataclass(frozen=True, slots=True)
class Address:
    """`about` names the things in the address, see roles.py."""

    name: str
    about: str
    get: Answers
    post: Answers


def answers(to: AbstractSet[str], outcome: Outcome, refusal: Outcome = 403) -> Answers:
    """The outcome for these, the refusal for others who are signed in, the sign-in page for strangers."""
    return {role: outcome if role in to else SIGN_IN if role in STRANGERS else refusal for role in ROLES}


def viewed(get: Answers, post: Answers, *, is_personal: bool = False) -> tuple[Answers, Answers]:
    """What remains for an administrator who views the site as the operator."""
    return get | {"viewing": 403 if is_personal else get["operator"]}, post | {"viewing": 403}


def page(name: str, to: AbstractSet[str], about: str = "", *, shown: Outcome = 200, refusal: Outcome = 403, is_personal: bool = False) -> Address:
    return Address(name, about, *viewed(answers(to, shown, refusal), answers(ANYONE, NOT_SO), is_personal=is_personal))


def act(name: str, to: AbstractSet[str], about: str = "", *, outcome: Outcome = DONE, refusal: Outcome = 403, is_personal: bool = False) -> Address:
    return Address(name, about, *viewed(answers(ANYONE, NOT_SO), answers(to, outcome, refusal), is_personal=is_personal))


def form(
    name: str,
    to: AbstractSet[str],
    about: str = "",
    *,
    shown: Outcome = 200,
    outcome: Outcome = INCOMPLETE,
    refusal: Outcome = 403,
    is_personal: bool = False,
) -> Address:
    return Address(name, about, *viewed(answers(to, shown, refusal), answers(to, outcome, refusal), is_personal=is_personal))


def own(name: str, about: str = "", *, get: Outcome, post: Outcome) -> Address:
    """About oneself, for everyone who is signed in."""
    return form(name, SIGNED_IN, about, shown=get, outcome=post, is_personal=True)


def in_json(name: str, to: AbstractSet[str], about: str = "", *, get: Outcome = NOT_SO, post: Outcome = NOT_SO) -> Address:
    """For scripts: strangers get 401, others who are refused 404."""
    both = [{role: outcome if role in to else 401 if role in STRANGERS else outcome if outcome == NOT_SO else 404 for role in ROLES} for outcome in (get, post)]
    return Address(name, about, *viewed(both[0], both[1], is_personal=True))


def before_sign_in(name: str, about: str = "", *, strangers: tuple[Outcome, Outcome], others: tuple[Outcome, Outcome]) -> Address:
    """Each as (GET, POST)."""
    get, post = ({role: strangers[place] if role in STRANGERS else others[place] for role in ROLES} for place in (0, 1))
    return Address(name, about, *viewed(get, post, is_personal=True))


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
    page("organization:import_list", KEEPERS),
    form("organization:import_create", KEEPERS),
    page("organization:import_template", KEEPERS),
    act("organization:password_sheet", KEEPERS, outcome=200),
    page("organization:import_detail", KEEPERS, "import"),
    act("organization:import_columns", KEEPERS, "import", outcome=INCOMPLETE),
    act("organization:import_confirmation", KEEPERS, "import", outcome=INCOMPLETE),
    act("organization:import_repetition", KEEPERS, "import"),
    page("organization:import_progress", KEEPERS, "import"),
]

ACCESS = [
    page("access:audience_choices", EMPLOYEES),
    page("access:audience_reach", EMPLOYEES),
    page("access:audience_people", EMPLOYEES),
    page("access:why", {"curator"}, "paper_model paper"),
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
    page("notifications:notification_list", SIGNED_IN, is_personal=True),
    page("notifications:bell", SIGNED_IN, is_personal=True),
    act("notifications:reading", SIGNED_IN, is_personal=True),
    act("notifications:notification_opening", {"operator"}, "notification", refusal=404, is_personal=True),
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
    in_json("attachments:upload_create", SIGNED_IN, post=INCOMPLETE),
    in_json("attachments:upload_detail", {"operator"}, "upload", get=200),
    in_json("attachments:loose_removal", {"operator"}, "loose_attachment", post=204),
]

PUBLISHERS = {"head", "deputy"}  # of 质检科

TOPICS = [
    form("bulletin:topic_closing", PUBLISHERS, "topic"),
    form("bulletin:suggestion_adoption", PUBLISHERS, "suggestion"),
    act("bulletin:suggestion_withdrawal", PUBLISHERS, "suggestion"),
    form("bulletin:suggestion_done", PUBLISHERS, "suggestion"),
]

READERS = PUBLISHERS | {"inspector"}

READING = [
    page("bulletin:board", EMPLOYEES),
    page("bulletin:department_board", EMPLOYEES, "quality"),
    page("bulletin:board_list", EMPLOYEES),
    page("bulletin:archive", EMPLOYEES),
    page("bulletin:calendar", EMPLOYEES),
    page("bulletin:arrivals", EMPLOYEES),
    page("bulletin:home_notices", EMPLOYEES),
    act("bulletin:all_read", EMPLOYEES),
    page("bulletin:notice_detail", READERS, "quality_notice", refusal=404),
    page("bulletin:notice_change", READERS, "quality_notice version", refusal=404),
    act("bulletin:notice_reading", READERS, "quality_notice", outcome=204, refusal=404),
    act("bulletin:notice_confirmation", READERS, "quality_notice", refusal=404),
    page("bulletin:confirmation_report", PUBLISHERS, "topic"),
    page("bulletin:confirmation_summary", PUBLISHERS, "topic"),
    act("bulletin:confirmation_reminder", PUBLISHERS, "topic"),
    page("bulletin:department_report", PUBLISHERS | {"auditor", "curator", "admin"}),
    form("bulletin:feed_address", EMPLOYEES, outcome=200, is_personal=True),
    before_sign_in("bulletin:feed", "key", strangers=(404, NOT_SO), others=(404, NOT_SO)),
]

WRITERS = PUBLISHERS | {"auditor", "curator"}  # who publish for some department
OVERSEERS = {"admin"}

WRITING = [
    form("bulletin:notice_create", WRITERS),
    form("bulletin:notice_update", PUBLISHERS, "draft", outcome=409, refusal=404),
    page("bulletin:notice_preview", PUBLISHERS, "draft", refusal=404),
    page("bulletin:notice_writers", PUBLISHERS, "draft", refusal=404),
    act("bulletin:notice_deletion", PUBLISHERS, "draft", refusal=404),
    act("bulletin:notice_unscheduling", PUBLISHERS, "draft", refusal=404),
    form("bulletin:notice_approval", PUBLISHERS, "draft", outcome=409, refusal=404),
    act("bulletin:notice_taking_back", PUBLISHERS, "draft", refusal=404),
    form("bulletin:notice_retraction", PUBLISHERS | OVERSEERS, "topic"),
    form("bulletin:reference_create", EMPLOYEES, "topic"),
    act("bulletin:reference_deletion", PUBLISHERS | {"auditor"}, "reference"),
    form("bulletin:board_update", PUBLISHERS, "quality", outcome=DONE),
    act("bulletin:delegation_create", PUBLISHERS, "quality", outcome=INCOMPLETE),
    act("bulletin:delegation_end", PUBLISHERS, "delegation"),
    page("bulletin:drafts", WRITERS),
    page("bulletin:oversight", OVERSEERS),
]

NEWS = [
    page("bulletin:news", EMPLOYEES),
    page("bulletin:news_item", EMPLOYEES, "news", refusal=403),
    form("bulletin:news_create", ADMINISTRATORS),
    page("bulletin:news_desk", ADMINISTRATORS),
    form("bulletin:news_queue", ADMINISTRATORS, outcome=DONE),
    form("bulletin:news_update", ADMINISTRATORS, "news", outcome=409),
    page("bulletin:news_preview", ADMINISTRATORS, "news"),
    page("bulletin:news_writers", ADMINISTRATORS, "news"),
    act("bulletin:news_unscheduling", ADMINISTRATORS, "news"),
    act("bulletin:news_lead", ADMINISTRATORS, "news"),
    form("bulletin:news_retraction", ADMINISTRATORS, "news"),
    act("bulletin:news_deletion", ADMINISTRATORS, "news_draft", refusal=404),
    page("bulletin:news_feed_list", ADMINISTRATORS),
    form("bulletin:news_feed_create", ADMINISTRATORS),
    form("bulletin:news_feed_update", ADMINISTRATORS, "news_feed"),
    act("bulletin:news_feed_reading", ADMINISTRATORS, "news_feed"),
]

ADMINISTRATION = [
    page("administration:record_list", AUDITORS),
    page("administration:record_detail", AUDITORS, "record"),
    act("administration:record_export", AUDITORS, outcome=200),
    page("administration:operation", ADMINISTRATORS),
    act("administration:effect_retry", ADMINISTRATORS),
]

FRAME = [
    page("home:home", EMPLOYEES),
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
    ("access:why", "get", "admin"): 404,  # may ask, but only about what an administrator sees, which is no paper of the plant
    ("access:view_as_end", "post", "viewing"): DONE,
    ("bulletin:feed", "get", "viewing"): 404,  # its key says who reads, not the session
    ("discussion:comment_support", "post", "operator"): 403,  # support is for what others wrote
    **{  # who does not see the thing is not even told that there is a comment
        (f"discussion:{name}", method, role): 404
        for name in ("comment_update", "comment_removal")
        for method in ("get", "post")
        for role in ("admin", "customer")
    },
    ("discussion:comment_removal", "post", "operator"): DONE,  # one's own goes without a reason
    **{  # customers have no boards at all
        (address.name, method, "customer"): 403
        for address in (*READING, *WRITING)
        if address.about.startswith(("draft", "quality_notice"))
        for method, answers in (("get", address.get), ("post", address.post))
        if answers["customer"] == 404
    },
    ("bulletin:news_deletion", "post", "customer"): 403,
    ("foundation:styleguide", "get", "anonymous"): 404,
    ("foundation:styleguide", "get", "leaver"): 404,
}

# Looking at these notes that it was looked at, or clears away what has run out; nothing else is written by a GET.
WRITES_OF_GET = {
    "organization:import_template": {"audit_record"},  # a roster taken away goes on record
    "accounts:session_list": {"usersessions_usersession"},  # sessions that are over are cleared away
}

SEARCH = [
    page("search:search", EMPLOYEES),
    page("search:typing", EMPLOYEES),
    act("search:look_create", EMPLOYEES, outcome=204),
    page("search:kept", ADMINISTRATORS),
    act("search:pin_create", ADMINISTRATORS, outcome=404),
    act("search:pin_removal", ADMINISTRATORS, "pin"),
]

TABLE = [*ACCOUNTS, *ORGANIZATION, *ACCESS, *NOTIFICATIONS, *ATTACHMENTS, *DISCUSSION, *READING, *TOPICS, *WRITING, *NEWS, *SEARCH, *ADMINISTRATION, *FRAME]
