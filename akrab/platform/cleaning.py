"""Cleaning what the kernel keeps of an erased customer: payloads of facts, before-images, answers, files of imports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from akrab.platform.bulk import fetch
from akrab.platform.declaring import DECLARED
from akrab.platform.filing import located, noted
from akrab.platform.holdings import Erasing, Gone, count_of, mentioning, staying

NOBODY = str(UUID(int=0))
_BLOCK = 1 << 20
_TEXTUAL = frozenset({".csv", ".tsv", ".txt", ".ndjson", ".jsonl", ".json", ".vcf"})
_UNFINISHED = "status IN ('queued', 'running')"


def clean_facts(erasing: Erasing) -> int:
    """Empty the personal parts of a customer's facts; the database notes each cleaning in a log of its own."""
    one = str(erasing.customer_id)
    rows = fetch(
        "SELECT id, occurred_at, kind, payload::text, true FROM platform_fact WHERE customer_id = %s UNION ALL "
        "SELECT id, occurred_at, kind, payload::text, false FROM platform_fact WHERE kind = ANY(%s) "
        "AND customer_id IS DISTINCT FROM %s AND payload::text LIKE ANY(%s)",
        [erasing.customer_id, list(mentioning()), erasing.customer_id, _patterns(erasing)],
    )
    news = []
    for fact_id, at, kind, text, is_own in rows:
        clean = cleaned(kind, json.loads(text), one) if is_own else unmentioned(kind, json.loads(text), erasing)
        news.append((fact_id, at, json.dumps(clean)))
    fetch(
        "UPDATE platform_fact f SET payload = n.payload::jsonb, customer_id = nullif(f.customer_id, %s), "
        "subject_id = nullif(f.subject_id, %s) FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[]) AS n(id, at, payload) "
        "WHERE f.id = n.id AND f.occurred_at = n.at",
        [erasing.customer_id, erasing.customer_id, *([list(column) for column in zip(*news, strict=True)] or [[], [], []])],
    )
    return len(news)


def cleaned(kind: str, payload: dict[str, Any], customer: str) -> dict[str, Any]:
    """A payload without texts that may be about a person, and without the person's id; it still loads as its fact."""
    what = DECLARED.get(kind)
    if what is None:
        return {}
    stays = staying().get(kind, frozenset())
    return {
        name: value if name in stays else _emptied(value, customer, str(what.cls.__annotations__.get(name, "")))
        for name, value in payload.items()
    }


def unmentioned(kind: str, payload: dict[str, Any], erasing: Erasing) -> dict[str, Any]:
    """A payload about somebody else, without the erased person in it."""
    customer, types = str(erasing.customer_id), DECLARED[kind].cls.__annotations__
    is_named = customer in payload.values()
    clean = dict(payload)
    for name, value in payload.items():
        if value == customer:
            clean[name] = _emptied(value, customer, str(types.get(name, "")))
        elif name in mentioning()[kind]:
            clean[name] = "" if is_named and isinstance(value, str) else _cut_out(value, erasing.texts)
    return clean


def _cut_out(value: Any, texts: tuple[str, ...]) -> Any:
    whole = json.dumps(value, ensure_ascii=False)
    for text in texts:
        whole = whole.replace(json.dumps(text, ensure_ascii=False)[1:-1], "")
    return json.loads(whole)


def _emptied(value: Any, customer: str, annotation: str) -> Any:
    if value == customer:
        return None if "None" in annotation else NOBODY
    if isinstance(value, str) and not annotation.startswith(("UUID", "date")):
        return ""
    if isinstance(value, list | dict):
        return type(value)()
    return value


def clean_journal(erasing: Erasing) -> Gone:
    """Before-images go, so that no undo can bring the person back; the entries stay, without the name."""
    one = str(erasing.customer_id)
    fetch("DELETE FROM platform_journalleft WHERE owner_id = %s", [erasing.customer_id])
    removed = count_of(
        "DELETE FROM platform_journalrow WHERE owner_id = %s OR before->>'customer_id' = %s OR before->>'other_id' = %s "
        "OR after->>'customer_id' = %s OR after->>'other_id' = %s",
        [erasing.customer_id, one, one, one, one],
    )
    labels = count_of(
        "UPDATE platform_journalentry SET label = '', subject_id = NULL, is_final = true "
        "WHERE subject = 'customer' AND subject_id = %s",
        [erasing.customer_id],
    )
    return Gone(removed=removed, cleaned=labels)


def forget_answers(erasing: Erasing) -> Gone:
    """Answers kept for repeated requests that name the person."""
    found = [text.encode() for text in (str(erasing.customer_id), *erasing.texts)]
    found += [json.dumps(text)[1:-1].encode() for text in erasing.texts if not text.isascii()]
    removed = count_of(
        "DELETE FROM platform_idempotencykey WHERE EXISTS "
        "(SELECT 1 FROM unnest(%s::bytea[]) AS t(text) WHERE position(t.text IN body) > 0)",
        [found],
    )
    return Gone(removed=removed)


def clean_parked(erasing: Erasing) -> Gone:
    """Reasons of parked facts may quote what a listener read."""
    return Gone(
        cleaned=count_of(
            "UPDATE platform_parkedfact SET reason = '' WHERE reason <> '' AND (reason LIKE ANY(%s) OR fact_id IN "
            "(SELECT id FROM platform_fact WHERE customer_id = %s))",
            [_patterns(erasing), erasing.customer_id],
        )
    )


def clean_imports(erasing: Erasing) -> Gone:
    """Files of finished imports that name the person, or that cannot be searched, and what their runs noted of them."""
    folder = Path(settings.FILES_ROOT) / "imports"
    busy = {str(located(row[0])) for row in fetch(f"SELECT file_path FROM platform_import WHERE {_UNFINISHED}")}
    files = [path for path in sorted(folder.glob("*")) if path.is_file()] if folder.is_dir() else []
    doomed = [str(path) for path in files if str(path) not in busy and _may_name(path, erasing.texts)]
    cleaned = 0
    for text in erasing.texts:
        quoted = json.dumps(text, ensure_ascii=False)[1:-1]
        cleaned += count_of(
            "UPDATE platform_import SET details = replace(details::text, %s, '')::jsonb, problem = replace(problem, %s, ''), "
            "mapping = replace(mapping::text, %s, '')::jsonb, file_name = replace(file_name, %s, '') "
            "WHERE position(%s IN details::text || problem || mapping::text || file_name) > 0",
            [quoted, text, quoted, text, quoted],
        )
    fetch("UPDATE platform_import SET error_file = '' WHERE error_file = ANY(%s)", [[noted(Path(path)) for path in doomed]])
    return Gone(removed=len(doomed), cleaned=cleaned, kept=len(busy), doomed=doomed)


def _may_name(path: Path, texts: tuple[str, ...]) -> bool:
    """Whether a file holds one of the texts; a workbook or a compressed file counts as one that does."""
    if path.suffix.lower() not in _TEXTUAL:
        return True
    wanted = [text.lower().encode(code) for text in texts for code in ("utf-8", "utf-16-le", "cp1252") if _fits(text, code)]
    longest = max(map(len, wanted), default=0)
    tail = b""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            part = tail + block.lower()
            if any(text in part for text in wanted):
                return True
            tail = part[-longest:]
    return False


def _fits(text: str, code: str) -> bool:
    try:
        text.encode(code)
    except UnicodeEncodeError:
        return False
    return True


def _patterns(erasing: Erasing) -> list[str]:
    texts = (str(erasing.customer_id), *erasing.texts)
    return ["%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" for text in texts]
