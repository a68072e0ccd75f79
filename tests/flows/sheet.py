"""A page as an officer reads it: its words, its links, and its forms with fields found by their labels."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "rect", "source", "wbr"}
QUIET = {"script", "style", "template"}
ASIDE = {"req", "mut"}  # classes of what stands in a label beside its words


@dataclass
class Element:
    """One element of the page."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: list["Element | str"] = field(default_factory=list)

    def all(self, *tags: str) -> list["Element"]:
        """Every element of these tags inside, in the order of the page."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                found += [child] if child.tag in tags else []
                found += child.all(*tags)
        return found

    def text(self, *, own_words: bool = False) -> str:
        """The words inside, blanks folded; `own_words` leaves out hints, marks and controls."""
        return " ".join("".join(self._words(own_words)).split())

    def _words(self, own_words: bool):
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in QUIET and not (own_words and child.is_aside):
                yield from (" ", *child._words(own_words), " ")

    @property
    def is_aside(self) -> bool:
        return bool(
            ASIDE & set(self.attributes.get("class", "").split())
            or self.attributes.get("aria-hidden") == "true"
            or self.tag in ("input", "select", "textarea")
        )

    def inside(self, *tags: str) -> "Element | None":
        """The nearest element of these tags around this one."""
        around = self.parent
        while around is not None and around.tag not in tags:
            around = around.parent
        return around


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Element("", {})

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag, attrs):
        self.here.children.append(Element(tag, dict(attrs), self.here))

    def handle_endtag(self, tag):
        around = self.here
        while around.parent is not None and around.tag != tag:
            around = around.parent
        if around.parent is not None:
            self.here = around.parent

    def handle_data(self, data):
        self.here.children.append(data)


class Sheet:
    """A page that was answered."""

    def __init__(self, html: str) -> None:
        reader = _Reader()
        reader.feed(html)
        self.root = reader.root
        self.labels = self.root.all("label")
        self.by_id = {
            element.attributes["id"]: element
            for element in self._everything(self.root)
            if "id" in element.attributes
        }

    def _everything(self, around: Element):
        for child in around.children:
            if isinstance(child, Element):
                yield child
                yield from self._everything(child)

    @property
    def main(self) -> Element:
        """The page without menu and top bar."""
        return (self.root.all("main") or self.root.all("body") or [self.root])[0]

    def text(self) -> str:
        """The words of the page proper."""
        return self.main.text()

    def link(self, words: str, near: str = "") -> str:
        """Where the first link with these words leads, in the row that holds `near`.

        Links of the page proper come before those of menu and top bar.
        """
        for around in (self.main, self.root):
            links = [link for link in around.all("a") if self._is_near(link, near)]
            for fits in (str.__eq__, str.__contains__):
                for link in links:
                    if fits(said(link), words):
                        return link.attributes["href"]
        raise AssertionError(f"no link {words!r} near {near!r} on: {self.text()}")

    def form(self, button: str, near: str = "") -> "Form":
        """The form that this button sends, in the row or slip that holds `near`."""
        for element in self.main.all("button"):
            if element.attributes.get("type", "submit") != "submit":
                continue
            if said(element) == button and self._is_near(element, near):
                return Form(self, self._form_of(element), element)
        raise AssertionError(f"no button {button!r} near {near!r} on: {self.text()}")

    def _is_near(self, element: Element, near: str) -> bool:
        if not near:
            return True
        around = element.inside("tr", "article", "li") or element.inside("section", "form")
        return around is not None and near in around.text()

    def _form_of(self, element: Element) -> Element:
        if "form" in element.attributes:
            return self.by_id[element.attributes["form"]]
        around = element.inside("form")
        assert around is not None, f"{said(element)} sends no form"
        return around

    def belonging_to(self, form: Element) -> list[Element]:
        """The controls of a form, wherever on the page they stand."""
        controls = self.root.all("input", "select", "textarea")
        return [
            control
            for control in controls
            if (
                control.attributes["form"] == form.attributes.get("id")
                if "form" in control.attributes
                else control.inside("form") is form
            )
        ]

    def name_of(self, control: Element) -> str:
        """What a reader says of a control: its own label."""
        if spoken := control.attributes.get("aria-label"):
            return spoken
        for label in self.labels:
            if label.attributes.get("for") == control.attributes.get("id", "?"):
                return label.text(own_words=True)
        around = control.inside("label")
        return around.text(own_words=True) if around else ""

    def group_of(self, control: Element) -> str:
        """The legend above a control."""
        around = control.inside("fieldset")
        legends = around.all("legend") if around else []
        return legends[0].text(own_words=True).removesuffix("（必填）").strip() if legends else ""


def said(element: Element) -> str:
    """What a button is called."""
    return element.attributes.get("aria-label") or element.text()


class Form:
    """A form as it stands on the page, being filled in."""

    def __init__(self, sheet: Sheet, form: Element, button: Element) -> None:
        self.sheet, self.element, self.button = sheet, form, button
        self.controls = sheet.belonging_to(form)
        self.data: dict[str, list] = {}
        for control in self.controls:
            self._start(control)
        if name := button.attributes.get("name"):
            self.data[name] = [button.attributes.get("value", "")]

    @property
    def disabled(self) -> bool:
        return "disabled" in self.button.attributes

    @property
    def action(self) -> str:
        return self.button.attributes.get("formaction") or self.element.attributes.get("action", "")

    def _start(self, control: Element) -> None:
        name, kind = control.attributes.get("name"), control.attributes.get("type", "text")
        if not name or "disabled" in control.attributes or kind in ("submit", "button", "file"):
            return
        if control.tag == "select":
            options = control.all("option")
            chosen = [one for one in options if "selected" in one.attributes] or options[:1]
            self.data.setdefault(name, []).extend(_value(one) for one in chosen)
        elif control.tag == "textarea":
            self.data.setdefault(name, []).append("".join(control._words(False)).strip())
        elif kind in ("checkbox", "radio"):
            if "checked" in control.attributes:
                self.data.setdefault(name, []).append(control.attributes.get("value", "on"))
        else:
            self.data.setdefault(name, []).append(control.attributes.get("value", ""))

    def fill(self, label: str, value: object) -> None:
        """Fill in one field: words, a choice by its words, True for a tick, an open file."""
        control = self._find(label, value)
        name, kind = control.attributes["name"], control.attributes.get("type", "text")
        assert "disabled" not in control.attributes, f"{label} cannot be filled in"
        if control.tag == "select":
            options = control.all("option")
            matching = [one for one in options if str(value) == one.text()]
            matching += [one for one in options if str(value) in one.text()]
            assert matching, f"{label} offers {[one.text() for one in options]}, not {value}"
            self.data[name] = [_value(matching[0])]
        elif kind == "checkbox":
            kept = [one for one in self.data.get(name, []) if one != _value(control)]
            self.data[name] = [*kept, *([_value(control)] if value else [])]
        elif kind == "radio":
            self.data[name] = [_value(control)]
        else:
            self.data[name] = [value]

    def _find(self, label: str, value: object) -> Element:
        named = [(self.sheet.name_of(control), control) for control in self.controls]
        open_ones = [(name, one) for name, one in named if one.attributes.get("type") != "hidden"]
        for fits in (str.__eq__, str.startswith):
            for name, control in open_ones:
                if name and fits(name, label):
                    return control
        choices = [(name, one) for name, one in open_ones if self.sheet.group_of(one) == label]
        for fits in (str.__eq__, str.__contains__):
            for name, control in choices:
                if fits(name, str(value)):
                    return control
        raise AssertionError(f"no field {label!r} among {[name for name, _ in open_ones]}")


def _value(element: Element) -> str:
    if element.tag == "option":
        return element.attributes.get("value", element.text())
    return element.attributes.get("value", "on")
