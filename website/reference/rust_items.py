"""What Rust's own items are called, and where a program finds them: as the core's sources declare and export them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_MODULES = {
    "": "lib.rs",
    "digime": "digime/mod.rs",
    "pkb": "pkb/mod.rs",
    "connections": "connections/mod.rs",
    "transport": "http/transport/mod.rs",
    "world": "world/mod.rs",
}
"""The modules that applications see, and the files that say what each exports."""

_DECLARED = re.compile(
    r"^pub(?P<inside>\(crate\))? (?:struct|enum|type) (?P<name>\w+)[^;{]*(?:;|\{\}|\{\n(?P<body>.*?)^\})",
    re.MULTILINE | re.DOTALL,
)
_CALLED = re.compile(r'schemars\((?:[^()]*, )?rename = "(\w+)"')
_EXPORT = re.compile(r"^pub use (?:\w+::)*(?:\{(?P<several>[^}]*)\}|(?P<one>\w+));", re.MULTILINE)
_MEMBER = re.compile(r'#\[serde\(rename = "(\w+)"\)\](?:\n +#\[.*\])*\n +pub (\w+):')
_VARIANT = re.compile(
    r'(?:^    #\[serde\(rename = "(?P<value>[^"]*)"\)\]\n)?^    (?P<name>[A-Z]\w*)(?:\((?P<holds>\w+)\))?,$',
    re.MULTILINE,
)
_TRAIT = re.compile(r"^pub trait LinkStore\b.*?\{\n(?P<body>.*?)^\}", re.MULTILINE | re.DOTALL)
_METHOD = re.compile(r"(?P<about>(?:^    ///[^\n]*\n)+)^    (?P<head>fn [^{;]*?)(?:;| \{)$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class _Item:
    name: str
    file: Path
    body: str
    is_public: bool


class RustItems:
    """The core's types, by what the other languages call them."""

    def __init__(self, core: Path) -> None:
        self.members: dict[str, str] = {}
        self._items: dict[str, _Item] = {}
        self._holders: dict[str, str] = {}
        self._exported = {module: _exported(core / file) for module, file in _MODULES.items()}
        self._trait = _TRAIT.findall((core / "connections/store.rs").read_text(encoding="utf-8"))[0]
        for file in sorted(core.rglob("*.rs")):
            self._read(file.relative_to(core), file.read_text(encoding="utf-8"))

    def name(self, described: str) -> str:
        """What a type is called."""
        return self._items[described].name if described in self._items else described

    def paths(self, described: str) -> list[str]:
        """How a program may name the type; none where Rust has no such type for applications."""
        item = self._items[described]
        if not item.is_public:
            return []
        there = [module for module, names in self._exported.items() if item.name in names]
        if not there:
            message = f"{item.name} of {item.file}: no module of the core exports it"
            raise ValueError(message)
        own = [module for module in there if module == item.file.parts[0]]
        return ["::".join(filter(None, ["digime_sdk", module, item.name])) for module in own or there]

    def holder(self, described: str) -> str | None:
        """The variant of an enumeration that a type is given in, `PushDataOptions::Library`."""
        return self._holders.get(self.name(described))

    def variant(self, described: str, value: str) -> str:
        """The variant that is a value in the other languages."""
        for variant in _VARIANT.finditer(self._items[described].body):
            if value == variant["value"] or re.sub(r"\W", "", value).lower() == variant["name"].lower():
                return variant["name"]
        message = f"{described}: the core's sources name no variant that is {value}"
        raise ValueError(message)

    def store_methods(self) -> list[tuple[str, str]]:
        """The methods of a store of the application's own: how each is declared, and what it is for."""
        told = []
        for method in _METHOD.finditer(self._trait):
            head = " ".join(method["head"].split()).replace("( ", "(").replace(", )", ")")
            about = re.sub(r"^ *///", "", method["about"], flags=re.MULTILINE)
            told.append((head, " ".join(about.split())))
        return told

    def _read(self, file: Path, text: str) -> None:
        self.members.update(_MEMBER.findall(text))
        for declared in _DECLARED.finditer(text):
            attributes = text[: declared.start()].rpartition("\n\n")[2]
            called = _CALLED.search(attributes)
            name = called[1] if called else declared["name"]
            item = _Item(declared["name"], file, declared["body"] or "", declared["inside"] is None)
            if "JsonSchema" in attributes:
                self._items[name] = item
            else:
                self._items.setdefault(name, item)
            for variant in _VARIANT.finditer(item.body):
                if variant["holds"]:
                    self._holders[variant["holds"]] = f"{item.name}::{variant['name']}"


def _exported(file: Path) -> set[str]:
    """The names that a module exports: those that its file names, and all that its calls' files have."""
    found: set[str] = set()
    for source in [file, *(file.parent / "calls").glob("*.rs")]:
        text = source.read_text(encoding="utf-8")
        for export in _EXPORT.finditer(text):
            found.update(re.findall(r"\w+", export["several"] or export["one"]))
        if source != file:
            found.update(declared["name"] for declared in _DECLARED.finditer(text) if not declared["inside"])
    return found
