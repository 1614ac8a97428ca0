"""XML files as plain trees: bounded, and without anything that a DTD or an entity could do."""

import re
from dataclasses import dataclass, field

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser

from ecgssl_core.errors import BrokenFile, LimitError, UnknownFormat, UnsafeFile

MOST_BYTES, MOST_ELEMENTS, MOST_DEPTH, MOST_ATTRIBUTES = 64 << 20, 200_000, 64, 64
_HEAD = 1 << 14  # bytes within which a file must come to its outermost element
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_UNMARKED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED = re.compile(r"<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_UTF_16 = {"utf-16", "utf16", "utf-16le", "utf-16be", "utf-16-le", "utf-16-be", "ucs-2", "unicode"}
# a name in a file never reaches Python's codec registry, which imports modules by name
_ENCODINGS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii", "latin1": "latin-1",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5", "shift_jis": "shift_jis",
    "euc-jp": "euc_jp", "euc-kr": "euc_kr",
    **{f"iso-8859-{part}": f"iso-8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
    **{f"windows-{page}": f"cp{page}" for page in range(1250, 1259)},
}  # fmt: skip
# what every file of GE's MUSE begins with: it names a DTD, which is never opened, and declares nothing
_EMPTY_DOCTYPE = re.compile(r"<!DOCTYPE\s+RestingECG\s+SYSTEM\s+(?:\"restecg\.dtd\"|'restecg\.dtd')\s*>")


@dataclass(eq=False)
class Node:
    """One element: names are without their namespaces."""

    name: str
    attributes: dict[str, str]
    children: list["Node"] = field(default_factory=list)
    text: str = ""

    def all(self, *path: str) -> list["Node"]:
        """Give the elements at the end of a path of names, in the order of the file."""
        found = [self]
        for name in path:
            found = [child for node in found for child in node.children if child.name == name]
        return found

    def at(self, *path: str) -> "Node | None":
        """Give the first element at the end of a path of names."""
        return next(iter(self.all(*path)), None)

    def word(self, *path: str) -> str:
        """Give the text of the first element at the end of a path, or an empty string."""
        found = self.at(*path)
        return found.text.strip() if found else ""

    def said(self, attribute: str, *path: str) -> str:
        """Give an attribute of the first element at the end of a path, or an empty string."""
        found = self.at(*path)
        return found.attributes.get(attribute, "").strip() if found else ""


def root_of(content: bytes) -> tuple[str, str]:
    """Give namespace and name of a file's outermost element, from its first bytes; two empty strings for no XML.

    Where a DTD comes first, the name is what that says, and the namespace is not known.
    """
    encoding, mark = _shown_encoding(content)
    head = content[mark : mark + _HEAD].decode(encoding, "replace").lstrip()
    while head.startswith(("<?", "<!--")):
        head = head.partition("?>" if head.startswith("<?") else "-->")[2].lstrip()
    doctype = re.match(r"<!DOCTYPE\s+(?:[\w.-]+:)?([\w.-]+)", head)
    if doctype:
        return "", doctype[1]
    tag = re.match(r"<(?:([\w.-]+):)?([\w.-]+)([^>]*)", head)
    if not tag:
        return "", ""
    attribute = f"xmlns:{re.escape(tag[1])}" if tag[1] else "xmlns"
    namespace = re.search(rf"\s{attribute}\s*=\s*[\"']([^\"']*)", tag[3])
    return namespace[1] if namespace else "", tag[2]


def parse(file: str, content: bytes, root: str) -> Node:
    """Give the tree of an XML file.

    Args:
        file: the file's name, for sentences.
        content: of the whole file, in UTF-8, UTF-16, or the encoding that its first line names.
        root: the name that its outermost element must have.

    Raises:
        RecordError: the XML is damaged, too large, another one, or declares what may act: a DTD or entities.
    """
    if len(content) > MOST_BYTES:
        raise LimitError(file, "The XML is larger than 64 MiB; export a shorter record.")
    text = _decoded(file, content)
    text = _EMPTY_DOCTYPE.sub("", text[:_HEAD], count=1) + text[_HEAD:]
    growing = _Growing(file)
    parser = XMLParser(target=growing, forbid_dtd=True)
    try:
        parser.feed(text)
        parser.close()
    except ParseError as error:
        told = f"The XML is damaged or ends early, at line {error.position[0]}; copy or export it again."
        raise BrokenFile(file, told) from error
    except DefusedXmlException as error:
        raise UnsafeFile(
            file, "The XML declares a DTD or entities, which are never followed; export it plain."
        ) from error
    if growing.root is None or growing.root.name != root:
        raise UnknownFormat(file, f"The XML's outermost element is not {root}; export it again.")
    return growing.root


class _Growing:
    """What the parser tells, put together to a tree, within limits."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.elements = 0
        self._open: list[Node] = []
        self._words: list[list[str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise LimitError(self.file, f"The XML holds more than {MOST_ELEMENTS} elements; an ECG needs far fewer.")
        if len(self._open) >= MOST_DEPTH:
            raise LimitError(self.file, f"The XML is nested deeper than {MOST_DEPTH} levels; an ECG needs far fewer.")
        if len(attributes) > MOST_ATTRIBUTES:
            raise LimitError(self.file, f"An element of the XML has more than {MOST_ATTRIBUTES} attributes.")
        node = Node(_local(tag), {_local(name): value for name, value in attributes.items()})
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)
        self._words.append([])

    def data(self, text: str) -> None:
        self._words[-1].append(text)

    def end(self, _tag: str) -> None:
        self._open.pop().text = "".join(self._words.pop())

    def close(self) -> None:
        """Nothing is left open: the parser sees to that."""


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _shown_encoding(content: bytes) -> tuple[str, int]:
    """Give the encoding that the first bytes show, and how many of them are only its mark."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding, len(mark)
    return next((encoding for mark, encoding in _UNMARKED if content.startswith(mark)), "utf-8"), 0


def _decoded(file: str, content: bytes) -> str:
    """Give the text; an encoding that the file declares and does not keep is no matter to guess about."""
    shown, mark = _shown_encoding(content)
    declared = _DECLARED.match(content[mark:512].decode(shown, "replace").lstrip())
    named = declared[1].lower() if declared else "utf-16" if shown != "utf-8" else "utf-8"
    if shown != "utf-8":
        encoding = shown if named in _UTF_16 else None
    else:
        encoding = _ENCODINGS.get(named) if not mark or named in {"utf-8", "utf8"} else None
    try:
        if encoding is None:
            raise LookupError(named)
        return content[mark:].decode(encoding)
    except (LookupError, UnicodeDecodeError) as error:
        told = "The file is not written in the encoding that its first line names; export it again, as UTF-8."
        raise BrokenFile(file, told) from error
