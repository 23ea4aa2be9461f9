"""The terms of a judging: which lab as it is now, which secret, which wall, which device."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.box.base import SANDBOXES, sandbox
from autograder.course import find_course, load_course, load_lab
from autograder.course.secret import load_secret, seed_epoch
from autograder.errors import InfraError, UsageError
from autograder.model import Attempt, Course, Job, Lab, Needs, Result, Status
from autograder.plugins import suggest
from autograder.store import Store

AUTO = "auto"
_PREFERRED = ("namespace", "docker")
_DEVICES = ("virtual", "gpu", "npu")
_HOLD_DEVICES = ("docker", "none")  # sandboxes whose boxes can reach a real one


@dataclass(frozen=True)
class Terms:
    """Two results of one digest under equal terms say the same."""

    course: Course
    lab: Lab
    secret: bytes
    sandbox: str
    device: str
    image: str = ""  # of a container, by digest, where a judging is repeated

    @cached_property
    def seed_epoch(self) -> str:
        """The name of the secret."""
        return seed_epoch(self.secret)

    def job(self, digest: str, files: Mapping[str, bytes]) -> Job:
        """Return the job of judging `files`."""
        return Job(
            course=str(self.course.root),
            lab=self.lab.id,
            digest=digest,
            files=files,
            secret=self.secret,
            sandbox=self.sandbox,
            device=self.device,
            image=self.image,
        )

    def find(self, store: Store, digest: str) -> Result | None:
        """Return what the store says of `digest` under these terms; never a broken result."""
        return store.find_result(
            digest, self.lab.id, self.lab.digest, self.seed_epoch, self.sandbox, self.device
        )

    def rejected(self, attempt: Attempt) -> Result:
        """Return the result of an attempt that cannot be judged: no points, and why."""
        return Result(
            lab=self.lab.id,
            digest=attempt.digest,
            lab_digest=self.lab.digest,
            seed_epoch=self.seed_epoch,
            sandbox=self.sandbox,
            device=self.device,
            versions={},
            status=Status.REJECTED,
            reason=attempt.rejected,
            exercises=(),
        )

    def told(self) -> dict[str, str]:
        """Return the terms as the JSON documents tell them."""
        return {
            "lab_digest": self.lab.digest,
            "seed_epoch": self.seed_epoch,
            "sandbox": self.sandbox,
            "device": self.device,
        }


def agree(
    course: Path | None,
    lab: str,
    wall: str,
    device: str,
    *,
    create_secret: bool,
    image: str = "",
) -> Terms:
    """Return the terms that a command line asks for; `image` as in `Terms`.

    Raises:
        CourseError: no course, no such lab, or one that is wrong.
        InfraError: the wall, or its image, cannot be had on this machine.
        UsageError: no such sandbox or device, or they do not go together.
    """
    root = find_course(course)
    loaded = load_course(root)
    loaded_lab = load_lab(root, lab)
    chosen = choose_device(device, loaded_lab, wall)
    return Terms(
        course=loaded,
        lab=loaded_lab,
        sandbox=_with_image(wall, loaded_lab, image) if image else choose_sandbox(wall),
        device=chosen,
        image=image,
        secret=load_secret(loaded.id, create=create_secret),
    )


def choose_sandbox(name: str) -> str:
    """Return the wall to use.

    For `auto` the first that can be had of `_PREFERRED`: `user`, the weakest, and `none` are only
    used when they are asked for by name.

    Raises:
        InfraError: it cannot be had here; the message says what to do.
        UsageError: there is no such sandbox.
    """
    if name != AUTO and name not in SANDBOXES:
        raise UsageError(f"there is no sandbox {name!r}; {suggest(name, [AUTO, *SANDBOXES])}")
    missing = []
    for wall in _PREFERRED if name == AUTO else (name,):
        if (why := sandbox(wall).available()) is None:
            return wall
        missing.append(f"No {wall} sandbox can be had here: {why}")
    raise InfraError("\n".join([*missing, "See also: autograder doctor"]))


def _with_image(wall: str, lab: Lab, image: str) -> str:
    """Return `wall`, whose boxes can be made of this `image`. Raises InfraError if they cannot."""
    needs = Needs(lab.packages, probes=b"", image=image, compilers=lab.compilers)
    sandbox(wall).versions(needs)
    return wall


def choose_device(name: str, lab: Lab, wall: str) -> str:
    """Return the device to use: never a real one unless it is asked for by name.

    Raises:
        UsageError: no such device, nothing of `lab` runs on it, or boxes of `wall` cannot reach it.
    """
    chosen = "virtual" if name == AUTO else name
    if chosen not in _DEVICES:
        raise UsageError(f"there is no device {name!r}; {suggest(name, [AUTO, *_DEVICES])}")
    if chosen == "npu":
        raise UsageError("no lab of this course runs on an NPU yet: leave --device out")
    if chosen == "gpu" and all(exercise.device != "gpu" for exercise in lab.exercises):
        raise UsageError(f"no exercise of {lab.id} runs on a GPU: leave --device out")
    if chosen == "gpu" and wall not in _HOLD_DEVICES:
        raise UsageError(
            f"--device gpu with --sandbox {wall}: its boxes cannot reach a GPU; "
            "add --sandbox docker, or none for your own code"
        )
    return chosen


def refuse_strangers(terms: Terms, paths: Sequence[Path], *, trusted: bool) -> None:
    """Refuse to run other people's code without a wall: what lies outside the course is theirs.

    Raises:
        InfraError: sandbox none would run it, and nobody vouched for it.
    """
    root = terms.course.root.resolve()
    for path in paths:
        if not path.resolve().is_relative_to(root):
            refuse_unwalled(terms.sandbox, f"{path} (outside the course)", trusted=trusted)


def refuse_unwalled(sandbox: str, whose: str, *, trusted: bool) -> None:
    """Raise InfraError if `sandbox` is none and nobody vouched for the code that it would run."""
    if sandbox == "none" and not trusted:
        raise InfraError(
            f"{whose}: sandbox none would run this without a wall, with all your rights.\n"
            "If you trust its author as yourself, add --trusted; else use a sandbox "
            "(autograder doctor says which can be had)."
        )
