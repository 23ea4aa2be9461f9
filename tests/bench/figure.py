"""One measured figure beside its target."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measured value, and the most it may be."""

    name: str
    value: float
    bound: float
    unit: str

    @property
    def holds(self) -> bool:
        """Whether the value is within its bound."""
        return self.value <= self.bound

    @property
    def shown(self) -> str:
        """The value with its unit."""
        return f"{self.value:.3g} {self.unit}"

    @property
    def target(self) -> str:
        """The bound with its unit."""
        return f"<= {self.bound:g} {self.unit}"
