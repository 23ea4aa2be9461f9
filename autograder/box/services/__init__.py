"""Services a box may attach; each is one module with a function that serves one connection."""
