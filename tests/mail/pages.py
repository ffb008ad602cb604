"""The pages of mail, with one of each to see; and what is photographed of them."""

from datetime import timedelta

from django.utils import timezone

from mail.services.keeping import create_folder, move_conversation
from mail.services.reading import recall
from mail.services.sending import send_draft
from portal.access.rules import AudienceRule, department_token
from portal.accounts.models import User
from tests.cast import Cast
from tests.mail.writing import LETTER, make_draft, make_foreign, open_it, received, send, send_mass, sent

SHOTS = (
    ("mail-mass", "/mail/mass/new/"),
    ("mail", "/mail/"),
    ("mail-message", "main .mails a.title"),
)


def furnish(cast: Cast) -> tuple[User, list[str]]:
    """李敏 has written, been answered, recalled, and has a draft, a message that waits and a folder."""
    message = send(cast.head, cast.inspector, cc=[cast.operator], bcc=[cast.salesperson])
    open_it(message, cast.inspector)
    answer = send(cast.inspector, cast.head, answers=message, subject="答复：3 号机组端部落丝超标", body="<p>吸丝带已换。</p>")
    open_it(answer, cast.head)
    unread = send(cast.operator, cast.head, subject="12 月份成品抽检排班（征求意见稿）")
    recalled = send(cast.workshop_head, cast.head, subject="发错了")
    recall(actor=cast.workshop_head, message=recalled)
    folder = create_folder(actor=cast.head, name="质量周报")
    move_conversation(actor=cast.head, placement=open_it(send(cast.deputy, cast.head, subject="旧的"), cast.head), place="bin")
    mass = send_mass(cast.head, AudienceRule.of([department_token(cast.quality.pk)]))
    open_it(mass, cast.inspector)
    foreign = make_foreign(cast.head, content=LETTER.replace("From: 赵立", "From: 张强"))  # who bears the name of a colleague
    open_it(foreign, cast.head)
    draft = make_draft(cast.head, cast.inspector, cc=[cast.operator], subject="嘴棒纸到货检验")
    send_draft(actor=cast.head, draft=make_draft(cast.head, cast.operator), due_at=timezone.now() + timedelta(days=2))
    own = sent(message).get_absolute_url()
    return cast.head, [
        "/mail/", "/mail/?show=files", "/mail/?q=没有的", "/mail/in/sent/", "/mail/in/starred/", "/mail/in/bin/", "/mail/drafts/", "/mail/waiting/",
        "/mail/new/", draft.get_absolute_url(), own, f"{own}print/", received(recalled, cast.head).get_absolute_url(),
        f"{received(answer, cast.head).get_absolute_url()}reply/", f"/mail/folders/{folder.pk}/", f"/mail/folders/{folder.pk}/change/",
        "/mail/away/", received(foreign, cast.head).get_absolute_url(), f"{received(foreign, cast.head).get_absolute_url()}reply/",
        "/mail/largest/", "/mail/mass/new/", sent(mass).get_absolute_url(), f"{sent(mass).get_absolute_url()}report/", "/mail/mass/recipients/",
        "/mail/folders/new/", received(unread, cast.head).get_absolute_url(),
    ]  # fmt: skip
