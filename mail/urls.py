"""Addresses of mail. All of it is personal: nobody else sees it, whoever views the site as another neither."""

from django.urls import path

from mail.lists import JournalList, LimitList, LookList, MailboxList, RecipientList
from mail.views import absences, keeping, lists, massing, reading, writing
from portal.access.view_as import personal
from portal.lists.pages import ListPage

app_name = "mail"
urlpatterns = [
    path("", lists.place, name="inbox"),
    path("in/<str:place>/", lists.place, name="place"),
    path("arrivals/", lists.arrivals, name="arrivals"),
    path("count/", personal(lists.count), name="count"),
    path("bin/emptying/", lists.bin_emptying, name="bin_emptying"),
    path("folders/new/", lists.FolderCreate.as_view(), name="folder_create"),
    path("folders/<int:pk>/", lists.folder, name="folder"),
    path("folders/<int:pk>/change/", lists.FolderUpdate.as_view(), name="folder_update"),
    path("folders/<int:pk>/deletion/", lists.FolderDeletion.as_view(), name="folder_deletion"),
    path("new/", writing.new, name="new"),
    path("recipients/", writing.recipient_choices, name="recipient_choices"),
    path("recipients/reach/", writing.recipient_reach, name="recipient_reach"),
    path("mass/new/", writing.new, {"is_mass": True}, name="mass_new"),
    path("mass/reach/", massing.mass_reach, name="mass_reach"),
    path("mass/recipients/", personal(ListPage.of(RecipientList)), name="mass_recipients"),
    path("mass/<int:pk>/", massing.mass_own, name="mass_own"),
    path("messages/<int:pk>/report/", massing.mass_report, name="mass_report"),
    path("messages/<int:pk>/reminding/", massing.MassReminding.as_view(), name="mass_reminding"),
    path("journal/", ListPage.of(JournalList), name="journal"),
    path("journal/<int:pk>/", keeping.JournalLook.as_view(), name="journal_entry"),
    path("journal/looks/", ListPage.of(LookList), name="look_list"),
    path("journal/looks/<int:pk>/", personal(keeping.look), name="look"),
    path("limits/", keeping.LimitsPage.of(LimitList), name="limit_list"),
    path("limits/mailboxes/", ListPage.of(MailboxList), name="mailbox_list"),
    path("limits/people/<int:pk>/", keeping.PersonLimit.as_view(), name="limit_of_person"),
    path("limits/levels/<int:level>/", keeping.LevelLimit.as_view(), name="limit_of_level"),
    path("away/", absences.away, name="away"),
    path("away/end/", absences.back, name="back"),
    path("gateway/", keeping.gateway, name="gateway"),
    path("largest/", lists.largest, name="largest"),
    path("drafts/", lists.drafts, name="draft_list"),
    path("waiting/", lists.waiting, name="waiting_list"),
    path("drafts/<int:pk>/", writing.draft, name="draft"),
    path("drafts/<int:pk>/deletion/", writing.draft_deletion, name="draft_deletion"),
    path("drafts/<uuid:key>/return/", writing.draft_return, name="draft_return"),
    path("drafts/<int:pk>/sending/", writing.draft_sending, name="draft_sending"),
    path("messages/<int:pk>/", reading.message, name="message"),
    path("messages/<int:pk>/opening/", reading.opening, name="opening"),
    path("messages/<int:pk>/print/", reading.message_print, name="message_print"),
    path("several/", lists.several, name="several"),
    path("messages/<int:pk>/eml/", reading.message_eml, name="message_eml"),
    path("messages/<int:pk>/parts/<int:number>/", reading.part, name="part"),
    path("messages/<int:pk>/receipts/", reading.receipts, name="receipts"),
    path("messages/<int:pk>/recall/", reading.recalling, name="recall"),
    path("messages/<int:pk>/star/", reading.star, name="star"),
    path("messages/<int:pk>/move/", reading.move, name="move"),
    path("messages/<int:pk>/purge/", reading.purge, name="purge"),
    path("messages/<int:pk>/reply/", writing.reply, name="reply"),
    path("messages/<int:pk>/reply-all/", writing.reply, {"to_all": True}, name="reply_all"),
    path("messages/<int:pk>/forward/", writing.forwarding, name="forward"),
]
