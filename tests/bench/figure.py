"""One measured figure beside its target."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measured value, and the bound it is held against."""

    name: str
    value: float
    bound: float
    unit: str
    at_least: bool = False  # the bound is a floor, not a ceiling

    @property
    def holds(self) -> bool:
        """Whether the value is within its bound."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    @property
    def shown(self) -> str:
        """The value with its unit."""
        return f"{self.value:.3g} {self.unit}"

    @property
    def target(self) -> str:
        """The bound with its unit."""
        return f"{'>=' if self.at_least else '<='} {self.bound:g} {self.unit}"
