"""``[assessment]`` of a course file: what a course's mark is made of."""

from autograder.course.table import Table, unique

_ASSESSMENT = ("bonus", "component")
_COMPONENT = ("id", "title", "weight", "part")
_PART = ("id", "title", "weight", "due")
_ROUNDING = 1e-9


def check_assessment(top: Table, assigned: float) -> None:
    """Check the table: components add up to 1, parts to their component.

    The component ``assignments`` (if any) must weigh what the assignments weigh: `assigned`.

    Raises:
        CourseError: they do not, or something is missing, unknown or of the wrong type.
    """
    table = top.table("assessment", _ASSESSMENT)
    if "bonus" in table:
        table.number("bonus", most=1)
    components = table.tables("component", _COMPONENT)
    unique(components, "component")
    _adds_up(table, components, 1.0, "components")
    for component in components:
        _check_component(component, assigned)


def _check_component(component: Table, assigned: float) -> None:
    component.text("title")
    weight = component.number("weight", most=1)
    if component.identifier("id") == "assignments" and abs(weight - assigned) > _ROUNDING:
        message = f"'assignments' weighs {weight:g}, but the assignments add up to {assigned:g}"
        raise component.error(f"{message}; change one", "weight")
    parts = component.tables("part", _PART)
    unique(parts, "part")
    if parts:
        _adds_up(component, parts, weight, "parts")
    for part in parts:
        part.identifier("id")
        part.text("title")
        if "due" in part:
            part.moment("due")


def _adds_up(owner: Table, tables: list[Table], wanted: float, what: str) -> None:
    total = sum(table.number("weight", most=1) for table in tables)
    if abs(total - wanted) > _ROUNDING:
        message = f"the {what} of {owner.name} add up to {total:g}; make it {wanted:g}"
        raise (tables[-1].error(message, "weight") if tables else owner.error(message))
