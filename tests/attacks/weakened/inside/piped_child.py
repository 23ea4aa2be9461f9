"""The student's half of a forked grader: answers on standard output."""

import json

import answer


def attempt(name, *arguments):
    try:
        return getattr(answer, name)(*arguments)
    except Exception:
        return None


print(json.dumps([attempt("total", [1.0, 2.0]), attempt("guess")]))
