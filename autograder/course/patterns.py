"""What an author may write as a pattern of a lab's allow-list."""


def problem_with(pattern: str) -> str | None:
    """Return what is wrong with `pattern` as a lab's pattern, or None."""
    segments = pattern.split("/")
    if not pattern.strip():
        return "is empty; name files, such as 'autograd/*.py'"
    if "\\" in pattern:
        return "holds a backslash; separate folders with '/'"
    if pattern.startswith(("/", "~")) or ":" in segments[0]:
        return "is absolute; write it relative to the submission's folder"
    if ".." in segments:
        return "leaves the submission's folder; take the '..' out"
    if not all(segments) or "." in segments:
        return "has an empty segment or '.'; write it like 'autograd/*.py'"
    return None
