"""What a statement publishes, in one line."""

from functools import singledispatch

from sap.facts import values


@singledispatch
def published(value: object) -> str:
    """Return the value of a statement as a reader finds it in the paper; empty where it gives none."""
    raise TypeError(value)


@published.register
def _(value: values.Fraction) -> str:
    count = "" if value.numerator is None else str(value.numerator)
    if value.denominator is not None:
        count = f"{count}/{value.denominator}" if count else f"of {value.denominator}"
    percent = "" if value.percent is None else f"{value.percent}%"
    return _parts(f"{count} ({percent})" if count and percent else count or percent, _interval(value.interval, "%"))


@published.register
def _(value: values.Subjects) -> str:
    fraction = values.Fraction.model_construct(**{k: getattr(value, k) for k in values.Fraction.model_fields})
    return _parts(", ".join(value.subjects), published(fraction) if value.numerator is not None else "")


@published.register
def _(value: values.Median) -> str:
    return _parts(_with_range(f"median {value.median}", value), _interval(value.interval))


@published.register
def _(value: values.Mean) -> str:
    middle = f"mean {value.mean}{'' if value.sd is None else f' ± {value.sd}'}"
    return _parts(_with_range(middle, value), _interval(value.interval))


@published.register
def _(value: values.Range) -> str:
    return _unit(_range(value), value.unit)


@published.register
def _(value: values.Comparison) -> str:
    groups = " v ".join(f"{g.label} ({g.n})" if g.n is not None else g.label for g in value.groups)
    p = f"p = {value.p}" if value.p is not None else f"p < {value.p_less_than}" if value.p_less_than is not None else ""
    return _parts(p, groups, value.test, value.direction)


@published.register
def _(value: values.Endpoint) -> str:
    return f"{value.endpoint} ({value.rank})"


@published.register
def _(value: values.Stated) -> str:
    return "; ".join(f"{name}: {said}" for name, said in value.stated.items())


@published.register
def _(value: values.Subject) -> str:
    return _parts(value.subject, _stated(value))


@published.register
def _(value: values.Figure) -> str:
    return _parts(f"panel {value.panel}" if value.panel else "", ", ".join(value.subjects), _stated(value))


def _stated(value: values.Stated) -> str:
    return published(values.Stated(stated=value.stated))


def _parts(*texts: str) -> str:
    return "; ".join(t for t in texts if t)


def _interval(value: values.Interval | None, unit: str = "") -> str:
    if value is None:
        return ""
    method = f" ({value.method})" if value.method else ""
    return f"{value.level}% CI {value.low}{unit} to {value.high}{unit}{method}"


def _unit(text: str, unit: str) -> str:
    return f"{text}{'' if unit == '%' else ' '}{unit}" if unit and text else text


def _range(value: values.Range | values.Summary) -> str:
    if value.min is None:
        return "" if value.max is None else f"at most {value.max}"
    return f"at least {value.min}" if value.max is None else f"{value.min}–{value.max}"


def _with_range(middle: str, value: values.Summary) -> str:
    limits = _range(value)
    if value.unit == "%":
        return f"{middle}% ({limits}%)" if limits else f"{middle}%"
    return _unit(f"{middle} ({limits})" if limits else middle, value.unit)
