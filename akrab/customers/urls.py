"""Addresses of the customers room."""

from django.urls import path

from akrab.customers.views import (
    accounts,
    consents,
    erasures,
    history,
    identifiers,
    lists,
    privacy,
    profiles,
    purposes,
    relationships,
    retention,
    reviews,
    timelines,
    today,
    traits,
    trash,
)
from akrab.platform.web import resource

app_name = "customers"
urlpatterns = [
    path("customers/", resource(get=lists.index, post=profiles.create), name="index"),
    path("customers/count/", resource(get=lists.count), name="count"),
    path("customers/options/", resource(get=lists.options), name="options"),
    path("customers/choices/", resource(get=lists.choices), name="choices"),
    path("customers/new/", resource(get=profiles.new), name="new"),
    path("customers/hints/", resource(get=profiles.hints), name="hints"),
    path("customers/today/", resource(get=today.show), name="today"),
    path("customers/today/people/", resource(get=today.people), name="today_people"),
    path("customers/trash/", resource(get=trash.index), name="trash"),
    path(
        "customers/<uuid:customer_id>/trash/", resource(get=trash.show, post=trash.create, delete=trash.destroy), name="trashing"
    ),
    path("customers/reviews/", resource(get=reviews.index), name="reviews"),
    path("customers/reviews/<uuid:review_id>/settlement/", resource(post=reviews.settle), name="settlement"),
    path("customers/<uuid:customer_id>/", resource(get=profiles.show, post=profiles.update), name="show"),
    path("customers/<uuid:customer_id>/edit/", resource(get=profiles.edit), name="edit"),
    path("customers/<uuid:customer_id>/timeline/", resource(get=timelines.show), name="timeline"),
    path("customers/<uuid:customer_id>/history/", resource(get=history.index), name="history"),
    path("customers/<uuid:customer_id>/account/", resource(get=accounts.show, post=accounts.update), name="account"),
    path("customers/<uuid:customer_id>/account/taking/", resource(post=accounts.take), name="account_taking"),
    path("customers/<uuid:customer_id>/account/people/", resource(post=accounts.join), name="account_people"),
    path("customers/<uuid:customer_id>/account/people/<uuid:person_id>/", resource(delete=accounts.leave), name="account_person"),
    path("customers/held-by/<uuid:user_id>/", resource(get=accounts.holdings, post=accounts.hand_over), name="holdings"),
    path("customers/<uuid:customer_id>/traits/", resource(get=traits.index), name="traits"),
    path(
        "customers/<uuid:customer_id>/identifiers/",
        resource(get=identifiers.index, post=identifiers.create),
        name="identifiers",
    ),
    path(
        "customers/<uuid:customer_id>/identifiers/<uuid:identifier_id>/",
        resource(delete=identifiers.destroy),
        name="identifier",
    ),
    path(
        "customers/<uuid:customer_id>/relationships/",
        resource(get=relationships.index, post=relationships.create),
        name="relationships",
    ),
    path(
        "customers/<uuid:customer_id>/relationships/<uuid:relationship_id>/",
        resource(delete=relationships.destroy),
        name="relationship",
    ),
    path("customers/<uuid:customer_id>/consents/", resource(get=consents.index, post=consents.create), name="consents"),
    path(
        "customers/<uuid:customer_id>/restriction/",
        resource(post=consents.restrict, delete=consents.lift),
        name="restriction",
    ),
    path("customers/<uuid:customer_id>/withdrawal/", resource(post=privacy.withdraw), name="withdrawal"),
    path("customers/<uuid:customer_id>/handout/", resource(post=privacy.handout), name="handout"),
    path("customers/<uuid:customer_id>/privacy/", resource(get=privacy.new, post=privacy.create), name="privacy_new"),
    path("customers/<uuid:customer_id>/erasure/", resource(get=erasures.new, post=erasures.create), name="erasure_new"),
    path("privacy/", resource(get=privacy.index), name="privacy"),
    path("privacy/requests/<uuid:request_id>/", resource(get=privacy.show), name="privacy_request"),
    path("privacy/requests/<uuid:request_id>/handling/", resource(post=privacy.handle), name="privacy_handling"),
    path("privacy/requests/<uuid:request_id>/decision/", resource(post=privacy.decide), name="privacy_decision"),
    path("privacy/erasures/", resource(get=erasures.index), name="erasures"),
    path("privacy/erasures/<uuid:erasure_id>/", resource(get=erasures.show), name="erasure"),
    path("privacy/erasures/<uuid:erasure_id>/receipt.json", resource(get=erasures.receipt), name="erasure_receipt"),
    path("privacy/erasures/<uuid:erasure_id>/tombstones/", resource(delete=erasures.lift), name="tombstones"),
    path("privacy/retention/", resource(get=retention.index), name="retention"),
    path("privacy/retention/<uuid:rule_id>/", resource(post=retention.update), name="retention_rule"),
    path("privacy/retention/proposals/", resource(post=retention.settle), name="proposals"),
    path("privacy/purposes/", resource(get=purposes.index, post=purposes.create), name="purposes"),
    path("privacy/purposes/<slug:code>/wordings/", resource(post=purposes.add), name="wordings"),
]
