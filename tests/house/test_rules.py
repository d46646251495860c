"""The house rules that a machine can check."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import ForeignKey, Model, QuerySet

from akrab.platform.declaring import DECLARED
from akrab.platform.operation import OPERATIONS

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "akrab"
ROOMS = ["platform", "customers", "collaboration", "commerce", "insight"]
STACK = {name: height for height, name in enumerate(ROOMS)}


def modules(part: str) -> list[str]:
    """Dotted names of the modules in one folder (operations, queries) of every room."""
    found = sorted(PACKAGE.glob(f"*/{part}/*.py")) + sorted(PACKAGE.glob(f"*/{part}.py"))
    return [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in found if path.stem != "__init__"]


def public_functions(module: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    tree = ast.parse((ROOT / (module.replace(".", "/") + ".py")).read_text())
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield f"{module}.{node.name}", node


def test_imports_follow_the_stack_the_inside_order_and_the_doors() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


def test_foreign_keys_point_down_and_leave_the_room_without_a_way_back() -> None:
    wrong = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if not isinstance(field, ForeignKey) or model._meta.app_label not in STACK:
                continue
            target = field.related_model._meta.app_label
            if target == model._meta.app_label:
                continue
            if STACK.get(target, -1) > STACK[model._meta.app_label] or field.remote_field.related_name != "+":
                wrong.append(str(field))

    assert wrong == []


@pytest.mark.parametrize("module", modules("operations"))
def test_every_operation_is_keyword_only_takes_by_and_names_a_permission(module: str) -> None:
    import_module(module)
    for name, node in public_functions(module):
        if name in OPERATIONS:
            assert not node.args.args, f"{name} takes positional arguments"
            assert "by" in [argument.arg for argument in node.args.kwonlyargs], f"{name} does not take `by`"
            assert OPERATIONS[name].count(".") == 1


def test_every_objects_in_operations_and_queries_says_for_whom() -> None:
    """Allow-list: rows that every actor may see (branches, products, categories, users at sign-in, the actor's own)."""
    unscoped = 0
    for module in modules("operations") + modules("queries"):
        for line in (ROOT / (module.replace(".", "/") + ".py")).read_text().splitlines():
            if any(f"{name}.objects." in line for name in ("Customer", "Receipt")):
                unscoped += "visible_to(" not in line and "unscoped()" not in line

    assert unscoped == 0


@pytest.mark.parametrize("room", ROOMS[1:])
def test_no_model_or_queryset_leaves_through_a_door(room: str) -> None:
    door = import_module(f"akrab.{room}.public")
    for name in door.__all__:
        thing = getattr(door, name)
        assert not (inspect.isclass(thing) and issubclass(thing, Model | QuerySet)), f"{room} hands out {name}"


@pytest.mark.parametrize("room", ROOMS[1:])
def test_a_door_is_small_and_has_no_code(room: str) -> None:
    tree = ast.parse((PACKAGE / room / "public.py").read_text())

    assert all(isinstance(node, ast.ImportFrom | ast.Assign | ast.Expr) for node in tree.body)
    assert len(import_module(f"akrab.{room}.public").__all__) <= 30


def test_no_stray_files() -> None:
    forbidden = {"utils.py", "helpers.py", "services.py", "managers.py", "signals.py", "exceptions.py", "constants.py"}

    assert [str(path) for path in PACKAGE.rglob("*.py") if path.name in forbidden] == []


def test_every_init_is_empty() -> None:
    assert [str(path) for path in PACKAGE.rglob("__init__.py") if path.read_text().strip()] == []


def test_every_module_opens_with_one_sentence() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in PACKAGE.rglob("*.py")
        if path.stem != "__init__" and path.parent.name != "migrations" and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []


def test_every_fact_tells_its_story_and_is_dated() -> None:
    for kind, what in DECLARED.items():
        assert what.cls.__doc__, kind
        assert not what.cls.__doc__.startswith(what.cls.__name__ + "("), kind
        assert what.at in what.fields, kind
        assert kind.count(".") == 1


@pytest.mark.django_db
def test_no_migration_is_pending() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.parametrize("room", ROOMS)
def test_migrations_stand_in_one_line(room: str) -> None:
    names = sorted(path.stem for path in (PACKAGE / room / "migrations").glob("0*.py"))

    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_no_lock_file_or_source_names_a_package_host_or_this_machine() -> None:
    hosts = ("pypi" + ".org", "python" + "hosted", "registry.npm" + "js", "/" + "work/main", "/" + "root/")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split("\n")
    named = []
    for name in filter(None, listed):
        path = ROOT / name
        if path.is_file() and path.suffix not in {".png", ".ico", ".woff2", ".mo"}:
            text = path.read_text(errors="ignore")
            named += [f"{name}: {host}" for host in hosts if host in text]

    assert named == []


def test_the_catalogs_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.catalogue", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr[-2000:]
