"""What the vendor's compiler refuses in device code, and g++ takes."""

from labkit.npu.source import Program


def check(program: Program) -> None:
    """Raise BuildError with all that `program` must not use."""
