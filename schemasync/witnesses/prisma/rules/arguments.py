"""The attributes of one holder and the arguments of one attribute: each used once, none left over."""

from collections.abc import Callable, Sequence

from schemasync.witnesses.prisma.meanings import SortOrder
from schemasync.witnesses.prisma.positions import Place
from schemasync.witnesses.prisma.rules.context import SORT_ORDERS, Context
from schemasync.witnesses.prisma.rules.holders import Holder
from schemasync.witnesses.prisma.rules.values import as_boolean, as_constant, as_string, written
from schemasync.witnesses.prisma.syntax import Argument, ArrayValue, Attribute, FunctionCall, Value


class Arguments:
    """The arguments of one attribute while they are read.

    Args:
        ctx: the run.
        holder: what carries the attribute.
        attribute: the attribute.
        sign: `@` or `@@`, for messages.
    """

    __slots__ = ("attribute", "ctx", "holder", "named", "sign", "usable")

    def __init__(self, ctx: Context, holder: Holder, attribute: Attribute, sign: str = "@") -> None:
        self.ctx, self.holder, self.attribute, self.sign = ctx, holder, attribute, sign
        self.named: dict[str | None, Argument] = {}
        self.usable = True
        listed = attribute.arguments
        if listed or attribute.trailing_comma >= 0:
            if id(attribute) not in ctx.complete:
                self._check()
            if len(listed) == 1:
                self.named[listed[0].name] = listed[0]
            else:
                self._collect()

    @property
    def title(self) -> str:
        """The attribute as written: `@@unique`."""
        return self.sign + self.attribute.name

    def _check(self) -> None:
        """Arguments without a value and trailing commas, in the attribute and in its functions."""
        attribute = self.attribute
        before = len(self.ctx.errors)
        self._check_list(attribute)
        for argument in attribute.arguments:
            if argument.value.__class__ is FunctionCall:
                self._check_list(argument.value)
        if len(self.ctx.errors) == before:
            self.ctx.complete.add(id(attribute))

    def _check_list(self, owner: Attribute | FunctionCall) -> None:
        for argument in owner.arguments:
            if argument.value is None:
                self._missing_value(argument)
                self.usable = False
            elif argument.value.__class__ is ArrayValue:
                for item in argument.value.items:
                    for inner in item.arguments if item.__class__ is FunctionCall else ():
                        if inner.value is None:
                            self._missing_value(inner)
        if (comma := owner.trailing_comma) >= 0:
            place = self.holder.place(self.attribute)
            place.start, place.end = self.holder.origin + comma, self.holder.origin + comma + 1
            self.ctx.error(place, f"A comma ends the arguments of {self.title}", "leave it out")

    def _missing_value(self, argument: Argument) -> None:
        self.ctx.error(self.holder.place(argument), f"The argument {argument.name} of {self.title} has no value")

    def _collect(self) -> None:
        unnamed: list[str] = []
        for argument in self.attribute.arguments:
            if argument.name in self.named:
                if argument.name is None:
                    unnamed = unnamed or [written(self.named[None].value)]
                    unnamed.append(written(argument.value))
                else:
                    self.ctx.error(self.holder.place(argument), f"The argument {argument.name} is given twice")
            self.named[argument.name] = argument
        if unnamed:
            hint = f"did you mean [{', '.join(unnamed)}]?"
            self.error(f"{self.title} takes one argument without a name", hint)

    def error(self, message: str, hint: str = "") -> None:
        """Report an error at the attribute."""
        self.ctx.error(self.place(), message, hint)

    def place(self) -> Place:
        """Where the attribute is."""
        return self.holder.place(self.attribute)

    def take_argument(self, name: str) -> Argument | None:
        """The argument of this name."""
        return self.named.pop(name, None)

    def take(self, name: str) -> Value | None:
        """The value of the argument of this name."""
        argument = self.named.pop(name, None)
        return argument.value if argument is not None else None

    def take_default(self, name: str, *, optional: bool = False) -> Value | None:
        """The value of the argument of this name, or of the one without a name; a missing one is reported."""
        unnamed = self.named.pop(None, None)
        argument = self.named.pop(name, None) if self.named else None
        if argument is not None and unnamed is not None:
            if not optional:
                place = self.holder.place(argument)
                self.ctx.error(place, f"The argument {name} is given twice, with its name and without")
            return None
        found = argument or unnamed
        if found is None and not optional:
            self.error(f"{self.title} lacks its argument {name}")
        return found.value if found is not None else None

    def take_string(self, name: str) -> str | None:
        """The argument of this name as a string that is not empty."""
        value = self.take(name)
        text = as_string(self.ctx, self.holder, value) if value is not None else None
        if text == "":
            self.error(f"The argument {name} must not be empty")
            return None
        return text

    def take_sort(self) -> SortOrder | None:
        """The argument `sort`."""
        value = self.take("sort")
        text = as_constant(self.ctx, self.holder, value) if value is not None else None
        if text is not None and text not in SORT_ORDERS:
            self.error(f"sort is Asc or Desc, not {text}")
        return SORT_ORDERS.get(text or "")

    def take_boolean(self, name: str) -> bool | None:
        """The argument of this name as a boolean."""
        value = self.take(name)
        return as_boolean(self.ctx, self.holder, value) if value is not None else None

    def finish(self) -> None:
        """Report what nobody took."""
        for argument in self.named.values():
            name = f" {argument.name}" if argument.name else " without a name"
            self.ctx.error(self.holder.place(argument), f"{self.title} takes no argument{name}")


Handler = Callable[[Arguments], None]


def visit(
    ctx: Context,
    holder: Holder,
    attributes: Sequence[Attribute],
    handlers: dict[str, Handler],
    *,
    native: Callable[[Attribute], None] | None = None,
) -> None:
    """Hand each attribute of a field or value to its handler, in the order of the handlers.

    Args:
        ctx: the run.
        holder: what carries the attributes.
        attributes: the attributes.
        handlers: by name; an attribute without a handler is unknown, one given twice is handled not at all.
        native: takes an attribute with a dot in its name, where native types are allowed.
    """
    if len(attributes) == 1:  # the usual case, without the bookkeeping
        names: Sequence[str] = (attributes[0].name,)
    else:
        order = list(handlers)
        attributes = sorted(attributes, key=lambda item: order.index(item.name) if item.name in handlers else -1)
        names = [attribute.name for attribute in attributes]
    seen_native = False
    for attribute in attributes:
        name = attribute.name
        if native is not None and "." in name:
            if seen_native:
                place = holder.place(attribute)
                ctx.error(place, f"A field has one native type, and @{name} is a second one")
            seen_native = True
            native(attribute)
        elif name not in handlers:
            ctx.error(holder.place(attribute), f"There is no attribute @{name} here")
        elif names.count(name) > 1:
            ctx.error(holder.place(attribute), f"The attribute @{name} is given more than once")
        else:
            arguments = Arguments(ctx, holder, attribute)
            if arguments.usable:
                handlers[name](arguments)


def finishing(handlers: dict[str, Handler]) -> dict[str, Handler]:
    """The same handlers, each of which reports leftover arguments at its end."""
    return {name: _finishing(handler) for name, handler in handlers.items()}


def _finishing(handler: Handler) -> Handler:
    def finish(arguments: Arguments) -> None:
        handler(arguments)
        arguments.finish()

    return finish
