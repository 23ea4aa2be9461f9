"""`make bench`: every figure the project promises, measured in one run on this machine."""
