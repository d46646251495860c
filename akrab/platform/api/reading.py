"""The OpenAPI document as people read it: chapters of operations with their parameters, bodies and answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

Shape = dict[str, Any]
TONES = {"GET": "info", "POST": "success", "PUT": "warning", "PATCH": "warning", "DELETE": "danger"}


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One parameter or field."""

    name: str
    type: str
    note: str
    required: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One operation as a page shows it."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[FieldLine]
    body: str
    body_fields: list[FieldLine]
    answers: list[FieldLine]
    example: str

    @property
    def tone(self) -> str:
        return TONES[self.method]


@dataclass(frozen=True, slots=True)
class Chapter:
    """The operations of one resource."""

    id: str
    title: str
    calls: list[Call] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ShapePage:
    """One named shape with its fields."""

    name: str
    note: str
    fields: list[FieldLine]


def chapters(document: Shape) -> list[Chapter]:
    """The operations by resource, in the order in which rooms added them."""
    found: dict[str, Chapter] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = operation["tags"][0]
            chapter = found.setdefault(tag, Chapter(tag.replace(" ", "-"), tag.capitalize()))
            chapter.calls.append(_call(path, method.upper(), operation, document))
    return list(found.values())


def shapes(document: Shape) -> list[ShapePage]:
    """The named shapes, by name."""
    named = sorted(document["components"]["schemas"].items())
    return [ShapePage(name, schema.get("description", ""), _fields(schema)) for name, schema in named]


def _call(path: str, method: str, operation: Shape, document: Shape) -> Call:
    content = operation.get("requestBody", {}).get("content", {})
    body: Shape = next((one["schema"] for one in content.values()), {})
    parameters = [
        FieldLine(one["name"], type_of(one["schema"]), one.get("description", ""), one.get("required", False))
        for one in operation["parameters"]
    ]
    answers = [
        FieldLine(str(status), _answer_type(answer), _answer_note(answer, document), required=False)
        for status, answer in operation["responses"].items()
    ]
    return Call(
        operation["operationId"],
        method,
        path,
        operation["summary"],
        operation.get("description", ""),
        parameters,
        type_of(body) if body else "",
        _fields(_resolved(body, document)),
        answers,
        _example(path, method, content),
    )


def _fields(schema: Shape) -> list[FieldLine]:
    required = set(schema.get("required", ()))
    return [FieldLine(name, type_of(one), _note(one), name in required) for name, one in schema.get("properties", {}).items()]


def _note(schema: Shape) -> str:
    inside = schema.get("anyOf", [schema])[0]
    limits = {"maxLength": "at most {} characters", "maxItems": "at most {} items", "maximum": "at most {}"}
    said = [words.format(inside[name]) for name, words in limits.items() if name in inside]
    return " · ".join(filter(None, [schema.get("description") or inside.get("description", ""), *said]))


def type_of(schema: Shape) -> str:
    """A type in a few words: text, number or null, list of Line."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for many in ("anyOf", "oneOf", "allOf"):
        if many in schema:
            return " or ".join(dict.fromkeys(type_of(one) for one in schema[many]))
    if "enum" in schema or "const" in schema:
        return " | ".join(json.dumps(one) for one in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {type_of(schema.get('items', {}))}"
    named = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    return str(schema.get("format") or named.get(schema.get("type", ""), schema.get("type", "anything")))


def _resolved(schema: Shape, document: Shape) -> Shape:
    if "$ref" in schema:
        return dict(document["components"]["schemas"][type_of(schema)])
    return schema


def _answer_type(answer: Shape) -> str:
    if "$ref" in answer:
        return "Problem"
    return next((type_of(one["schema"]) for one in answer.get("content", {}).values()), "")


def _answer_note(answer: Shape, document: Shape) -> str:
    if "$ref" in answer:
        answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return str(answer.get("description", ""))


def _example(path: str, method: str, content: Shape) -> str:
    lines = [f"curl -X {method} $AKRAB{path}", '-H "Authorization: Bearer $KEY"']
    if content:
        lines += ['-H "Content-Type: application/json"', "-d @body.json"]
    return " \\\n  ".join(lines)
