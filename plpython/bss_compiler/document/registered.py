"""Gives the registered documents as JSON values by URI, each parsed when something refers to it."""

from collections.abc import Iterator, Mapping
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import shape
from bss_compiler.document.limits import Limits
from bss_compiler.document.schema import Reader
from bss_compiler.document.text import parse


class Registered(Mapping[str, Any]):
    """The documents that came with a request.

    It remembers what it was asked for: `read` are the URIs of documents that were used, `missing`
    those of documents that did not come along. What is read counts as a part of the document that
    refers to it: together they keep the limit of one.
    """

    def __init__(
        self, texts: Mapping[str, str], *, beside: str, limits: Limits, findings: Findings
    ) -> None:
        self._texts = texts
        self._limits = limits
        self._findings = findings
        self._bytes = len(beside.encode("utf-8", "surrogatepass"))
        self._values: dict[str, Any] = {}
        self.missing: set[str] = set()

    @property
    def read(self) -> frozenset[str]:
        """Give the URIs of the documents that were used."""
        return frozenset(self._values)

    def __contains__(self, uri: object) -> bool:
        """Say whether a document came along; note it if not."""
        if uri in self._texts:
            return True
        if isinstance(uri, str) and uri != "":
            self.missing.add(uri)
        return False

    def __getitem__(self, uri: str) -> Any:
        """Give the value of a document; one that breaks a limit, with a finding, is just true."""
        if uri not in self._values:
            self._values[uri] = self._parse(uri)
        return self._values[uri]

    def __iter__(self) -> Iterator[str]:
        """Give the URIs of all that came along."""
        return iter(self._texts)

    def __len__(self) -> int:
        """Give the number of documents that came along."""
        return len(self._texts)

    def _parse(self, uri: str) -> Any:
        text = self._texts[uri]
        self._bytes += len(text.encode())
        if self._bytes > self._limits.document_bytes:
            self._findings.report(
                Code.DOCUMENT_TOO_LARGE, f"{uri}#",
                "document is too large, with those that it refers to",
                detail=f"The limit is {self._limits.document_bytes} bytes.",
                hint="Refer to smaller documents, or raise the setting limit.document_bytes.",
            )  # fmt: skip
            return True
        faults = Findings()
        value = parse(text, self._limits, faults)
        for fault in faults.diagnostics:
            self._findings.report(
                fault.code, f"{uri}#{fault.pointer}", fault.message,
                detail=fault.detail, hint=fault.hint or "Register another document.",
            )  # fmt: skip
        return True if faults.errors else value


def check_registered(uri: str, text: str, limits: Limits, findings: Findings) -> frozenset[str]:
    """Read a document that is to be registered; gives the URIs of the documents it refers to."""
    value = parse(text, limits, findings)
    if findings.errors:
        return frozenset()
    problem = shape.schema(value)
    if problem is not None:
        findings.report(
            Code.WRONG_SHAPE, "", f"document should be {problem}", hint="Hand in a JSON Schema."
        )
        return frozenset()
    reader = Reader(limits=limits, findings=findings)
    reader.resources[uri] = ""
    reader.read(value, "", uri)
    return reader.external_references()
