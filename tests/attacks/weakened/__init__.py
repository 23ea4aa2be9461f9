"""Weakened graders: what each attack must first succeed against."""
