"""Attacks on the grader: each succeeds against a weakened one, and fails against the real one."""
