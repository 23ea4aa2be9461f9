TESTS = [lambda answer: None]
for test in TESTS:
    test.__name__ = "test_double"
