"""What is done about outsiders on the intranet, below /crm/. The addresses of the customers' site are in `site.py`."""

from django.urls import path

from crm.extranet.lists import OutsiderList
from crm.extranet.views import inside
from portal.lists.pages import ListPage

urlpatterns = [
    path("outsiders/", ListPage.of(OutsiderList), name="outsider_list"),
    path("outsiders/<int:pk>/", inside.outsider_detail, name="outsider_detail"),
    path("outsiders/<int:pk>/end/", inside.OutsiderEnd.as_view(), name="outsider_end"),
    path("outsiders/<int:pk>/sign-out/", inside.OutsiderSignOut.as_view(), name="outsider_sign_out"),
    path("outsiders/<int:pk>/first/", inside.OutsiderFirst.as_view(), name="outsider_first"),
    path("outsiders/<int:pk>/anew/", inside.OutsiderAnew.as_view(), name="outsider_anew"),
    path("outsiders/invitations/<int:pk>/", inside.outsider_invitation, name="outsider_invitation"),
    path("outsiders/invitations/<int:pk>/withdrawal/", inside.OutsiderWithdraw.as_view(), name="outsider_withdraw"),
    path("customers/<int:pk>/outsiders/new/", inside.OutsiderInvite.as_view(), name="outsider_invite"),
]
