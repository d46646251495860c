"""Categories of products."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from akrab.commerce.forms import CategoryForm
from akrab.commerce.operations.arranging import save_category
from akrab.commerce.queries.shelves import all_categories
from akrab.platform.refusal import Forbidden, Invalid, NotFound, Refusal
from akrab.platform.web import Request, page, redirect, toast


def index(request: Request) -> HttpResponse:
    categories = all_categories(by=request.actor)
    return page(
        request,
        "commerce/categories.html",
        categories=categories,
        form=CategoryForm(categories=categories),
        may_edit=request.actor.may("commerce.edit_products"),
    )


def create(request: Request) -> HttpResponse:
    return _save(request, None)


def show(request: Request, category_id: UUID) -> HttpResponse:
    categories = all_categories(by=request.actor)
    category = next((one for one in categories if one.pk == category_id), None)
    if category is None:
        raise NotFound
    form = CategoryForm(
        initial={"name": category.name, "parent": str(category.parent_id or "")},
        categories=[one for one in categories if one.pk != category_id],
    )
    return page(
        request,
        "commerce/category.html",
        category=category,
        form=form,
        may_edit=request.actor.may("commerce.edit_products"),
    )


def update(request: Request, category_id: UUID) -> HttpResponse:
    return _save(request, category_id)


def _save(request: Request, category_id: UUID | None) -> HttpResponse:
    categories = all_categories(by=request.actor)
    form = CategoryForm(request.POST, categories=categories)
    if form.is_valid():
        parent = form.cleaned_data["parent"]
        try:
            save_category(
                by=request.actor,
                name=form.cleaned_data["name"],
                at=now(),
                category_id=category_id,
                parent_id=UUID(parent) if parent else None,
            )
        except (Forbidden, NotFound):
            raise
        except Invalid as refusal:
            for name, words in refusal.errors.items():
                form.add_error(name, words)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            toast(request, _("Saved."), undo=True)
            return redirect(request, "commerce:categories")
    category = next((one for one in categories if one.pk == category_id), None)
    template = "commerce/category.html" if category else "commerce/categories.html"
    return page(
        request,
        template,
        status=422,
        categories=categories,
        category=category,
        form=form,
        may_edit=request.actor.may("commerce.edit_products"),
    )
