"""Boxes: walled places where student code runs. Files in, calls in, observations out."""
