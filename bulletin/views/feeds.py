"""The boards as an RSS feed, under a private address that can be renewed."""

from django.contrib import messages
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bulletin.models import FeedAddress, Notice
from bulletin.services.feeds import end_feed_address, person_of_key, renew_feed_address
from portal.access.decorators import employee_required
from portal.access.rules import EVERYONE
from portal.access.standings import standing_of
from portal.access.view_as import personal
from portal.accounts.models import User
from portal.foundation.rich_text import to_text
from portal.foundation.signs import one_line

MOST = 50
LONGEST_SUMMARY = 400


class NoticeFeed(Feed):
    """What is for the person now. A notice that ended, or a right that did, is gone from the next reading on."""

    feed_type = Rss201rev2Feed

    def get_object(self, request: HttpRequest, key: str) -> User:
        person = person_of_key(key)
        if person is None or EVERYONE not in standing_of(person).token_set:
            raise Http404
        return person

    def title(self, obj: User) -> str:
        return _("Notices for %(name)s") % {"name": obj.name}

    def link(self, obj: User) -> str:
        return reverse("bulletin:board")

    def description(self, obj: User) -> str:
        return _("What the departments have published for you.")

    def items(self, obj: User) -> list[Notice]:
        return list(Notice.objects.addressed_to(obj).select_related("department").newest_first()[:MOST])

    def item_title(self, item: Notice) -> str:
        return one_line(f"{item.number} {item.title}")

    def item_description(self, item: Notice) -> str:
        return to_text(item.body)[:LONGEST_SUMMARY]

    def item_pubdate(self, item: Notice):
        return item.published_at

    def item_updateddate(self, item: Notice):
        return item.corrected_at or item.published_at

    def item_author_name(self, item: Notice) -> str:
        return item.department.label

    def item_guid(self, item: Notice) -> str:
        return f"{item.pk}-{item.version_number}"

    item_guid_is_permalink = False


_feed = NoticeFeed()


@require_GET
def notice_feed(request: HttpRequest, key: str) -> HttpResponseBase:
    """Without a session: the key says who reads."""
    response = _feed(request, key=key)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_http_methods(["GET", "POST"])
@personal
@employee_required
def feed_address(request: HttpRequest) -> HttpResponse:
    """Make, renew or end one's address. A new one is shown once."""
    address = ""
    if request.method == "POST":
        if "end" in request.POST:
            end_feed_address(actor=request.user)
            messages.success(request, _("The address has ended."))
            return redirect("bulletin:feed_address")
        key = renew_feed_address(actor=request.user)
        address = request.build_absolute_uri(reverse("bulletin:feed", args=[key]))
    known = FeedAddress.objects.filter(person=request.user.pk).first()
    return render(request, "bulletin/feed_address.html", {"address": address, "known": known})
