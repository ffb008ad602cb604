"""The text of a policy, brought in as a Word document."""

from dataclasses import dataclass, field
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from knowledge.clauses import recognise
from knowledge.errors import KnowledgeError
from knowledge.importing.policy_text import policy_text
from knowledge.models import Policy, PolicyShelf
from knowledge.services.policies import create_policy
from portal.attachments.documents import keep_pictures, read_word, refuse_unless_word
from portal.attachments.services import drop_loose_file, receive_file
from portal.attachments.storage import content_storage
from portal.audit.services import record
from portal.foundation.rich_text import to_text
from portal.pages.drafts import names_of_untitled, refuse_held
from portal.pages.services import save_draft


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What became of a document: how many parts were recognised, from which article to which, and what was lost."""

    policy: Policy
    chapters: int
    labels: list[str] = field(default_factory=list)
    lost: dict[str, int] = field(default_factory=dict)


@transaction.atomic
def bring_in_document(policy: Policy | PolicyShelf, *, name: str, content: IO[bytes], actor: Any) -> BroughtIn:
    """Make a document the text of the draft, or begin a policy with it. What was written before stays in the history.

    Refuses with a sentence what is no Word document, and what has no text.
    """
    if isinstance(policy, Policy):
        refuse_held(policy, actor=actor)
    sent = receive_file(actor=actor, name=name, content=content)
    refuse_unless_word(sent.name, sent.file.media_type)
    with content_storage().open(sent.file.storage_name) as stored:
        document = read_word(sent.name, stored)
    body = policy_text(keep_pictures(document, actor=actor, name=sent.name))
    if not to_text(body).strip():
        raise KnowledgeError(_("“%(name)s” has no text.") % {"name": sent.name})
    drop_loose_file(actor=actor, attachment=sent)
    title = document.title or sent.name.rpartition(".")[0]
    if isinstance(policy, PolicyShelf):
        policy = create_policy(policy, actor=actor, values={"title": title, "body": body})
    else:
        has_title = policy.draft_title and policy.draft_title not in names_of_untitled()
        save_draft(policy, actor=actor, values={"body": body} if has_title else {"title": title, "body": body}, seen=None)
    clauses = recognise(body)
    labels = [clause.label for clause in clauses if clause.kind == "article"]
    record(actor, "policy.brought_in", policy, after={"file": sent.name, "articles": len(labels)})
    return BroughtIn(Policy.objects.get(pk=policy.pk), sum(clause.kind == "chapter" for clause in clauses), labels, document.lost)
