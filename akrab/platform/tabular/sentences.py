"""A sentence for a person: English with named values, translated only when somebody reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext


def gettext_noop(message: str) -> str:
    """Marks a message for translation; Django's own needs settings already at import."""
    return message


@dataclass(frozen=True, slots=True)
class Sentence:
    """`str()` gives English and needs no settings; `translated()` gives the language of the reader, also of
    values that are sentences themselves."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % self.values if self.values else self.template

    def translated(self) -> str:
        text = gettext(self.template)
        if not self.values:
            return text
        return text % {name: value.translated() if isinstance(value, Sentence) else value for name, value in self.values.items()}

    def to_json(self) -> dict[str, object]:
        """The template and its values, so that it can be kept and told in any language."""
        values = {name: _kept(value) for name, value in self.values.items()}
        return {"text": self.template, "values": values} if values else {"text": self.template}

    @classmethod
    def from_json(cls, data: object) -> "Sentence":
        """What `to_json` gave; a plain text of former times stays as it is."""
        if not isinstance(data, Mapping):
            return cls("%(text)s", {"text": str(data)})
        values = {name: cls.from_json(one) if isinstance(one, Mapping) else one for name, one in data.get("values", {}).items()}
        return cls(str(data["text"]), values)


def _kept(value: object) -> object:
    if isinstance(value, Sentence):
        return value.to_json()
    return value if isinstance(value, int | str) else str(value)


class TabularError(Exception):
    """The file as a whole cannot be read; `sentence` says what was found and what to do."""

    def __init__(self, code: str, template: str, **values: object) -> None:
        self.code = code
        self.sentence = Sentence(template, values)
        super().__init__(code, str(self.sentence))

    def __str__(self) -> str:
        return str(self.sentence)
