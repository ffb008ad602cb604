"""The addresses of the customers' site. None carries a number that tells how many there are of something, nor whose page it is."""

from django.urls import path

from crm.extranet.views import entry, home, ordering, orders, people, products, reading, service, surveys, words

app_name = "extranet"
urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", entry.sign_in_page, name="sign_in"),
    path("sign-out/", entry.sign_out_now, name="sign_out"),
    path("join/<slug:token>/", entry.join, name="join"),
    path("look/", entry.look_change, name="look_change"),
    path("products/", products.product_list, name="products"),
    path("order/", ordering.order_page, name="order"),
    path("orders/", orders.order_list, name="orders"),
    path("orders/<uuid:key>/", orders.order_detail, name="order_detail"),
    path("orders/<uuid:key>/cancel/", orders.Cancel.as_view(), name="order_cancel"),
    path("due/", orders.due, name="due"),
    path("help/", service.service_list, name="service"),
    path("help/ask/", service.Ask.as_view(), name="ask"),
    path("help/complain/", service.Complain.as_view(), name="complain"),
    path("help/market/", service.TellOfMarket.as_view(), name="market"),
    path("help/market/<slug:key>/", service.market_detail, name="market_detail"),
    path("help/questions/<slug:key>/", service.request_detail, name="request_detail"),
    path("help/questions/<slug:key>/more/", words.More.as_view(), name="request_more"),
    path("help/questions/<slug:key>/thanks/", words.thanks, name="request_thanks"),
    path("help/complaints/<slug:key>/word/", words.Word.as_view(), name="objection_word"),
    path("help/complaints/<slug:key>/", service.objection_detail, name="objection_detail"),
    path("surveys/", surveys.survey_list, name="surveys"),
    path("surveys/<slug:key>/", surveys.survey, name="survey"),
    path("s/<slug:key>/", surveys.survey_by_link, name="survey_by_link"),
    path("read/", reading.readings, name="readings"),
    path("read/files/<uuid:pk>/", reading.reading_file, name="reading_file"),
    path("read/<uuid:key>/", reading.reading, name="reading"),
    path("files/<uuid:pk>/", service.file, name="file"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.Invite.as_view(), name="invite"),
    path("people/password/", people.Password.as_view(), name="password"),
    path("people/elsewhere/end/", people.others_end, name="others_end"),
    path("people/<slug:key>/end/", people.person_end, name="person_end"),
    path("people/invitations/<slug:key>/end/", people.invitation_end, name="invitation_end"),
]
