"""Addresses of the customers room."""

from django.urls import path

from akrab.customers.views import history, identifiers, lists, profiles, relationships, reviews, timelines, today, traits, trash
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
]
